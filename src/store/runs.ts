import type { JobId } from '../job/job.ts';
import type { Store } from './store.ts';

export const runStates = [
  'waiting',
  'running',
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'interrupted',
  'skipped',
  'missed',
] as const;
/** `waiting` is recorded and not begun: another run of the job has to end first, or its start is put off. */
export type RunState = (typeof runStates)[number];

export const triggers = ['schedule', 'boot', 'manual', 'retry', 'catch-up'] as const;
export type Trigger = (typeof triggers)[number];

/** The process that holds a run: alive only while all three match a live one. */
export interface Holder {
  readonly pid: number;
  /** The machine's boot id, empty where the system has none. */
  readonly boot: string;
  /** The process's start time in the kernel's ticks since boot; 0 where the system does not tell. */
  readonly born: number;
}

/** When a run's next attempt is due, in UTC milliseconds, and its number. */
export interface Retry {
  readonly at: number;
  readonly attempt: number;
}

/** How a run ended. */
export interface Closing {
  readonly run: string;
  readonly state: Exclude<RunState, OpenState>;
  readonly at: number;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** How it ended in words; for a cancelled run, who asked for it is put in its place. */
  readonly reason?: string | undefined;
  /** Milliseconds of processor time and bytes of memory, of the whole tree; null where nobody could tell. */
  readonly cpuMs?: number | null;
  readonly peakMemory?: number | null;
  /** The attempt that another run is to make, where this one was cut short. */
  readonly retry?: Retry | undefined;
}

/** A run as remembered. Times are UTC milliseconds. */
export interface Run {
  readonly run: string;
  readonly job: JobId;
  readonly revision: number;
  readonly slot: number | null;
  readonly trigger: Trigger;
  readonly state: RunState;
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly cpuMs: number | null;
  readonly peakMemory: number | null;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Who asked for its end, in words. */
  readonly cancelBy: string | null;
  /** When its next attempt is due, and that attempt's number: both null where none is to come. */
  readonly retryAt: number | null;
  readonly retryAttempt: number | null;
  /** The run whose attempts this one goes on with. */
  readonly continues: string | null;
  /** What the task said of itself, 0 to 1. */
  readonly progress: number | null;
  /** Of a stretch of slots that is recorded as one, the first, and how many; null and 1 for every other run. */
  readonly firstSlot: number | null;
  readonly slots: number;
}

/** A run that waits or goes on, with the processes that hold it. */
export interface OpenRun extends Run, Holder {
  readonly state: OpenState;
  /** The direct child of the current attempt, and its start as in Holder; null where there is none yet. */
  readonly taskPid: number | null;
  readonly taskBorn: number | null;
}

interface AttemptClosing {
  readonly number: number;
  readonly at: number;
  readonly end: string;
}

export interface Attempt {
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** How it ended in words; null while it goes on. */
  readonly end: string | null;
}

type OpenState = Extract<RunState, 'waiting' | 'running'>;

/** The condition of the index that open runs are found by. */
const open = "state IN ('waiting', 'running')";

const columns = `id AS run, job, revision, slot, trigger, state, attempts, started_at AS startedAt, ended_at AS endedAt,
  exit_code AS exitCode, signal, reason, cpu_ms AS cpuMs, peak_memory AS peakMemory, stdout_bytes AS stdoutBytes,
  stderr_bytes AS stderrBytes, cancel_by AS cancelBy, retry_at AS retryAt, retry_attempt AS retryAttempt, continues,
  progress, first_slot AS firstSlot, slots`;
const openColumns = `${columns}, pid, boot, born, task_pid AS taskPid, task_born AS taskBorn`;

/** The run that a slot of a job has already. One that was missed has none. */
export function runOfSlot({ db }: Store, job: JobId, slot: number): string | undefined {
  const sql = "SELECT id FROM run WHERE job = ? AND slot = ? AND state <> 'missed'";
  return db.get<{ id: string }>(sql, job, slot)?.id;
}

/** Who stands for a slot: a run, or what was recorded as missed. */
export function holderOfSlot({ db }: Store, job: JobId, slot: number): Pick<Run, 'run' | 'state'> | undefined {
  return db.get<Pick<Run, 'run' | 'state'>>('SELECT id AS run, state FROM run WHERE job = ? AND slot = ?', job, slot);
}

/** Whether a run has its permit and waits for a time of its own, its first attempt: not for its turn. */
export function isPutOff({ state, retryAt }: Pick<Run, 'state' | 'retryAt'>): boolean {
  return state === 'waiting' && retryAt !== null;
}

/** Records that an attempt begins; the one that was to come has come. */
export function openAttempt({ db }: Store, run: string, number: number, at: number): void {
  const begin = `UPDATE run SET attempts = ?, task_pid = NULL, task_born = NULL, retry_at = NULL, retry_attempt = NULL
    WHERE id = ?`;
  db.write(
    () => {
      db.run('INSERT OR REPLACE INTO attempt (run, number, started_at) VALUES (?, ?, ?)', run, number, at);
      db.run(begin, number, run);
    },
    { durability: 'normal' },
  );
}

