/** Numbers that look random and are the same again for the same seed (the generator is mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 up to `limit`. */
  below(limit: number): number {
    return this.next() * limit;
  }

  /** True in that share of the cases. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(this.below(values.length))] as T;
  }
}

/** The seed that FAULTS_SEED gives, to repeat a campaign; another one each time where it gives none. */
export function givenSeed(): number {
  return Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
}
