import type { JobId } from '../job/job.ts';
import type { Store } from './store.ts';

/** A line of others that was taken out of a table, because a job takes its place. */
export interface TakenOut {
  readonly job: JobId;
  /** The table's label. */
  readonly target: string;
  /** Without its line end; invalid UTF-8 is replaced. */
  readonly text: string;
  /** The snapshot of the table as it was before; null where that is forgotten. */
  readonly snapshot: number | null;
}

/** Notes lines that were taken out of tables, in their order. */
export function noteTaken({ db }: Store, lines: readonly TakenOut[]): void {
  const sql = 'INSERT INTO taken (job, target, text, snapshot) VALUES (?, ?, ?, ?)';
  db.write(() => {
    for (const { job, target, text, snapshot } of lines) db.run(sql, job, target, text, snapshot);
  });
}

/** Forgets what was taken out for jobs that are gone. */
export function forgetTaken({ db }: Store, jobs: readonly JobId[]): void {
  db.write(() => {
    for (const job of jobs) db.run('DELETE FROM taken WHERE job = ?', job);
  });
}

/** The lines that were taken out for the jobs of a project, by table and place. */
export function takenFor({ db }: Store, project: string): readonly TakenOut[] {
  const sql = `SELECT job, taken.target, text, snapshot.id AS snapshot FROM taken
    LEFT JOIN snapshot ON snapshot.id = taken.snapshot WHERE job >= ? AND job < ? ORDER BY taken.id`;
  // The character behind the slash.
  return db.all<TakenOut>(sql, `${project}/`, `${project}0`);
}
