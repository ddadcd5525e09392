import type { Breach } from './breach.ts';
import type { Defaults, IncludedFile, JobsFile } from './shape.ts';
import type { Path } from './tree.ts';

/** A well-formed file: the jobs file itself, or one that it includes. */
export type FileData = Partial<JobsFile & IncludedFile>;

/**
 * What no shape can say: each rule reads one well-formed file and returns what breaks it.
 * @param outer the defaults of the file that includes this one; empty for the jobs file itself.
 */
export type Rule = (file: FileData, outer: Defaults) => readonly Breach[];

/** What is said at one place of a file: of all its jobs under `defaults:`, or of one. */
export interface Saying {
  readonly path: Path;
  readonly said: Defaults;
}

export function sayings({ defaults, jobs }: FileData): readonly Saying[] {
  const each = Object.entries(jobs ?? {}).map(([name, said]): Saying => ({ path: ['jobs', name], said }));
  return defaults === undefined ? each : [{ path: ['defaults'], said: defaults }, ...each];
}
