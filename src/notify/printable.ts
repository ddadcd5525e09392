/**
 * Characters that a terminal or a mail reader obeys instead of showing: controls, the marks that reverse or hide text,
 * line ends other than a newline, halves of characters. The joiners U+200C and U+200D stay, words are written with them.
 * A function, because to make a pattern of classes of Unicode takes a run that tells of nothing half a millisecond.
 */
const obeyed = () => /(?![\n\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Sequences that only paint or erase to the end of the line (ECMA-48, SGR and EL). */
const paint = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;:]*[mK]`, 'g');

const tab = '    ';

/**
 * A text that is safe to show anywhere: colours removed, a carriage return as a line end, any other control character in
 * the caret notation of cat(1), as `^[`, other invisible marks as `<U+202E>`. Newlines are its only line ends.
 */
export function printable(text: string): string {
  const lines = text
    .replace(paint, '')
    .replaceAll('\t', tab)
    .split(/\r\n|\n|\r/);
  return lines.map((line) => line.replace(obeyed(), name).trimEnd()).join('\n');
}

/** The same on one line: fit for a subject, and for a sentence of a report. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** How many bytes of a task's output a report holds. */
const tailBytes = 16 * 1024;

/**
 * The end of a task's output as a safe text. What is no UTF-8 becomes U+FFFD. Where something is left out before it, it
 * begins with a whole line, or with a whole character where one line is longer than the tail.
 */
export function printableTail(output: Uint8Array, limit: number = tailBytes): string {
  const whole = output.length <= limit;
  const text = new TextDecoder().decode(whole ? output : fromCharacter(output.subarray(-limit)));
  const lineEnd = whole ? -1 : text.indexOf('\n');
  return printable(text.slice(lineEnd + 1)).replace(/\n+$/, '');
}

/** Skips the rest of a character that was cut: up to three bytes of the form 10xxxxxx (RFC 3629). */
function fromCharacter(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start);
}

function name(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
