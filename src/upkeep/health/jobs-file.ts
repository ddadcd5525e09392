import { existsSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { errorMessage, UserError } from '../../errors.ts';
import type { Project } from '../../job/job.ts';
import { readTimetable } from '../../schedule/timetable.ts';
import { differingSettings, installedJobs, type Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { doubtful, fine, type HealthFinding } from './finding.ts';

/** Whether a project’s jobs file says what is installed of it. */
export function jobsFileAsInstalled(store: Store, revision: Revision): HealthFinding {
  const { file, project } = revision;
  if (!existsSync(file)) {
    const message = `the jobs file ${file}, from which ${project} was installed, is not there; what is installed goes on`;
    return doubtful('jobs-file', message, 'bring it back, or sync from where it is now: cronwright sync --file PATH');
  }
  // Whoever can put a pipe there would have root wait for its other end.
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO() === true)
    return doubtful('jobs-file', `the jobs file ${file} is a pipe now`, 'bring it back');
  try {
    const { project: now } = readTimetable(file);
    if (now === undefined) {
      const message = `the jobs file ${file} has errors, so the next sync of ${project} would be refused`;
      return doubtful('jobs-file', message, `cronwright validate ${file}`);
    }
    return compared(store, revision, now);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return doubtful(
      'jobs-file',
      `the jobs file cannot be read: ${errorMessage(error)}`,
      error.hint ?? 'see who may read it',
    );
  }
}

function compared(store: Store, revision: Revision, now: Project): HealthFinding {
  const { file, project } = revision;
  if (now.name !== project) {
    const message = `the jobs file ${file}, from which ${project} was installed, is that of the project ${now.name} now`;
    return doubtful('jobs-file', message, `bring back project: ${project}, or sync an empty one of that name first`);
  }
  const differing = differingJobs(store, now) + settingsOf(revision, now);
  if (differing === 0) return fine('jobs-file', `${project} is installed as ${file} has it`);
  const message = `${file} was changed since the last sync of ${project}: the changes are not in force`;
  return doubtful('jobs-file', message, 'cronwright plan shows them, cronwright sync makes them so');
}

/** How many jobs are in one of the two alone, or differ. */
function differingJobs(store: Store, now: Project): number {
  const installed = new Map(installedJobs(store, now.name).map(({ job }) => [job.id, job]));
  const others = now.jobs.filter((job) => !isDeepStrictEqual(stored(job), stored(installed.get(job.id))));
  const named = new Set(now.jobs.map(({ id }) => id));
  return others.length + [...installed.keys()].filter((id) => !named.has(id)).length;
}

/** As the registry has it, which knows no undefined. */
function stored(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function settingsOf(revision: Revision, { mail, envFiles, ...project }: Project): number {
  const settings = { ...revision.settings, mail, envFiles };
  return differingSettings(revision, { ...project, mail, envFiles }, settings).length;
}
