import { keptRevisions } from './revisions.ts';
import type { Store } from './store.ts';

/**
 * Forgets how jobs were in revisions that cannot be installed again, and those revisions, as far as they were replaced
 * before a time and no run names them.
 * @param before UTC milliseconds.
 * @returns how many versions of jobs were forgotten.
 */
export function forgetVersions({ db }: Store, before: number): number {
  const many = 'SELECT project FROM revision GROUP BY project HAVING count(*) > ?';
  const projects = db.all<{ project: string }>(many, keptRevisions);
  if (projects.length === 0) return 0;
  return db.write(() => projects.reduce((sum, { project }) => sum + forgetOf({ db }, project, before), 0), {
    durability: 'normal',
  });
}

function forgetOf({ db }: Pick<Store, 'db'>, project: string, before: number): number {
  const newest = 'SELECT id FROM revision WHERE project = ? ORDER BY id DESC LIMIT 1 OFFSET ?';
  const oldestKept = db.get<{ id: number }>(newest, project, keptRevisions - 1)?.id ?? 0;
  const old = 'SELECT id FROM revision WHERE project = ? AND id <= ? AND created_at < ?';
  const isNamed = 'EXISTS (SELECT 1 FROM run WHERE run.job = job.id AND run.revision = job.since)';
  const forgotten = db.run(
    `DELETE FROM job WHERE project = ? AND until IN (${old}) AND NOT ${isNamed}`,
    ...[project, project, oldestKept, before],
  );
  const ofVersions = 'SELECT since FROM job WHERE project = ? UNION SELECT until FROM job WHERE project = ?';
  const bare = `id < ? AND created_at < ? AND id NOT IN (SELECT since FROM (${ofVersions}) WHERE since IS NOT NULL)`;
  db.run(`DELETE FROM revision WHERE project = ? AND ${bare}`, project, oldestKept, before, project, project);
  return forgotten;
}
