import { type Retry, type Run, runsWhere } from './runs.ts';
import type { Store } from './store.ts';

/**
 * Notes a run's next attempt, before the wait for it begins, so that it outlives the wrapper; undefined where none is to
 * come any more. A run that has ended gets none: another process has decided about it.
 */
export function noteRetry({ db }: Store, run: string, retry: Retry | undefined): void {
  const sql =
    retry === undefined
      ? 'UPDATE run SET retry_at = ?, retry_attempt = ? WHERE id = ?'
      : 'UPDATE run SET retry_at = ?, retry_attempt = ? WHERE id = ? AND ended_at IS NULL';
  db.write(() => db.run(sql, retry?.at ?? null, retry?.attempt ?? null, run));
}

/** The runs that were cut short and whose next attempt is due, the longest due first. */
export function dueRetries(store: Store, now: number): readonly Run[] {
  return runsWhere(store, 'retry_at <= ? AND ended_at IS NOT NULL ORDER BY retry_at', now);
}

/** Takes the attempt that a run left to another, so that nobody else does. */
export function takeRetry({ db }: Store, run: string): boolean {
  const sql = `UPDATE run SET retry_at = NULL, retry_attempt = NULL
    WHERE id = ? AND retry_at IS NOT NULL AND ended_at IS NOT NULL`;
  return db.write(() => db.run(sql, run)) === 1;
}

/** The run that goes on from another. */
export function continuationOf({ db }: Store, run: string): string | undefined {
  return db.get<{ id: string }>('SELECT id FROM run WHERE continues = ?', run)?.id;
}
