import type { Store } from './store.ts';

/** The settings that say when a job runs: where none differs, its slots are accounted for as far as they were. */
const times = ['schedule', 'timezone', 'dst', 'jitter', 'start', 'end', 'except'].map((key) => `'$.${key}'`).join(', ');

/**
 * Has the slots of new jobs, and of those whose times have changed, accounted for from the moment of a revision on, and
 * forgets those of jobs that are gone. It belongs to the transaction in which the revision is stored.
 */
export function followInstall({ db }: Store, revision: number, at: number): void {
  const fresh = `INSERT INTO due (job, slot)
    SELECT job.id, ? FROM job LEFT JOIN job AS old ON old.id = job.id AND old.until = job.since
      WHERE job.since = ? AND json_extract(job.spec, ${times}) IS NOT json_extract(old.spec, ${times})
    ON CONFLICT (job) DO UPDATE SET slot = excluded.slot`;
  db.run(fresh, -(at + 1), revision);
  forgetGone({ db });
}

/** The same where a revision is taken back: what the jobs before it have missed by now is not known any more. */
export function followWithdrawal({ db }: Pick<Store, 'db'>): void {
  db.run('INSERT INTO due (job, slot) SELECT id, 0 FROM job WHERE until IS NULL ON CONFLICT (job) DO NOTHING');
  forgetGone({ db });
}

function forgetGone({ db }: Pick<Store, 'db'>): void {
  const isGone = 'NOT EXISTS (SELECT 1 FROM job WHERE job.id = kept.job AND job.until IS NULL)';
  for (const table of ['due', 'owed']) db.run(`DELETE FROM ${table} AS kept WHERE ${isGone}`);
}
