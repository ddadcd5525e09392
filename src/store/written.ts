import type { Store } from './store.ts';

/** A table as cronwright left it. */
export interface Written {
  /** UTC milliseconds. */
  readonly at: number;
  readonly content: Buffer;
}

/** What was written last to a table; undefined where that was before it was kept. */
export function lastWritten({ db }: Store, target: string): Written | undefined {
  return db.get<Written>('SELECT at, content FROM written WHERE target = ?', target);
}

/** The tables that were left with a text in them, by their labels. */
export function writtenWith({ db }: Store, text: string): readonly (Written & { readonly target: string })[] {
  const sql = 'SELECT target, at, content FROM written WHERE instr(content, ?) > 0 ORDER BY target';
  return db.all<Written & { target: string }>(sql, Buffer.from(text));
}

/**
 * Keeps what a table has been left as.
 * @param target the table's label.
 * @param at UTC milliseconds.
 */
export function noteWritten({ db }: Store, target: string, content: Buffer, at: number): void {
  const sql = `INSERT INTO written (target, at, content) VALUES (?, ?, ?)
    ON CONFLICT (target) DO UPDATE SET at = excluded.at, content = excluded.content`;
  db.write(() => db.run(sql, target, at, content));
}
