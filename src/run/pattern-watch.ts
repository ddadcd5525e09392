import type { Pattern } from '../job/pattern.ts';
import { type LineWindow, LineWindows } from './line-windows.ts';
import { type Stream, streams } from './stream.ts';
import { textOf } from './utf8.ts';

/** Bytes of the longest line that a pattern sees as a whole. */
const longestLine = 64 * 1024;
const carriageReturn = 0x0d;

/**
 * Looks for a pattern in the output of an attempt, line by line and in each stream by itself, until it was found once.
 * A line is matched without its end, `\n` or `\r\n`. One longer than 64 KiB is matched as several that overlap by half:
 * a match of up to 32 KiB is found, and `^` and `$` may also match where the line was cut.
 */
export class PatternWatch {
  readonly #pattern: Pattern;
  readonly #lines: Readonly<Record<Stream, LineWindows>>;
  #found = false;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
    this.#lines = { stdout: new LineWindows(longestLine), stderr: new LineWindows(longestLine) };
  }

  /** Takes what a stream wrote; the bytes may be reused after the call. */
  push(stream: Stream, bytes: Uint8Array): void {
    if (!this.#found) this.#lines[stream].push(bytes, this.#look);
  }

  /** Whether the output matched, once all of it came. */
  end(): boolean {
    for (const stream of streams) this.#lines[stream].end(this.#look);
    return this.#found;
  }

  readonly #look = ({ bytes, last }: LineWindow): void => {
    this.#found ||= this.#pattern.matches(textOf(last ? withoutReturn(bytes) : bytes));
  };
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
