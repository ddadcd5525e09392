/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Ascending values cut where one is not the successor of the one before. */
export function runsOf(values: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs;
}

/** Ascending values in words, three or more neighbours as `first to last`. */
export function runWords(values: readonly number[], show: (value: number) => string): string {
  const words = runsOf(values).flatMap((run) => {
    const [first = 0, last = 0] = [run[0], run.at(-1)];
    return run.length < 3 ? run.map(show) : [`${show(first)} to ${show(last)}`];
  });
  return joined(words);
}

/** The step of values that divide `whole` evenly from 0 on, such as 0, 15, 30, 45 of 60; undefined for others. */
export function evenStep(values: readonly number[], whole: number): number | undefined {
  const step = whole / values.length;
  return values.every((value, index) => value === index * step) ? step : undefined;
}
