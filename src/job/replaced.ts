import type { JobId, JobName, Moved, Replaced } from './job.ts';
import type { IncludedFile, JobEntry, JobsFile } from './shape.ts';

/** What `moved:` says, by full names. */
export function movedJobs(project: JobName, moved: JobsFile['moved'] = {}): readonly Moved[] {
  return Object.entries(moved).map(([from, to]) => ({ from: fullName(project, from), to: fullName(project, to) }));
}

/** What the jobs of a file say under `replaces:`. */
export function replacedLines(project: JobName, { jobs = {} }: Pick<IncludedFile, 'jobs'>): readonly Replaced[] {
  return Object.entries(jobs).flatMap(([name, { replaces }]) =>
    entries(replaces).map((entry) => {
      const { table, line } = typeof entry === 'string' ? { table: '', line: entry } : entry;
      return { job: fullName(project, name), table, lines: line.replace(/\n+$/, '').split('\n') };
    }),
  );
}

type Entry = Exclude<JobEntry['replaces'], readonly unknown[] | undefined>;

function entries(replaces: JobEntry['replaces']): readonly Entry[] {
  if (replaces === undefined) return [];
  return Array.isArray(replaces) ? replaces : [replaces as Entry];
}

function fullName(project: JobName, name: string): JobId {
  return `${project}/${name}` as JobId;
}
