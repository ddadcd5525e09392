import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { migrations } from '../../src/store/migrations.ts';
import { newPath } from './rig.ts';

/** Marks the file as ours, as every version has. */
const applicationId = 0x63727774;

/** A state directory as the first version left it, with `count` runs, an attempt of each, and what else `sql` puts in. */
export function versionOne(t: TestContext, count: number, sql = ''): string {
  const path = newPath(t);
  mkdirSync(path, { mode: 0o700 });
  const db = new Database(join(path, 'cronwright.db'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF; ${migrations[0]}`);
  db.exec(`PRAGMA user_version = 1; PRAGMA application_id = ${applicationId}`);
  const runs = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO run (id, job, revision, slot, trigger, state, pid, boot, born, started_at, ended_at, attempts, exit_code,
      signal, reason, cpu_ms, peak_memory, stdout_bytes, stderr_bytes)
    SELECT printf('run%010d', i), 'shop/job-' || (i % 7), 3, i * 60000, 'schedule', iif(i % 5, 'succeeded', 'failed'),
      i, 'boot', 5, i * 60000 + 1, i * 60000 + 2, 1, iif(i % 5, 0, 3), NULL, iif(i % 5, NULL, 'exited with status 3'),
      7, 8, 9, 10 FROM n`;
  if (count > 0) db.exec(`${runs}; INSERT INTO attempt SELECT id, 1, started_at, ended_at, 'done' FROM run`);
  db.exec(sql);
  db.close();
  return path;
}
