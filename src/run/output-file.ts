import type { Clock } from '../clock.ts';
import type { OutputPolicy } from '../job/job.ts';
import { RotatedFile } from './rotated-file.ts';

const newline = 0x0a;
/** Bytes of a line that may wait for their end. */
const longestWait = 64 * 1024;
/** Milliseconds for which they do: who follows the file sees dots on a line without an end as well. */
const unfinishedFor = 1_000;

/**
 * All that a run's task writes, both streams in the order in which they came, appended to a file as it comes. Whole lines
 * are written at once, so that the lines of two runs are not torn by each other; a line without its end waits for it a
 * second. The file is made by the first byte.
 *
 * The task comes first: when the file cannot be written there is one sentence about it, and nothing more is written.
 */
export class OutputFile {
  readonly #path: string;
  readonly #file: RotatedFile;
  readonly #clock: Clock;
  readonly #tell: (trouble: string) => void;
  readonly #over = new AbortController();
  #held: Buffer | undefined;
  #length = 0;
  #waits = false;
  #wrote = false;
  #toldOfRotation = false;

  /** @param tell Takes the sentence, and once another one where the file cannot make way for a new one and just grows. */
  constructor(policy: Pick<OutputPolicy, 'file' | 'rotate'>, clock: Clock, tell: (trouble: string) => void) {
    this.#path = policy.file;
    this.#file = new RotatedFile(policy);
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Takes what a stream wrote; the bytes may be reused after the call. */
  append(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(newline) + 1;
    if (end > 0) this.#write(bytes.subarray(0, end));
    this.#hold(bytes.subarray(end));
  }

  /** Nothing follows. */
  close(): void {
    this.#flush();
    this.#stop();
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#over.signal.aborted) return;
    if (this.#length + bytes.length > longestWait) {
      this.#write(bytes);
      return;
    }
    this.#held ??= Buffer.allocUnsafeSlow(longestWait);
    this.#held.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#waits) return;
    this.#waits = true;
    const flush = (): void => {
      this.#waits = false;
      this.#flush();
    };
    this.#clock.sleep(unfinishedFor, this.#over.signal).then(flush, () => undefined);
  }

  #flush(): void {
    if (this.#length > 0) this.#write(new Uint8Array());
  }

  /** Writes what is held, and `bytes` behind it. */
  #write(bytes: Uint8Array): void {
    if (this.#over.signal.aborted) return;
    const held = this.#held?.subarray(0, this.#length) ?? new Uint8Array();
    this.#length = 0;
    const trouble = this.#file.write(held.length === 0 ? bytes : Buffer.concat([held, bytes]));
    if (trouble?.kind === 'stopped') this.#stopFor(trouble.why);
    else if (trouble !== undefined) this.#tellOfRotation(trouble.why);
    this.#wrote = true;
  }

  #stopFor(why: string): void {
    this.#stop();
    const what = this.#wrote ? 'the rest of the output' : 'the output';
    this.#tell(`${what} was not written to ${this.#path}: ${why}`);
  }

  #tellOfRotation(why: string): void {
    if (this.#toldOfRotation) return;
    this.#toldOfRotation = true;
    this.#tell(`the output file ${this.#path} could not be rotated and grows beyond its size: ${why}`);
  }

  #stop(): void {
    this.#over.abort();
    this.#file.close();
  }
}
