import type { JobId } from '../job/job.ts';
import type { Store } from './store.ts';

export const runStates = [
  'running',
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'interrupted',
  'skipped',
  'missed',
] as const;
export type RunState = (typeof runStates)[number];

export const triggers = ['schedule', 'boot', 'manual'] as const;
export type Trigger = (typeof triggers)[number];

/** The process that holds a run: alive only while all three match a live one. */
export interface Holder {
  readonly pid: number;
  /** The machine's boot id, empty where the system has none. */
  readonly boot: string;
  /** The process's start time in the kernel's ticks since boot; 0 where the system does not tell. */
  readonly born: number;
}

/** A run about to begin. */
export interface Opening {
  /** Makes names of a run, another at each call. */
  readonly newName: () => string;
  readonly job: JobId;
  readonly revision: number;
  /** The scheduled instant; undefined for a run by hand or at boot. */
  readonly slot: number | undefined;
  readonly trigger: Trigger;
  readonly holder: Holder;
  readonly at: number;
}

/** How a run ended. */
export interface Closing {
  readonly run: string;
  readonly state: RunState;
  readonly at: number;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly reason: string | undefined;
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

const columns = `id AS run, job, revision, slot, trigger, state, attempts, started_at AS startedAt, ended_at AS endedAt,
  exit_code AS exitCode, signal, reason, cpu_ms AS cpuMs, peak_memory AS peakMemory, stdout_bytes AS stdoutBytes,
  stderr_bytes AS stderrBytes`;

/** A task waits for its permit: without one it could be started twice. */
const permitWait = { patience: 30_000 };

/** The run that was opened, or the one that has the slot already. */
export interface Opened {
  readonly granted: boolean;
  readonly run: string;
}

/** Records a run before its task starts. For a scheduled one this is the launch permit, granted once for each slot. */
export function openRun(store: Store, opening: Opening): Opened {
  const { db } = store;
  const { newName, job, revision, slot, trigger, holder, at } = opening;
  return db.write(() => {
    const earlier = slot === undefined ? undefined : runOfSlot(store, job, slot);
    if (earlier !== undefined) return { granted: false, run: earlier };
    const run = unusedName(store, newName);
    const insert = `INSERT INTO run (id, job, revision, slot, trigger, state, pid, boot, born, started_at)
      VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)`;
    const { pid, boot, born } = holder;
    db.run(insert, run, job, revision, slot ?? null, trigger, pid, boot, born, at);
    return { granted: true, run };
  }, permitWait);
}

/** The run that a slot of a job has already. */
export function runOfSlot({ db }: Store, job: JobId, slot: number): string | undefined {
  return db.get<{ id: string }>('SELECT id FROM run WHERE job = ? AND slot = ?', job, slot)?.id;
}

function unusedName({ db }: Store, newName: () => string): string {
  let name = newName();
  while (db.get('SELECT 1 FROM run WHERE id = ?', name) !== undefined) name = newName();
  return name;
}

export function openAttempt({ db }: Store, run: string, number: number, at: number): void {
  db.write(
    () => {
      db.run('INSERT OR REPLACE INTO attempt (run, number, started_at) VALUES (?, ?, ?)', run, number, at);
      db.run('UPDATE run SET attempts = ? WHERE id = ?', number, run);
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
export function closeRun({ db }: Store, { run, state, at, exitCode, signal, reason }: Closing): boolean {
  const sql = `UPDATE run SET state = ?, ended_at = ?, exit_code = ?, signal = ?, reason = ?
    WHERE id = ? AND state = 'running'`;
  return db.write(() => db.run(sql, state, at, exitCode ?? null, signal ?? null, reason ?? null, run)) === 1;
}

/** The runs that are recorded as going on, with the process that holds each. */
export function openRuns({ db }: Store): readonly (Run & Holder)[] {
  return db.all<Run & Holder>(`SELECT ${columns}, pid, boot, born FROM run WHERE state = 'running'`);
}

export interface HistoryFilter {
  readonly job?: JobId | undefined;
  readonly state?: RunState | undefined;
  /** Runs that started at this time or later. */
  readonly since?: number | undefined;
  readonly limit: number;
}

/** Runs, newest first. */
export function history({ db }: Store, { job, state, since, limit }: HistoryFilter): readonly Run[] {
  const conditions = ['started_at >= ?'];
  const values: (string | number)[] = [since ?? 0];
  if (job !== undefined) {
    conditions.push('job = ?');
    values.push(job);
  }
  if (state !== undefined) {
    conditions.push('state = ?');
    values.push(state);
  }
  const sql = `SELECT ${columns} FROM run WHERE ${conditions.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ?`;
  return db.all<Run>(sql, ...values, limit);
}

export function latestRun({ db }: Store, job: JobId): Run | undefined {
  return db.get<Run>(`SELECT ${columns} FROM run WHERE job = ? ORDER BY started_at DESC, id DESC LIMIT 1`, job);
}

/** The runs whose id begins with the given text, two at most: enough to tell whether it is the only one. */
export function findRuns({ db }: Store, prefix: string): readonly Run[] {
  return db.all<Run>(`SELECT ${columns} FROM run WHERE id >= ? AND id < ? LIMIT 2`, prefix, `${prefix}\u{10FFFF}`);
}

export function attemptsOf({ db }: Store, run: string): readonly Attempt[] {
  const sql =
    'SELECT number, started_at AS startedAt, ended_at AS endedAt, end FROM attempt WHERE run = ? ORDER BY number';
  return db.all<Attempt>(sql, run);
}
