/** Whether a byte goes on a character that began before it: it has the form 10xxxxxx (RFC 3629). */
function continues(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** How many bytes the character takes that begins with this one; 1 where no longer character begins so. */
function lengthFrom(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** Where bytes are cut so that no character is: `end`, or up to three bytes before it. */
export function characterEnd(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= Math.min(3, end); back++) {
    const byte = bytes[end - back] ?? 0;
    if (!continues(byte)) return lengthFrom(byte) > back ? end - back : end;
  }
  return end;
}

/** Where the next character begins: `start`, or up to three bytes after it. */
export function characterStart(bytes: Uint8Array, start: number): number {
  for (let next = start; next <= start + 3; next++) if (!continues(bytes[next])) return next;
  return start;
}

/** The text of bytes; what is no UTF-8 becomes U+FFFD. */
export function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
