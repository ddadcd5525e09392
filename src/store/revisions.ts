import { completed, type StoredJob } from '../job/completed.ts';
import type { Job, JobId } from '../job/job.ts';
import { type Revision, revisionById } from './registry.ts';
import type { Store } from './store.ts';

/** So many of the newest revisions of a project can be installed again. */
export const keptRevisions = 200;

/** A revision of a project, and in how many jobs it differs from the one before. */
export interface RevisionEntry extends Pick<Revision, 'id' | 'project' | 'file' | 'createdAt' | 'createdBy'> {
  /** The table that it was installed into. */
  readonly target: string;
  /** How many jobs it has. */
  readonly jobs: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

interface Row {
  readonly id: JobId;
  readonly since: number;
  readonly until: number | null;
}

/** The revisions of a project that can be installed again, newest first. */
export function revisionsOf(store: Store, project: string): readonly RevisionEntry[] {
  const versions = store.db.all<Row>('SELECT id, since, until FROM job WHERE project = ?', project);
  const began = Map.groupBy(versions, ({ since }) => since);
  const ended = Map.groupBy(versions, ({ until }) => until);
  return newestIds(store, project).flatMap((id) => {
    const revision = revisionById(store, id);
    return revision ? [entry(revision, versions, { began: began.get(id) ?? [], ended: ended.get(id) ?? [] })] : [];
  });
}

function newestIds({ db }: Pick<Store, 'db'>, project: string): readonly number[] {
  const sql = 'SELECT id FROM revision WHERE project = ? ORDER BY id DESC LIMIT ?';
  return db.all<{ id: number }>(sql, project, keptRevisions).map(({ id }) => id);
}

/** Whether a version of a job belongs to a revision. */
function isOf({ since, until }: Pick<Row, 'since' | 'until'>, revision: number): boolean {
  return since <= revision && (until === null || until > revision);
}

interface Steps {
  readonly began: readonly Row[];
  readonly ended: readonly Row[];
}

function entry(revision: Revision, versions: readonly Row[], { began, ended }: Steps): RevisionEntry {
  const { id, project, file, createdAt, createdBy, settings } = revision;
  const before = new Set(ended.map((one) => one.id));
  const changed = began.filter((one) => before.has(one.id)).length;
  return {
    id,
    project,
    file,
    createdAt,
    createdBy,
    target: settings.target,
    jobs: versions.filter((version) => isOf(version, id)).length,
    added: began.length - changed,
    changed,
    removed: ended.length - changed,
  };
}

/** The jobs of a revision, by name. */
export function jobsOfRevision({ db }: Store, { id, project }: Pick<Revision, 'id' | 'project'>): readonly Job[] {
  const sql = 'SELECT spec FROM job WHERE project = ? AND since <= ? AND (until IS NULL OR until > ?) ORDER BY id';
  return db.all<{ spec: string }>(sql, project, id, id).map(({ spec }) => completed(JSON.parse(spec) as StoredJob));
}

interface LinesRow extends Pick<Row, 'since' | 'until'> {
  readonly lines: string | null;
}

/**
 * The newest revision of a project whose jobs were written as exactly these lines, in any order; undefined where there is
 * none. What an earlier version of cronwright installed without noting its lines is not recognised.
 */
export function revisionWithLines({ db }: Store, project: string, lines: readonly string[]): number | undefined {
  const wanted = new Set(lines);
  if (wanted.size < lines.length) return undefined;
  const rows = db.all<LinesRow>('SELECT since, until, lines FROM job WHERE project = ?', project);
  const versions = rows.map(({ since, until, lines: noted }) => ({ since, until, lines: linesIn(noted) }));
  return newestIds({ db }, project).find((id) => {
    const ofRevision = versions.filter((version) => isOf(version, id)).flatMap((version) => version.lines);
    return ofRevision.length === wanted.size && ofRevision.every((line) => wanted.has(line));
  });
}

/** Of lines that were not noted none is like another: no line of a table has a line feed in it. */
function linesIn(noted: string | null): readonly string[] {
  return noted === null ? ['\n'] : (JSON.parse(noted) as string[]);
}
