import type { Job, JobId, Moved } from '../job/job.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { describe } from '../schedule/words/words.ts';
import { timeOf } from './line.ts';

/** A job with its table lines. */
export interface RenderedJob {
  readonly job: Job;
  readonly lines: readonly string[];
}

/** The parts of a job that a person can change, by their keys in the jobs file. */
export const jobFields = {
  description: 'description',
  owner: 'owner',
  schedule: 'schedule',
  command: 'command',
  cwd: 'cwd',
  env: 'env',
  envFiles: 'env-file',
  timeout: 'timeout',
  grace: 'grace',
  retry: 'retry',
  notify: 'notify',
  user: 'user',
  umask: 'umask',
  nice: 'nice',
  stdin: 'stdin',
  overlap: 'overlap',
  waitUpTo: 'wait-up-to',
  successExit: 'success-exit',
  failWhen: 'fail-when',
  output: 'output',
  labels: 'labels',
  timezone: 'timezone',
  dst: 'dst',
  jitter: 'jitter',
  start: 'start',
  end: 'end',
  except: 'except',
  missed: 'missed',
  startDeadline: 'start-deadline',
  lateAfter: 'late-after',
  warnAfter: 'warn-after',
} as const satisfies Record<Exclude<keyof Job, 'id' | 'project' | 'name'>, string>;

export type JobField = (typeof jobFields)[keyof typeof jobFields];

/** `lines`: the job is as it was, and is to be started otherwise, for the zone of the host or the zone data has changed. */
export type ChangedPart = JobField | 'lines';

/** One side of a change. Values of `env` are as written: `${NAME}` is not resolved. */
export interface JobState {
  readonly lines: readonly string[];
  /** When it runs, in words. */
  readonly words: string;
  readonly spec: Job;
}

/** What happens to one job. */
export interface JobChange {
  readonly job: JobId;
  /** Null for a job that is added. */
  readonly before: JobState | null;
  /** Null for a job that is removed. */
  readonly after: JobState | null;
  /** Which parts differ, in the order of {@link jobFields}; empty for a job that is added or removed. */
  readonly fields: readonly ChangedPart[];
}

/** What becomes of the jobs of a project. */
export interface JobChanges {
  readonly add: readonly JobChange[];
  readonly change: readonly JobChange[];
  readonly remove: readonly JobChange[];
  readonly unchanged: readonly JobId[];
}

/**
 * Compares the jobs that are wanted with those that are installed.
 * @param moved installed jobs that go on under another name: they are no removals, nor is what they become an addition.
 */
export function compareJobs(
  wanted: readonly RenderedJob[],
  installed: readonly RenderedJob[],
  moved: readonly Moved[],
): JobChanges {
  const names = new Map(moved.map(({ from, to }) => [from, to]));
  const before = new Map(installed.map((one) => [names.get(one.job.id) ?? one.job.id, one]));
  const after = new Set(wanted.map(({ job }) => job.id));
  const add: JobChange[] = [];
  const change: JobChange[] = [];
  const unchanged: JobId[] = [];
  for (const one of wanted) {
    const old = before.get(one.job.id);
    if (old === undefined) {
      add.push({ job: one.job.id, before: null, after: state(one), fields: [] });
      continue;
    }
    const fields = changedParts(old, one);
    if (fields.length === 0) unchanged.push(one.job.id);
    else change.push({ job: one.job.id, before: state(old), after: state(one), fields });
  }
  const gone = [...before].filter(([id]) => !after.has(id));
  const remove = gone.map(([job, old]): JobChange => ({ job, before: state(old), after: null, fields: [] }));
  return { add, change, remove, unchanged };
}

function state({ job, lines }: RenderedJob): JobState {
  return { lines, words: describe(schedulesOf(job)), spec: job };
}

/** Lines that follow from another change, or differ in what they start alone, are no change of their own. */
function changedParts(old: RenderedJob, one: RenderedJob): readonly ChangedPart[] {
  const fields = changedFields(old.job, one.job);
  const sameTimes = old.lines.map(timeOf).join('\n') === one.lines.map(timeOf).join('\n');
  return fields.length > 0 || sameTimes ? fields : ['lines'];
}

/** The comparison is that of the registry: as JSON, in which the order of `env:` counts. */
function changedFields(before: Job, after: Job): readonly JobField[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const keys = Object.keys(jobFields) as (keyof typeof jobFields)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => jobFields[key]);
}
