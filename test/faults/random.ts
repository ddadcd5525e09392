/** Chance that a seed repeats. */
export interface Random {
  /** A whole number from 0 up to `limit`. */
  below(limit: number): number;
  chance(share: number): boolean;
  oneOf<T>(choices: readonly T[]): T;
}

/** The generator mulberry32: short, and even enough for tests. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    oneOf<T>(choices: readonly T[]) {
      const choice = choices[Math.floor(next() * choices.length)];
      if (choice === undefined) throw new Error('there is nothing to choose from');
      return choice;
    },
  };
}
