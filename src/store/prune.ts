import type { Store } from './store.ts';

const kinds = ['output', 'event', 'attempt', 'outbox'] as const;

/**
 * Forgets runs that ended and began before a time, with all that belongs to them; the latest run of each job stays, and
 * one whose retry is still to come.
 * @param limit how many at most, so that nobody waits long for the database.
 * @returns how many were forgotten.
 */
export function forgetRuns({ db }: Store, before: number, limit: number): number {
  const old = `SELECT id FROM run WHERE started_at < ? AND state NOT IN ('waiting', 'running') AND retry_at IS NULL
    AND EXISTS (SELECT 1 FROM run AS later WHERE later.job = run.job AND later.started_at > run.started_at)
    ORDER BY started_at LIMIT ?`;
  const runs = db.all<{ id: string }>(old, before, limit);
  if (runs.length === 0) return 0;
  db.write(
    () => {
      for (const { id } of runs) forgetRun({ db }, id);
    },
    { durability: 'normal' },
  );
  return runs.length;
}

/** Forgets a run with all that belongs to it. It belongs into a transaction. */
export function forgetRun({ db }: Pick<Store, 'db'>, run: string): void {
  for (const kind of kinds) db.run(`DELETE FROM ${kind} WHERE run = ?`, run);
  db.run('DELETE FROM run WHERE id = ?', run);
}
