import type { JobId } from '../job/job.ts';
import type { Store } from './store.ts';

/**
 * How far the slots of a job are accounted for. The slot is UTC milliseconds: the first that is not accounted for. Where
 * that is not worked out yet, it is the negative of the instant to look from; 0 is "from whenever it is looked at".
 */
export interface Due {
  readonly job: JobId;
  readonly slot: number;
}

/** Notes the first slot of a job that is not accounted for; undefined where it has none to come. */
export function setDue({ db }: Store, job: JobId, slot: number | undefined): void {
  const sql = 'INSERT INTO due (job, slot) VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET slot = excluded.slot';
  db.write(() => db.run(sql, job, slot ?? null));
}

/**
 * Has the first slots of all jobs worked out anew, from where they are accounted for, though from now at the latest: the
 * clock was set back, or the host's zone is another.
 */
export function recount({ db }: Store, now: number): void {
  db.write(() => db.run('UPDATE due SET slot = -min(coalesce(abs(slot), ?), ?)', now, now));
}

export function forgetDue({ db }: Store, job: JobId): void {
  db.write(() => db.run('DELETE FROM due WHERE job = ?', job));
}

/** Whether dueJobs has any: most ticks find none. */
export function hasDue({ db }: Store, before: number): boolean {
  return db.get('SELECT 1 FROM due WHERE slot <= ? LIMIT 1', before) !== undefined;
}

/** The jobs whose first slot that is not accounted for is not after an instant, or not known; the longest due first. */
export function dueJobs({ db }: Store, before: number, most: number): readonly Due[] {
  return db.all<Due>('SELECT job, slot FROM due WHERE slot <= ? ORDER BY slot LIMIT ?', before, most);
}

/** Whether a job is accounted for just as far as was read before. */
export function isStillDue({ db }: Store, { job, slot }: Due): boolean {
  return db.get('SELECT 1 FROM due WHERE job = ? AND slot = ?', job, slot) !== undefined;
}
