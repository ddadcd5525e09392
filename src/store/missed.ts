import type { JobId } from '../job/job.ts';
import { freeName } from './free-name.ts';
import { forgetRun } from './prune.ts';
import { type Run, runsWhere } from './runs.ts';
import type { Store } from './store.ts';

/** A stretch of a job's slots that passed without a start. Times are UTC milliseconds. */
export interface Missed {
  readonly job: JobId;
  readonly revision: number;
  readonly first: number;
  readonly last: number;
  /** How many slots, both ends included. */
  readonly count: number;
  /** When it was found. */
  readonly at: number;
  /** Why nothing started, in words. */
  readonly reason: string;
  /** `skipped` where nothing was to start; `missed` if not given. */
  readonly state?: 'missed' | 'skipped';
}

/**
 * Records a stretch of slots as one run that never was. Its start is the last of them.
 * @param newName makes names of a run, another at each call.
 * @returns the name it is recorded under.
 */
export function recordMissed(store: Store, missed: Missed, newName: () => string): string {
  const { job, revision, first, last, count, at, reason, state = 'missed' } = missed;
  const sql = `INSERT INTO run (id, job, revision, slot, first_slot, slots, trigger, state, started_at, ended_at, reason)
    VALUES (?, ?, ?, ?, ?, ?, 'schedule', ?, ?, ?, ?)`;
  return store.db.write(() => {
    const run = freeName(store, newName);
    store.db.run(sql, run, job, revision, last, first, count, state, last, at, reason);
    return run;
  });
}

/**
 * Makes the stretch that ends with the slot `before`, if it was missed for the same reason, one with the given that comes
 * right behind it: what lasts is one row.
 * @returns the run that it is recorded as; undefined where there is none to go on with.
 */
export function extendMissed(
  { db }: Store,
  { job, last, count, at, reason }: Missed,
  before: number,
): string | undefined {
  const sql = `UPDATE run SET slot = ?, slots = slots + ?, started_at = ?, ended_at = ?
    WHERE job = ? AND slot = ? AND state = 'missed' AND reason = ? RETURNING id`;
  return db.write(() => db.get<{ id: string }>(sql, last, count, last, at, job, before, reason))?.id;
}

/** The run that stands for the missed slots among which an instant is; it may have given its last slot to a real start. */
export function missedOver(store: Store, job: JobId, slot: number): Run | undefined {
  const sql = `job = ? AND started_at >= ? AND state = 'missed' AND coalesce(first_slot, slot) <= ?
    ORDER BY started_at LIMIT 1`;
  return runsWhere(store, sql, job, slot, slot)[0];
}

/**
 * Lets a real start have the slot that was recorded as missed, as happens when a clock is set back.
 * @returns false where the slot is no missed one's.
 */
export function yieldMissed({ db }: Store, job: JobId, slot: number): boolean {
  const sql = `UPDATE run SET slot = NULL, first_slot = coalesce(first_slot, slot),
      reason = reason || '; its start of ' || strftime('%Y-%m-%d %H:%M', slot / 1000, 'unixepoch') || ' UTC came later'
    WHERE job = ? AND slot = ? AND state = 'missed'`;
  return db.write(() => db.run(sql, job, slot)) === 1;
}

/**
 * Forgets the stretches that lie after now, and ends those that reach beyond it, once the clock was set back: that time
 * comes again, and what nothing starts then is missed.
 */
export function cutMissed(store: Store, now: number): void {
  const { db } = store;
  const ahead = "state IN ('missed', 'skipped') AND first_slot IS NOT NULL AND started_at > ?";
  const cut = `UPDATE run SET slot = NULL, started_at = ?,
      slots = max(1, CAST(slots * (? - first_slot) / (started_at - first_slot) AS INTEGER)) WHERE ${ahead}`;
  db.write(() => {
    for (const { run } of runsWhere(store, `${ahead} AND first_slot > ?`, now, now)) forgetRun(store, run);
    db.run(cut, now, now, now);
  });
}

/** Slots from one to another that are accounted for. */
export interface Served {
  readonly first: number;
  readonly last: number;
}

/** More slots of one job are looked at in the next tick. */
const mostServed = 2_000;

/**
 * What a job's slots between two instants, both included, have become: runs, missed stretches, and what is to be made up
 * for. In the order of their first slots; `until` is how far that is all.
 */
export function servedSlots(
  { db }: Store,
  job: JobId,
  from: number,
  until: number,
): { readonly served: readonly Served[]; readonly until: number } {
  const runs = `SELECT coalesce(first_slot, slot) AS first, slot AS last FROM run
    WHERE job = ? AND slot BETWEEN ? AND ? ORDER BY slot LIMIT ?`;
  const found = db.all<Served>(runs, job, from, until, mostServed);
  const end = found.length < mostServed ? until : (found.at(-1)?.last ?? until);
  const missed = `SELECT first_slot AS first, started_at AS last FROM run
    WHERE job = ? AND started_at >= ? AND first_slot <= ? AND state IN ('missed', 'skipped')`;
  const owed = 'SELECT slot AS first, slot AS last FROM owed WHERE job = ? AND slot BETWEEN ? AND ?';
  const others = [...db.all<Served>(missed, job, from, end), ...db.all<Served>(owed, job, from, end)];
  return { served: [...found, ...others].sort((a, b) => a.first - b.first), until: end };
}
