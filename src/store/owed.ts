import type { JobId } from '../job/job.ts';
import type { Store } from './store.ts';

/** A slot that passed without a start and is to be made up for. Times are UTC milliseconds. */
export interface Owed {
  readonly job: JobId;
  readonly slot: number;
  /** Until when it may begin. */
  readonly until: number;
  /** Why nothing started it, in words. */
  readonly reason: string;
}

const select = 'SELECT job, slot, until, reason FROM owed';

/** Notes that a slot is to be made up for, once. */
export function owe({ db }: Store, { job, slot, until, reason }: Owed): void {
  const sql = 'INSERT INTO owed (job, slot, until, reason) VALUES (?, ?, ?, ?) ON CONFLICT (job, slot) DO NOTHING';
  db.write(() => db.run(sql, job, slot, until, reason));
}

/** What is to be made up for, of one job or of all, by job and slot. */
export function owedSlots({ db }: Store, job?: JobId): readonly Owed[] {
  return job === undefined
    ? db.all<Owed>(`${select} ORDER BY job, slot`)
    : db.all<Owed>(`${select} WHERE job = ? ORDER BY slot`, job);
}

/** The slot that a job makes up for next; undefined where none is left that may still begin. */
export function nextOwed({ db }: Store, job: JobId, now: number): Owed | undefined {
  return db.get<Owed>(`${select} WHERE job = ? AND until >= ? ORDER BY slot LIMIT 1`, job, now);
}

/** The jobs that have something to make up for, the one that waits longest first. */
export function owingJobs({ db }: Store, now: number): readonly JobId[] {
  const sql = 'SELECT job FROM owed WHERE until >= ? GROUP BY job ORDER BY min(slot), job';
  return db.all<{ job: JobId }>(sql, now).map(({ job }) => job);
}

/**
 * The slots whose time has passed, so that they are not made up for any more. Those of a job that still makes up for later
 * ones are left until it is done: they are one piece of news.
 */
export function expiredSlots({ db }: Store, now: number, most: number): readonly Owed[] {
  const isDone = 'NOT EXISTS (SELECT 1 FROM owed AS other WHERE other.job = owed.job AND other.until >= ?)';
  return db.all<Owed>(`${select} WHERE until < ? AND ${isDone} ORDER BY job, slot LIMIT ?`, now, now, most);
}

export function isOwed({ db }: Store, job: JobId, slot: number): boolean {
  return db.get('SELECT 1 FROM owed WHERE job = ? AND slot = ?', job, slot) !== undefined;
}

/** Takes a slot that is to be made up for, so that nobody else does. */
export function takeOwed({ db }: Store, job: JobId, slot: number): boolean {
  return db.write(() => db.run('DELETE FROM owed WHERE job = ? AND slot = ?', job, slot)) === 1;
}

/** Forgets what is owed of the time after now, once the clock was set back: that time comes again. */
export function cutOwed({ db }: Store, now: number): void {
  db.write(() => db.run('DELETE FROM owed WHERE slot > ?', now));
}

/** Forgets all that a job has to make up for. */
export function forgetOwed({ db }: Store, job: JobId): void {
  db.write(() => db.run('DELETE FROM owed WHERE job = ?', job));
}