/** Records an attempt's end, in words. */
export function closeAttempt({ db }: Store, run: string, { number, at, end }: AttemptClosing): void {
  const sql = 'UPDATE attempt SET ended_at = ?, end = ? WHERE run = ? AND number = ?';
  db.write(() => db.run(sql, at, end, run, number), { durability: 'normal' });
}

/** Records a run's end, once: a run that is closed already stays as it is. Returns whether this call closed it. */
export function closeRun({ db }: Store, closing: Closing): boolean {
  const { run, state, at, exitCode, signal, reason, cpuMs, peakMemory, retry } = closing;
  const words = state === 'cancelled' ? "coalesce('was cancelled by ' || cancel_by, ?)" : '?';
  const sql = `UPDATE run SET state = ?, ended_at = ?, exit_code = ?, signal = ?, reason = ${words}, cpu_ms = ?,
    peak_memory = ?, retry_at = ?, retry_attempt = ? WHERE id = ? AND ${open}`;
  const end = [state, at, exitCode ?? null, signal ?? null, reason ?? null];
  const rest = [cpuMs ?? null, peakMemory ?? null, retry?.at ?? null, retry?.attempt ?? null];
  return db.write(() => db.run(sql, ...end, ...rest, run)) === 1;
}

/**
 * Notes who wants a run to end, in words that follow "was cancelled by"; who asked first stays. Ending it is for the
 * wrapper, which is told by a signal.
 * @returns false where it has ended already.
 */
export function requestCancel({ db }: Store, run: string, by: string): boolean {
  const sql = `UPDATE run SET cancel_by = coalesce(cancel_by, ?) WHERE id = ? AND ${open}`;
  return db.write(() => db.run(sql, by, run)) === 1;
}

/** The runs that are recorded as waiting or going on, of one job or of all, the oldest first. */
export function openRuns({ db }: Store, job?: JobId): readonly OpenRun[] {
  const select = `SELECT ${openColumns} FROM run WHERE ${open}`;
  const order = 'ORDER BY started_at, id';
  return job === undefined
    ? db.all<OpenRun>(`${select} ${order}`)
    : db.all<OpenRun>(`${select} AND job = ? ${order}`, job);
}

/** Whether openRuns has any of a job: a tenth of a millisecond cheaper than to ask for them, and most starts find none. */
export function hasOpenRuns({ db }: Store, job: JobId): boolean {
  return db.get(`SELECT 1 FROM run WHERE ${open} AND job = ? LIMIT 1`, job) !== undefined;
}

export function isOpen(store: Store, run: string): boolean {
  return openRunById(store, run) !== undefined;
}

/** The run of that name, where it is recorded as waiting or going on. */
export function openRunById({ db }: Store, run: string): OpenRun | undefined {
  return db.get<OpenRun>(`SELECT ${openColumns} FROM run WHERE id = ? AND ${open}`, run);
}

export interface HistoryFilter {
  readonly job?: JobId | undefined;
  readonly state?: RunState | undefined;
  /** Runs that started at this time or later. */
  readonly since?: number | undefined;
  readonly limit: number;
}

/** Runs, newest first. */
export function history(store: Store, { job, state, since, limit }: HistoryFilter): readonly Run[] {
  const conditions = ['started_at >= ?'];
  const values: (string | number)[] = [since ?? 0];
  if (job !== undefined) {
    conditions.push('job = ?');
    values.push(job);
  }
  if (state !== undefined) {
    // With the job given, its own runs are looked through: the + keeps SQLite from those of every job in that state.
    conditions.push(job === undefined ? 'state = ?' : '+state = ?');
    values.push(state);
  }
  return runsWhere(store, `${conditions.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ?`, ...values, limit);
}

export function latestRun(store: Store, job: JobId): Run | undefined {
  return runsWhere(store, 'job = ? ORDER BY started_at DESC, id DESC LIMIT 1', job)[0];
}

export function runById(store: Store, run: string): Run | undefined {
  return runsWhere(store, 'id = ?', run)[0];
}

/** The runs whose id begins with the given text, two at most: enough to tell whether it is the only one. */
export function findRuns(store: Store, prefix: string): readonly Run[] {
  return runsWhere(store, 'id >= ? AND id < ? LIMIT 2', prefix, `${prefix}\u{10FFFF}`);
}

/** The runs that a condition of this room's admits; it may go on with their order and their number. */
export function runsWhere({ db }: Store, condition: string, ...values: readonly (string | number)[]): readonly Run[] {
  return db.all<Run>(`SELECT ${columns} FROM run WHERE ${condition}`, ...values);
}

export function attemptsOf({ db }: Store, run: string): readonly Attempt[] {
  const sql =
    'SELECT number, started_at AS startedAt, ended_at AS endedAt, end FROM attempt WHERE run = ? ORDER BY number';
  return db.all<Attempt>(sql, run);
}
