import type { Launcher } from '../crontab/line.ts';
import { completed, type StoredJob } from '../job/completed.ts';
import type { Job, JobId, JobName, MailSettings, Moved, Project } from '../job/job.ts';
import { followInstall, followWithdrawal } from './follow-install.ts';
import { renameBack, renameJobs } from './rename.ts';
import type { Run } from './runs.ts';
import type { Store } from './store.ts';

/** What a revision says of its project besides the jobs. */
export interface ProjectSettings {
  readonly mail: MailSettings | undefined;
  readonly envFiles: readonly string[];
  /** The table that was written, and how its lines start cronwright. */
  readonly target: string;
  readonly launcher: Launcher;
  /** The zone of the host, for which the lines were made; undefined in a revision of an earlier version. */
  readonly hostZone?: string | undefined;
}

/** A job as installed, with the number of the revision that brought it in this form. */
export interface InstalledJob {
  readonly job: Job;
  readonly revision: number;
}

/** A project's newest revision. */
export interface Revision {
  readonly id: number;
  readonly project: JobName;
  readonly file: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly settings: ProjectSettings;
}

interface RevisionRow {
  id: number;
  project: JobName;
  file: string;
  settings: string;
  created_at: number;
  created_by: string;
}

interface JobRow {
  spec: string;
  since: number;
}

export function latestRevision({ db }: Store, project: string): Revision | undefined {
  const row = db.get<RevisionRow>('SELECT * FROM revision WHERE project = ? ORDER BY id DESC LIMIT 1', project);
  return row && toRevision(row);
}

export function revisionById({ db }: Store, id: number): Revision | undefined {
  const row = db.get<RevisionRow>('SELECT * FROM revision WHERE id = ?', id);
  return row && toRevision(row);
}

/** The newest revision of every project. */
export function latestRevisions({ db }: Store): readonly Revision[] {
  const sql = 'SELECT * FROM revision WHERE id IN (SELECT max(id) FROM revision GROUP BY project) ORDER BY project';
  return db.all<RevisionRow>(sql).map(toRevision);
}

/** When anything was installed first, UTC milliseconds; undefined where nothing ever was. */
export function firstInstalled({ db }: Store): number | undefined {
  return db.get<{ at: number | null }>('SELECT min(created_at) AS at FROM revision')?.at ?? undefined;
}

function toRevision(row: RevisionRow): Revision {
  const { id, project, file, created_at: createdAt, created_by: createdBy } = row;
  return { id, project, file, createdAt, createdBy, settings: JSON.parse(row.settings) as ProjectSettings };
}

/** The installed jobs of one project, or of all, by name. */
export function installedJobs({ db }: Store, project?: string): readonly InstalledJob[] {
  const rows =
    project === undefined
      ? db.all<JobRow>('SELECT spec, since FROM job WHERE until IS NULL ORDER BY id')
      : db.all<JobRow>('SELECT spec, since FROM job WHERE until IS NULL AND project = ? ORDER BY id', project);
  return rows.map(toInstalled);
}

export function installedJob({ db }: Store, id: JobId): InstalledJob | undefined {
  const sql = 'SELECT spec, since FROM job WHERE id = ? AND until IS NULL';
  const row = db.get<JobRow>(sql, id);
  return row && toInstalled(row);
}

/** A job as it was in the revision that a run names; undefined where that was withdrawn. */
export function jobOfRun({ db }: Store, { job, revision }: Pick<Run, 'job' | 'revision'>): InstalledJob | undefined {
  const row = db.get<JobRow>('SELECT spec, since FROM job WHERE id = ? AND since = ?', job, revision);
  return row && toInstalled(row);
}

/** The installed jobs that a full name, or a bare one, means. */
export function findInstalled({ db }: Store, name: string): readonly InstalledJob[] {
  const sql = 'SELECT spec, since FROM job WHERE until IS NULL AND (id = ? OR id = project || ? || ?) ORDER BY id';
  return db.all<JobRow>(sql, name, '/', name).map(toInstalled);
}

/** The lines of a project's installed jobs as they were written; those of earlier versions are not known. */
export function installedLines({ db }: Store, project: string): ReadonlyMap<JobId, readonly string[]> {
  const sql = 'SELECT id, lines FROM job WHERE until IS NULL AND lines IS NOT NULL AND project = ?';
  const rows = db.all<{ id: JobId; lines: string }>(sql, project);
  return new Map(rows.map(({ id, lines }) => [id, JSON.parse(lines) as string[]]));
}

/** The full names of the installed jobs of a project, in order. */
export function installedIds({ db }: Store, project: string): readonly JobId[] {
  const sql = 'SELECT id FROM job WHERE until IS NULL AND project = ? ORDER BY id';
  return db.all<{ id: JobId }>(sql, project).map(({ id }) => id);
}

/** The full and the bare names of all installed jobs. */
export function installedNames({ db }: Store): readonly string[] {
  const rows = db.all<{ id: string }>('SELECT id FROM job WHERE until IS NULL ORDER BY id');
  return rows.flatMap(({ id }) => [id, id.slice(id.indexOf('/') + 1)]);
}

