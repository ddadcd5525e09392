import type { Store } from './store.ts';

/**
 * When a tick came, by several clocks, each in milliseconds. Two ticks compared tell what became of the machine and its
 * clock between them.
 */
export interface Moment {
  /** UTC, by the clock that people set. */
  readonly at: number;
  /** The machine's boot id; empty where it has none. */
  readonly boot: string;
  /** Since the machine was booted, sleep included. */
  readonly uptime: number;
  /** By a clock that stands while the machine sleeps. */
  readonly awake: number;
  /** What is told of the host's zone without reading it: another text, perhaps another zone. */
  readonly zone: string;
}

/** Notes that a tick came: a gap between two is evidence that nothing started one. */
export function beat({ db }: Store, { at, boot, uptime, awake, zone }: Moment): void {
  const sql = `INSERT INTO beat (kind, at, boot, uptime, awake, zone) VALUES ('tick', ?, ?, ?, ?, ?)
    ON CONFLICT (kind) DO UPDATE SET at = excluded.at, boot = excluded.boot, uptime = excluded.uptime,
      awake = excluded.awake, zone = excluded.zone`;
  db.write(() => db.run(sql, at, boot, uptime, awake, zone), { durability: 'normal' });
}

export function lastBeat({ db }: Store, kind: 'tick'): number | undefined {
  return db.get<{ at: number }>('SELECT at FROM beat WHERE kind = ?', kind)?.at;
}

/** The last tick; of one by an earlier version only the time is known. */
export function lastMoment({ db }: Store): Moment | Pick<Moment, 'at'> | undefined {
  const row = db.get<Moment & { boot: string | null }>(
    "SELECT at, boot, uptime, awake, zone FROM beat WHERE kind = 'tick'",
  );
  return row?.boot === null ? { at: row.at } : row;
}

/** Notes whether the lines of some project were made for another zone than the host has now. */
export function noteOtherZone({ db }: Store, at: number, is: boolean): void {
  const set = "INSERT INTO beat (kind, at) VALUES ('other-zone', ?) ON CONFLICT (kind) DO NOTHING";
  db.write(() => (is ? db.run(set, at) : db.run("DELETE FROM beat WHERE kind = 'other-zone'")));
}

export function isOtherZone({ db }: Store): boolean {
  return db.get("SELECT 1 FROM beat WHERE kind = 'other-zone'") !== undefined;
}
