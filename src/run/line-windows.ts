import { characterEnd, characterStart } from './utf8.ts';

/** A line without its newline, or a part of one that is too long. The bytes are lent for the call. */
export interface LineWindow {
  readonly bytes: Uint8Array;
  /** Whether the line begins here. */
  readonly first: boolean;
  /** Whether it ends here. */
  readonly last: boolean;
}

const newline = 0x0a;

/**
 * Cuts bytes that come in pieces into lines, in memory of one window. A line longer than a window comes as several: each
 * begins with the second half of the one before, and no character is cut by them.
 */
export class LineWindows {
  readonly #size: number;
  #held: Buffer | undefined;
  #length = 0;
  #first = true;

  /** @param size Bytes of the longest line that comes as a whole; 8 or more. */
  constructor(size: number) {
    this.#size = size;
  }

  push(bytes: Uint8Array, take: (window: LineWindow) => void): void {
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      this.#line(bytes.subarray(from, end), take);
      from = end + 1;
    }
    this.#hold(bytes.subarray(from), take);
  }

  /** Nothing follows: what came behind the last newline is a line too. */
  end(take: (window: LineWindow) => void): void {
    if (this.#length > 0) this.#finish(take);
  }

  #line(rest: Uint8Array, take: (window: LineWindow) => void): void {
    if (this.#length === 0 && rest.length <= this.#size) {
      take({ bytes: rest, first: true, last: true });
      return;
    }
    this.#hold(rest, take);
    this.#finish(take);
  }

  #hold(bytes: Uint8Array, take: (window: LineWindow) => void): void {
    for (let rest = bytes; rest.length > 0; ) {
      this.#held ??= Buffer.allocUnsafeSlow(this.#size);
      if (this.#length === this.#size) this.#slide(this.#held, take);
      const fitting = rest.subarray(0, this.#size - this.#length);
      this.#held.set(fitting, this.#length);
      this.#length += fitting.length;
      rest = rest.subarray(fitting.length);
    }
  }

  #slide(held: Buffer, take: (window: LineWindow) => void): void {
    take({ bytes: held.subarray(0, characterEnd(held, this.#size)), first: this.#first, last: false });
    const start = characterStart(held, Math.floor(this.#size / 2));
    held.copyWithin(0, start);
    this.#length -= start;
    this.#first = false;
  }

  #finish(take: (window: LineWindow) => void): void {
    const bytes = this.#held?.subarray(0, this.#length) ?? new Uint8Array();
    take({ bytes, first: this.#first, last: true });
    this.#length = 0;
    this.#first = true;
  }
}
