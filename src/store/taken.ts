import type { LineOut } from '../crontab/plan.ts';
import type { Store } from './store.ts';

/** Notes lines that are taken out of tables because jobs take their places, in their order. */
export function noteTaken({ db }: Store, lines: readonly LineOut[]): void {
  const again = 'DELETE FROM taken WHERE job = ? AND target = ? AND text = ?';
  const sql = 'INSERT INTO taken (job, target, text, snapshot) VALUES (?, ?, ?, ?)';
  db.write(() => {
    for (const { job, target, text } of lines) db.run(again, job, target, text);
    for (const { job, target, text, snapshot } of lines) db.run(sql, job, target, text, snapshot);
  });
}

/** Forgets the lines that were noted with some snapshots: the tables were not written after all. */
export function forgetTaken({ db }: Store, snapshots: readonly number[]): void {
  db.write(() => {
    for (const snapshot of snapshots) db.run('DELETE FROM taken WHERE snapshot = ?', snapshot);
  });
}

/** The lines whose places jobs of a project have taken, those that are gone too. */
export function takenFor({ db }: Store, project: string): readonly LineOut[] {
  const sql = `SELECT job, taken.target, text, snapshot.id AS snapshot FROM taken
    LEFT JOIN snapshot ON snapshot.id = taken.snapshot WHERE job >= ? AND job < ? ORDER BY taken.id`;
  // The character behind the slash.
  return db.all<LineOut>(sql, `${project}/`, `${project}0`);
}