function toInstalled(row: JobRow): InstalledJob {
  return { job: toJob(row.spec), revision: row.since };
}

function toJob(spec: string): Job {
  return completed(JSON.parse(spec) as StoredJob);
}

/** What is to be installed, by whom, and when. */
export interface Change {
  readonly project: Project;
  readonly settings: ProjectSettings;
  /** The lines of each job as they are written to the table. */
  readonly lines?: ReadonlyMap<JobId, readonly string[]> | undefined;
  /** Jobs that get another name, in everything that is remembered of them. */
  readonly moved?: readonly Moved[] | undefined;
  readonly by: string;
  readonly at: number;
}

/** The number that the next revision gets. */
export function nextRevision({ db }: Store): number {
  const row = db.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'revision'");
  return (row?.seq ?? 0) + 1;
}

/**
 * Makes a project's jobs the installed ones, as a revision of its own.
 * @returns the number of the revision: the current one where nothing differs.
 */
export function install(store: Store, change: Change): number {
  const { project, settings, by, at, moved = [] } = change;
  const { db } = store;
  return db.write(() => {
    renameJobs(store, moved);
    const latest = latestRevision(store, project.name);
    const { gone, fresh } = differences(store, change);
    const edits = gone.length + fresh.length + moved.length;
    if (latest && edits === 0 && differingSettings(latest, project, settings).length === 0) return latest.id;
    const sql = 'INSERT INTO revision (project, file, settings, created_at, created_by) VALUES (?, ?, ?, ?, ?)';
    db.run(sql, project.name, project.file, JSON.stringify(settings), at, by);
    const revision = latestRevision(store, project.name)?.id ?? 0;
    for (const id of gone) db.run('UPDATE job SET until = ? WHERE id = ? AND until IS NULL', revision, id);
    const insert = 'INSERT INTO job (id, project, since, spec, lines) VALUES (?, ?, ?, ?, ?)';
    for (const [id, { spec, lines }] of fresh) db.run(insert, id, project.name, revision, spec, lines);
    followInstall(store, revision, at);
    return revision;
  });
}

const settingNames = {
  mail: 'mail',
  envFiles: 'env-file',
  file: 'file',
  launcher: 'launcher',
  target: 'target',
  hostZone: 'host-zone',
} as const;

/** What a revision says otherwise of its project than the given, the jobs apart, by the words of the jobs file. */
export function differingSettings(latest: Revision, project: Project, settings: ProjectSettings): readonly string[] {
  const before = compared(latest.settings, latest.file);
  const after = compared(settings, project.file);
  const keys = Object.keys(settingNames) as (keyof typeof settingNames)[];
  const differing = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return differing.filter((key) => key !== 'hostZone' || before.hostZone !== undefined).map((key) => settingNames[key]);
}

/** The account that the lines of a system table name follows from the table. */
function compared(settings: ProjectSettings, file: string) {
  const { path, state } = settings.launcher;
  return { ...settings, file, launcher: { path, state } };
}

/**
 * Takes the newest revision back, as if it had never been: the table could not be written. Its number is not used again,
 * because a run may name it already.
 * @param moved the jobs that got another name with it, and get back the one that they had.
 */
export function withdraw({ db }: Store, revision: number, moved: readonly Moved[] = []): void {
  db.write(() => {
    db.run('DELETE FROM job WHERE since = ?', revision);
    db.run('UPDATE job SET until = NULL WHERE until = ?', revision);
    db.run('DELETE FROM revision WHERE id = ?', revision);
    renameBack({ db }, moved);
    followWithdrawal({ db });
  });
}

/** A job as its row has it. */
interface Stored {
  readonly spec: string;
  readonly lines: string | null;
}

/** The installed versions that end, and the new ones that begin; a changed job is among both. */
function differences({ db }: Store, { project, lines }: Change) {
  const wanted = new Map<string, Stored>();
  for (const job of project.jobs) {
    const ofJob = lines?.get(job.id);
    wanted.set(job.id, { spec: JSON.stringify(job), lines: ofJob === undefined ? null : JSON.stringify(ofJob) });
  }
  const sql = 'SELECT id, spec, lines FROM job WHERE until IS NULL AND project = ?';
  const rows = db.all<Stored & { id: string }>(sql, project.name);
  const same = new Set(rows.filter((row) => isSame(row, wanted.get(row.id))).map(({ id }) => id));
  return {
    gone: rows.filter(({ id }) => !same.has(id)).map(({ id }) => id),
    fresh: [...wanted].filter(([id]) => !same.has(id)),
  };
}

/** Lines that an earlier version did not store are no difference. */
function isSame(stored: Stored, wanted: Stored | undefined): boolean {
  const sameLines = stored.lines === null || wanted?.lines === null || stored.lines === wanted?.lines;
  return sameLines && isSameSpec(stored.spec, wanted?.spec);
}

/** A spec that an earlier version stored may lack what now stands in it as the default. */
function isSameSpec(stored: string, wanted: string | undefined): boolean {
  return stored === wanted || (wanted !== undefined && JSON.stringify(toJob(stored)) === wanted);
}
