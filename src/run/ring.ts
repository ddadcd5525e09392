/** The last `capacity` bytes of a sequence, in memory that is taken once and never grows. */
export class Ring {
  readonly capacity: number;
  #memory: Buffer | undefined;
  #end = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** How many bytes were ever appended: the position of the next one. */
  get end(): number {
    return this.#end;
  }

  /** Appends at most `capacity` bytes over the oldest ones. */
  append(bytes: Uint8Array): void {
    // Most tasks write nothing to standard error: its memory is taken when it does.
    this.#memory ??= Buffer.allocUnsafeSlow(this.capacity);
    const at = this.#end % this.capacity;
    const fitting = bytes.subarray(0, this.capacity - at);
    this.#memory.set(fitting, at);
    this.#memory.set(bytes.subarray(fitting.length), 0);
    this.#end += bytes.length;
  }

  /** A copy of `length` bytes from a position that is still held, in memory of its own: no pool stays alive for it. */
  copy(position: number, length: number): Buffer {
    const copy = Buffer.allocUnsafeSlow(length);
    if (this.#memory === undefined) return copy;
    const at = position % this.capacity;
    const copied = this.#memory.copy(copy, 0, at, Math.min(at + length, this.capacity));
    this.#memory.copy(copy, copied, 0, length - copied);
    return copy;
  }
}
