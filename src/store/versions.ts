import { completed, type StoredJob } from '../job/completed.ts';
import type { Job, JobId } from '../job/job.ts';
import type { ProjectSettings } from './registry.ts';
import type { Store } from './store.ts';

/** A revision, as far as it brought a version of a job or ended one. */
export interface Step {
  readonly revision: number;
  /** UTC milliseconds. */
  readonly at: number;
  readonly by: string;
}

/** A job as it was installed for a while. */
export interface Version {
  readonly job: Job;
  readonly since: Step;
  /** What ended it; undefined for the one that is installed now. */
  readonly until: Step | undefined;
  /** Its lines as they were written; undefined where an earlier version of cronwright did not note them. */
  readonly lines: readonly string[] | undefined;
  /** What its revision said of the project besides. */
  readonly settings: ProjectSettings;
}

interface Row {
  readonly spec: string;
  readonly lines: string | null;
  readonly settings: string;
  readonly revision: number;
  readonly at: number;
  readonly by: string;
  readonly endRevision: number | null;
  readonly endAt: number | null;
  readonly endBy: string | null;
}

/** All that a job ever was, the oldest version first; empty where it was never installed. */
export function versionsOf({ db }: Store, id: JobId): readonly Version[] {
  const sql = `SELECT job.spec, job.lines, began.settings, began.id AS revision, began.created_at AS at,
      began.created_by AS "by", ended.id AS endRevision, ended.created_at AS endAt, ended.created_by AS endBy
    FROM job JOIN revision AS began ON began.id = job.since LEFT JOIN revision AS ended ON ended.id = job.until
    WHERE job.id = ? ORDER BY job.since`;
  return db.all<Row>(sql, id).map(toVersion);
}

function toVersion({ spec, lines, settings, revision, at, by, endRevision, endAt, endBy }: Row): Version {
  const until =
    endRevision === null || endAt === null ? undefined : { revision: endRevision, at: endAt, by: endBy ?? '' };
  return {
    job: completed(JSON.parse(spec) as StoredJob),
    since: { revision, at, by },
    until,
    lines: lines === null ? undefined : (JSON.parse(lines) as string[]),
    settings: JSON.parse(settings) as ProjectSettings,
  };
}

/** The jobs, installed or gone, that a full name, or a bare one, has ever meant. */
export function everInstalled({ db }: Store, name: string): readonly JobId[] {
  const sql = "SELECT DISTINCT id FROM job WHERE id = ? OR id = project || '/' || ? ORDER BY id";
  return db.all<{ id: JobId }>(sql, name, name).map(({ id }) => id);
}
