import type { Store } from './store.ts';

export const gapCauses = ['machine-off', 'machine-asleep', 'clock-forward', 'clock-back', 'cron-silent'] as const;
/** Why no tick came for a while: `cron-silent` is what is left where nothing else explains it. */
export type GapCause = (typeof gapCauses)[number];

/**
 * A time without a tick, UTC milliseconds: from the last tick before it to the first one after it. Where the clock was
 * set, it is the time that was passed over, or that came twice.
 */
export interface Gap {
  readonly from: number;
  readonly until: number;
  readonly cause: GapCause;
}

/** Notes a gap; of two that begin at the same instant, as clocks that are set back have them, the later found stays. */
export function addGap({ db }: Store, { from, until, cause }: Gap): void {
  db.write(() => db.run('INSERT OR REPLACE INTO gap (from_at, until_at, cause) VALUES (?, ?, ?)', from, until, cause));
}

/** The gaps that have an instant in common with the time between two, both included; the earliest first. */
export function gapsBetween({ db }: Store, from: number, until: number): readonly Gap[] {
  const sql = `SELECT from_at AS "from", until_at AS until, cause FROM gap WHERE from_at <= ? AND until_at >= ?
    ORDER BY from_at`;
  return db.all<Gap>(sql, until, from);
}

/** Ends the gaps that reach beyond now, after the clock was set back: that time comes again. */
export function cutGaps({ db }: Store, now: number): void {
  db.write(() => {
    db.run('DELETE FROM gap WHERE from_at >= ?', now);
    db.run('UPDATE gap SET until_at = ? WHERE until_at > ?', now, now);
  });
}

/** Forgets the gaps that ended before a time. */
export function forgetGaps({ db }: Store, before: number): void {
  if (db.get('SELECT 1 FROM gap WHERE until_at < ? LIMIT 1', before) === undefined) return;
  db.write(() => db.run('DELETE FROM gap WHERE until_at < ?', before), { durability: 'normal' });
}
