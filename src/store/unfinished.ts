import type { Store } from './store.ts';

/** A table as it was when a revision was about to write it. */
export interface UnfinishedTable {
  /** The table's label. */
  readonly target: string;
  readonly content: Buffer;
}

/**
 * The tables that a revision was to write and of which nobody noted that it has: what installed it was killed in between, or
 * just before the note. One that is no more as its snapshot has it was written by then, or by somebody else.
 */
export function unfinishedTables({ db }: Store, revision: number): readonly UnfinishedTable[] {
  const newest = 'SELECT max(id) FROM snapshot WHERE target = kept.target';
  const noted = 'SELECT 1 FROM written WHERE target = kept.target AND at >= kept.taken_at';
  const sql = `SELECT target, content FROM snapshot AS kept
    WHERE revision = ? AND id = (${newest}) AND NOT EXISTS (${noted}) ORDER BY id`;
  return db.all<UnfinishedTable>(sql, revision);
}
