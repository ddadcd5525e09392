import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type Argv = readonly string[];

/** What is measured under a name. */
export interface Subject {
  /** One entry for each turn: the programs to start, all of which must end with 0. */
  readonly samples: readonly (readonly Argv[])[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs before each sample and is not measured. */
  readonly before?: Argv;
  /** Seconds over which the programs of one sample are started. */
  readonly over?: number;
}

/** What the programs of one sample used, and all the processes they waited for. */
export interface Usage {
  /** Seconds of processor time, user and system. */
  readonly cpu: number;
  /** Bytes of the largest resident set that any one of them had. */
  readonly peak: number;
  /** Seconds from the first start to the last end. */
  readonly wall: number;
}

/** The reason why a row has no number. */
export class CannotMeasure extends Error {}

/** Debian's own first: a version manager in front of python3 is a shell script whose cost would be counted. */
const pythons = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3'];

/** Measures the subjects in turns. The first sample of each fills the caches and is dropped. */
export function measure<Name extends string>(subjects: Readonly<Record<Name, Subject>>): Record<Name, Usage[]> {
  const python = pythons.find((path) => existsSync(path));
  if (python === undefined) throw new CannotMeasure('python3 is not here, which asks the system what a child used');
  const plan = {
    warmup: 1,
    subjects: Object.entries<Subject>(subjects).map(([name, { samples, env, before, over }]) => ({
      name,
      samples,
      env: env ?? { PATH: '/usr/bin:/bin' },
      before: before ?? null,
      over: over ?? 0,
    })),
  };
  const { status, stdout, stderr, error } = spawnSync(python, [join(import.meta.dirname, 'measure.py')], {
    input: JSON.stringify(plan),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new CannotMeasure(error?.message ?? stderr.trim());
  return JSON.parse(stdout) as Record<Name, Usage[]>;
}

/** The same program in every turn. */
export function repeat(argv: Argv, rounds: number): Subject['samples'] {
  return Array.from({ length: rounds + 1 }, () => [argv]);
}

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const [lower, upper] = [Math.ceil(ascending.length / 2) - 1, Math.floor(ascending.length / 2)].map(
    (n) => ascending[n],
  );
  if (lower === undefined || upper === undefined) throw new CannotMeasure('nothing was measured');
  return (lower + upper) / 2;
}

export function medianOf(usages: readonly Usage[], of: keyof Usage): number {
  return median(usages.map((usage) => usage[of]));
}

/** How many times more one used than the other, turn by turn, so that a slow moment counts for both. */
export function ratio(of: keyof Usage, some: readonly Usage[], base: readonly Usage[]): number {
  const pairs = Math.min(some.length, base.length);
  return median(some.slice(0, pairs).map((usage, turn) => usage[of] / (base[turn]?.[of] ?? Number.NaN)));
}
