import type { Store } from './store.ts';

/** More than these are thrown away, oldest first, for each table. */
const kept = 50;

/** A table as it was before a write. */
export interface Snapshot {
  readonly target: string;
  readonly takenAt: number;
  readonly takenBy: string;
  readonly reason: string;
  readonly content: Buffer;
}

export function keepSnapshot({ db }: Store, { target, takenAt, takenBy, reason, content }: Snapshot): void {
  const insert = 'INSERT INTO snapshot (target, taken_at, taken_by, reason, content) VALUES (?, ?, ?, ?, ?)';
  const prune = `DELETE FROM snapshot WHERE target = ? AND id <=
    (SELECT id FROM snapshot WHERE target = ? ORDER BY id DESC LIMIT 1 OFFSET ${kept})`;
  db.write(() => {
    db.run(insert, target, takenAt, takenBy, reason, content);
    db.run(prune, target, target);
  });
}

/** The snapshots of a table, newest first. */
export function snapshots({ db }: Store, target: string): readonly Snapshot[] {
  const sql = `SELECT target, taken_at AS takenAt, taken_by AS takenBy, reason, content FROM snapshot
    WHERE target = ? ORDER BY id DESC`;
  return db.all<Snapshot>(sql, target);
}
