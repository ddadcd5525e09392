import type { Job, JobId, JobName } from '../job/job.ts';
import { blockLines, readTableText, type TableText, tableBytes, withBlock } from './block.ts';
import { type Drift, drifts } from './drift.ts';
import { countForeignEntries } from './foreign.ts';
import { timeOf } from './line.ts';

/** A job with its table lines. */
export interface RenderedJob {
  readonly job: Job;
  readonly lines: readonly string[];
}

/** What a plan is made from. */
export interface PlanInput {
  /** The table's label. */
  readonly target: string;
  readonly project: JobName;
  readonly wanted: readonly RenderedJob[];
  /** What the registry has, with the lines that were written. */
  readonly installed: readonly RenderedJob[];
  /** Numbers of the revision that is installed, undefined before the first, and of the one that a change would make. */
  readonly revision: { readonly current: number | undefined; readonly next: number };
  /** What of the project differs besides its jobs, such as `mail`. */
  readonly settings: readonly string[];
  readonly table: Buffer;
  readonly tick: string;
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

/** What `sync` would do; `plan --json` shows it as it is. */
export interface Plan {
  readonly target: string;
  /** The revision that is in force afterwards: a new one, or the current one where the registry stays as it is. */
  readonly revision: number;
  readonly add: readonly JobChange[];
  readonly change: readonly JobChange[];
  readonly remove: readonly JobChange[];
  readonly unchanged: readonly JobId[];
  /** What of the project differs besides its jobs: `mail`, `env-file`, `file`, `launcher`, `target`, `host-zone`. */
  readonly settings: readonly string[];
  /** In what the table is not as installed; sync mends it. */
  readonly drift: readonly Drift[];
  /** How many entries of the table are somebody else's. */
  readonly unmanaged: number;
}

/** A plan, and what comes of it. */
export interface Planned {
  readonly plan: Plan;
  /** Whether sync would change anything, in the registry or in the table. */
  readonly changes: boolean;
  readonly nextTable: Buffer;
}

/**
 * Works out what `sync` would do, without doing anything.
 * @throws UserError when the markers in the table are damaged.
 */
export function planSync(input: PlanInput): Planned {
  const { target, wanted, installed, revision, table } = input;
  const text = readTableText(table);
  const jobs = compareJobs(wanted, installed);
  const edits = jobs.add.length + jobs.change.length + jobs.remove.length > 0;
  const newRevision = edits || input.settings.length > 0 || revision.current === undefined;
  const nextTable = tableBytes(nextText(text, input));
  const plan: Plan = {
    target,
    revision: newRevision ? revision.next : (revision.current ?? revision.next),
    ...jobs,
    settings: input.settings,
    drift: tableDrift(text, input),
    unmanaged: countForeignEntries(text),
  };
  return { plan, changes: newRevision || !nextTable.equals(table), nextTable };
}

function compareJobs(wanted: readonly RenderedJob[], installed: readonly RenderedJob[]) {
  const before = new Map(installed.map((one) => [one.job.id, one]));
  const after = new Set(wanted.map(({ job }) => job.id));
  const add: JobChange[] = [];
  const change: JobChange[] = [];
  const unchanged: JobId[] = [];
  for (const one of wanted) {
    const old = before.get(one.job.id);
    const fields = old === undefined ? [] : changedParts(old, one);
    const entry = { job: one.job.id, before: old ? state(old) : null, after: state(one), fields };
    if (old === undefined) add.push(entry);
    else if (fields.length > 0) change.push(entry);
    else unchanged.push(one.job.id);
  }
  const gone = installed.filter(({ job }) => !after.has(job.id));
  const remove = gone.map((old): JobChange => ({ job: old.job.id, before: state(old), after: null, fields: [] }));
  return { add, change, remove, unchanged };
}

function state({ job, lines }: RenderedJob): JobState {
  return { lines, spec: job };
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

function nextText(text: TableText, { project, wanted, tick }: PlanInput): TableText {
  const lines = wanted.flatMap((one) => one.lines);
  const withProject = settled(text, project, lines);
  const needed = withProject.blocks.some(({ owner }) => owner !== undefined);
  return settled(withProject, undefined, needed ? [tick] : []);
}

/** Leaves a block alone that has the right lines in another order. */
function settled(text: TableText, owner: JobName | undefined, lines: readonly string[]): TableText {
  const found = blockLines(text, owner);
  const right = found !== undefined && lines.length > 0 && drifts(lines, found).length === 0;
  return right ? text : withBlock(text, owner, lines);
}

/** The tick's block is shared, so that it is expected as soon as any project is installed. */
function tableDrift(text: TableText, { project, installed, tick }: PlanInput): readonly Drift[] {
  const lines = installed.flatMap((one) => one.lines);
  const ofProject = drifts(lines, blockLines(text, project) ?? []);
  const found = blockLines(text, undefined) ?? [];
  return lines.length > 0 ? [...ofProject, ...drifts([tick], found)] : ofProject;
}
