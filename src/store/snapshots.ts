import { UserError } from '../errors.ts';
import type { Store } from './store.ts';

/** Of each table the newest are kept: so many, and together not more than so many bytes; the newest one in any case. */
export const keptSnapshots = { number: 50, bytes: 16 * 1024 * 1024 } as const;

/** A table as it is before a write. */
export interface NewSnapshot {
  /** The table's label. */
  readonly target: string;
  /** UTC milliseconds. */
  readonly takenAt: number;
  readonly takenBy: string;
  /** What the write is for, in words: `sync of shop, revision 3`. */
  readonly reason: string;
  /** The revision that the write installs; absent where it installs none. */
  readonly revision?: number | undefined;
  readonly content: Buffer;
}

/** A table as it was before a write. */
export interface Snapshot extends NewSnapshot {
  /** Grows with time, over all tables. */
  readonly id: number;
  readonly revision: number | undefined;
}

interface Row extends Omit<Snapshot, 'revision'> {
  readonly revision: number | null;
}

const columns = 'id, target, taken_at AS takenAt, taken_by AS takenBy, reason, revision, content';

/**
 * Keeps a table as it is before a write, and forgets the oldest of that table beyond the bounds.
 * @returns its number.
 */
export function keepSnapshot({ db }: Store, snapshot: NewSnapshot): number {
  const { target, takenAt, takenBy, reason, revision, content } = snapshot;
  const insert = `INSERT INTO snapshot (target, taken_at, taken_by, reason, revision, size, content)
    VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`;
  return db.write(() => {
    const values = [target, takenAt, takenBy, reason, revision ?? null, content.length, content] as const;
    const id = db.get<{ id: number }>(insert, ...values)?.id ?? 0;
    forgetSurplus({ db }, target);
    return id;
  });
}

function forgetSurplus({ db }: Pick<Store, 'db'>, target: string): void {
  const { number, bytes } = keptSnapshots;
  const sized = 'SELECT id, coalesce(size, length(content)) AS size FROM snapshot WHERE target = ?';
  const counted = `SELECT id, row_number() OVER newest AS place, sum(size) OVER newest AS total FROM (${sized})
    WINDOW newest AS (ORDER BY id DESC)`;
  const surplus = `SELECT id FROM (${counted}) WHERE place > 1 AND (place > ? OR total > ?)`;
  db.run(`DELETE FROM snapshot WHERE id IN (${surplus})`, target, number, bytes);
}

/** The snapshots of a table, or of all, newest first. */
export function snapshots({ db }: Store, target?: string): readonly Snapshot[] {
  const order = 'ORDER BY id DESC';
  const rows =
    target === undefined
      ? db.all<Row>(`SELECT ${columns} FROM snapshot ${order}`)
      : db.all<Row>(`SELECT ${columns} FROM snapshot WHERE target = ? ${order}`, target);
  return rows.map(toSnapshot);
}

/** Undefined where it was never taken, or is forgotten. */
export function snapshotById({ db }: Store, id: number): Snapshot | undefined {
  const row = db.get<Row>(`SELECT ${columns} FROM snapshot WHERE id = ?`, id);
  return row && toSnapshot(row);
}

function toSnapshot(row: Row): Snapshot {
  return { ...row, revision: row.revision ?? undefined };
}

/**
 * The snapshot that a person names by its number.
 * @throws UserError with the nearest where there is none.
 */
export function namedSnapshot(store: Store, name: string): Snapshot {
  const found = /^\d{1,15}$/.test(name) ? snapshotById(store, Number(name)) : undefined;
  if (found) return found;
  const near = nearestTo(store, Number.parseInt(name, 10));
  const hint =
    near === undefined ? 'nothing was written yet' : `the nearest is ${near}; cronwright snapshots lists them`;
  throw new UserError(`there is no snapshot ${name}`, hint);
}

/** What is no number is nearest to the newest. */
function nearestTo({ db }: Store, number: number): number | undefined {
  const sql = 'SELECT id FROM snapshot ORDER BY abs(id - ?), id DESC LIMIT 1';
  const wanted = Number.isFinite(number) ? number : Number.MAX_SAFE_INTEGER;
  return db.get<{ id: number }>(sql, wanted)?.id;
}
