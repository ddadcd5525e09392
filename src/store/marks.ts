import type { JobId } from '../job/job.ts';
import type { NewEntry } from './outbox.ts';
import { type OpenRun, openRunById } from './runs.ts';
import type { Store } from './store.ts';

/** A job as its run, or the table of what is due, knows it: SQLite reads the one number, so that few specs are parsed. */
const jobOfRun = 'JOIN job ON job.id = run.job AND job.since = run.revision';
const warnAfter = "json_extract(job.spec, '$.warnAfter')";
const lateAfter = "json_extract(job.spec, '$.lateAfter')";

/** A bound for what one look brings up. */
const mostLooked = 1_000;

/** The runs that take longer than their jobs' `warn-after`, and are not noted as such; the oldest first. */
export function slowRuns(store: Store, now: number, limit: number): readonly OpenRun[] {
  const sql = `SELECT run.id FROM run ${jobOfRun} WHERE run.state = 'running' AND run.slow_told_at IS NULL
    AND ${warnAfter} > 0 AND run.started_at + ${warnAfter} <= ? ORDER BY run.started_at LIMIT ?`;
  return openByName(store, store.db.all<{ id: string }>(sql, now, limit));
}

/** The scheduled runs that wait and are past their jobs' `late-after`, and are not noted as such; the oldest first. */
export function lateWaiting(store: Store, now: number): readonly OpenRun[] {
  const sql = `SELECT run.id FROM run ${jobOfRun} WHERE run.state = 'waiting' AND run.late_told_at IS NULL
    AND run.trigger = 'schedule' AND ${lateAfter} > 0 AND run.slot + ${lateAfter} <= ? ORDER BY run.slot LIMIT ?`;
  return openByName(store, store.db.all<{ id: string }>(sql, now, mostLooked));
}

/**
 * The jobs whose first slot that is not accounted for is past their `late-after`, each with that slot: it may have its
 * run, as may those after it. Where that slot is not worked out yet, nobody can tell.
 * @param until slots after this are passed over.
 */
export function lateDue({ db }: Store, now: number, until: number): readonly { job: JobId; slot: number }[] {
  const sql = `SELECT due.job, due.slot FROM due JOIN job ON job.id = due.job AND job.until IS NULL
    WHERE due.slot BETWEEN 1 AND ? AND ${lateAfter} > 0 AND due.slot + ${lateAfter} <= ? ORDER BY due.slot LIMIT ?`;
  return db.all(sql, until, now, mostLooked);
}

function openByName(store: Store, rows: readonly { id: string }[]): readonly OpenRun[] {
  return rows.flatMap(({ id }) => openRunById(store, id) ?? []);
}

/** Notes that a run takes long, once, while it goes on. Returns whether this call noted it. */
export function markSlow({ db }: Store, run: string, at: number): boolean {
  const sql = "UPDATE run SET slow_told_at = ? WHERE id = ? AND slow_told_at IS NULL AND state = 'running'";
  return db.write(() => db.run(sql, at, run)) === 1;
}

/** Notes that a run was late to begin, once. Returns whether this call noted it. */
export function markLate({ db }: Store, run: string, at: number): boolean {
  const sql =
    "UPDATE run SET late_told_at = ? WHERE id = ? AND late_told_at IS NULL AND state IN ('waiting', 'running')";
  return db.write(() => db.run(sql, at, run)) === 1;
}

/** Whether something was told under an id of the outbox, sent or not. */
export function wasTold({ db }: Store, id: string): boolean {
  return db.get('SELECT 1 FROM outbox WHERE id = ?', id) !== undefined;
}

/** Notes in the outbox what was told elsewhere, once: it is no mail of a run. Returns whether this call noted it. */
export function noteTold(
  { db }: Store,
  { id, project, createdAt }: Pick<NewEntry, 'id' | 'project' | 'createdAt'>,
): boolean {
  const sql = `INSERT INTO outbox (id, project, run, recipients, subject, text, created_at, sent_at)
    VALUES (?, ?, '', '[]', '', '', ?, ?) ON CONFLICT (id) DO NOTHING`;
  return db.write(() => db.run(sql, id, project, createdAt, createdAt)) === 1;
}

/** Forgets what was told before a time and belongs to no run; the rest goes with its run. */
export function forgetTold({ db }: Store, before: number): void {
  const old = "run = '' AND created_at < ?";
  if (db.get(`SELECT 1 FROM outbox WHERE ${old} LIMIT 1`, before) === undefined) return;
  db.write(() => db.run(`DELETE FROM outbox WHERE ${old}`, before), { durability: 'normal' });
}
