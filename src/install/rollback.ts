import { UserError } from '../errors.ts';
import type { JobName, Project } from '../job/job.ts';
import { latestRevision, latestRevisions, type Revision, revisionById } from '../store/registry.ts';
import { jobsOfRevision, keptRevisions, revisionsOf } from '../store/revisions.ts';
import type { Store } from '../store/store.ts';
import type { Prepared } from './prepare.ts';

/** An earlier revision, and the one that is installed. */
export interface Rollback {
  readonly to: Revision;
  readonly current: Revision;
}

/** What a person says of the revision that is meant. */
export interface Wanted {
  /** Its number; undefined for the one before the present one. */
  readonly revision: string | undefined;
  /** Needed only where several projects are installed and no number says which. */
  readonly project: string | undefined;
}

/**
 * The revision that a person means.
 * @throws UserError where there is none, or several projects could be meant.
 */
export function wantedRollback(store: Store, { revision, project }: Wanted): Rollback {
  if (revision === undefined) return toTheOneBefore(store, project ?? onlyProject(store));
  const to = /^\d{1,15}$/.test(revision) ? revisionById(store, Number(revision)) : undefined;
  const current = to && latestRevision(store, to.project);
  if (to === undefined || current === undefined) throw unknown(revision, 'there is no revision');
  if (project !== undefined && to.project !== project) throw unknown(revision, `${project} has no revision`);
  if (!isKept(store, to)) throw unknown(revision, `more than ${keptRevisions} came after revision`);
  return { to, current };
}

function unknown(revision: string, objection: string): UserError {
  return new UserError(
    `${objection} ${revision}`,
    'cronwright rollback --list shows those that can be installed again',
  );
}

/** Of an older one the jobs may be forgotten already. */
function isKept(store: Store, { id, project }: Revision): boolean {
  return revisionsOf(store, project).some((entry) => entry.id === id);
}

function toTheOneBefore(store: Store, project: string): Rollback {
  const current = latestRevision(store, project);
  const [, before] = revisionsOf(store, project);
  if (current === undefined) {
    const projects = latestRevisions(store).map((one) => one.project);
    throw new UserError(`the project ${project} was never installed`, `there is ${projects.join(', ') || 'none'}`);
  }
  const to = before && revisionById(store, before.id);
  if (to) return { to, current };
  throw new UserError(`revision ${current.id} is the first of ${project}: there is none before it`);
}

function onlyProject(store: Store): JobName {
  const [project, ...others] = latestRevisions(store).map((one) => one.project);
  if (project === undefined) throw new UserError('no jobs are installed', 'cronwright sync installs them');
  if (others.length === 0) return project;
  const names = [project, ...others].join(', ');
  throw new UserError(
    `several projects are installed: ${names}`,
    'name one with --project, or a revision by its number',
  );
}

/** A project as a revision has it. */
export function projectOf(store: Store, revision: Revision): Project {
  const { mail, envFiles } = revision.settings;
  const jobs = jobsOfRevision(store, revision);
  return { name: revision.project, file: revision.file, mail, envFiles, jobs, moved: [], replaces: [] };
}

/**
 * Sees that nothing else was installed since the revision was chosen.
 * @throws UserError where something was.
 */
export function checkStill(current: Revision, { current: now }: Pick<Prepared, 'current'>): void {
  if (now === current.id) return;
  const message = `revision ${now ?? 'none'} of ${current.project} is installed by now, it was ${current.id}`;
  throw new UserError(`${message}; nothing was changed`, 'look at cronwright rollback --list, and try again');
}
