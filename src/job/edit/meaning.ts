import { UserError } from '../../errors.ts';
import { CalendarFiles } from '../except.ts';
import type { Job, Project } from '../job.ts';
import { resolveJobs } from '../resolve.ts';
import type { JobEntryText } from './with-jobs.ts';

/**
 * Checks that the jobs of a file are what they were, and that the added ones mean what they say, whatever the file says of
 * all its jobs.
 * @param before the jobs of the file as it was.
 * @param zone the IANA name of the host's, which a job without one has.
 * @throws UserError naming the first job that would be another one.
 */
export function checkMeaning(
  before: readonly Job[],
  project: Project,
  added: readonly JobEntryText[],
  zone: string,
): void {
  const found = new Map(project.jobs.map((job) => [job.name, job]));
  const harmed = before.find((job) => JSON.stringify(job) !== JSON.stringify(found.get(job.name)));
  if (harmed !== undefined) throw altered(`the job ${harmed.name}, which is there already, would be another one`);
  for (const one of added) {
    const wanted = alone(one, project);
    const differing = differenceOf(zoned(wanted, zone), zoned(found.get(one.name), zone));
    if (differing !== undefined) throw altered(`the file would change ${differing} of the new job ${one.name}`);
  }
  const extra = project.jobs.length - before.length - added.length;
  if (extra !== 0) throw altered(`the file would have ${project.jobs.length} jobs`);
}

function zoned(job: Job | undefined, zone: string): Job | undefined {
  return job && { ...job, timezone: job.timezone || zone };
}

function altered(what: string): UserError {
  return new UserError(`the jobs cannot be added to the jobs file: ${what}; nothing was written`, 'see its defaults:');
}

/** The job in a file that says nothing of all its jobs. */
function alone({ name, entry }: JobEntryText, { file, name: project }: Project): Job | undefined {
  const data = { version: 1 as const, jobs: { [name]: entry } };
  return resolveJobs({ path: file, data, calendars: new CalendarFiles() }, project, {})[0];
}

/** What may come from the file: it changes nothing about what runs, or cannot be taken back and is told. */
const loose: readonly string[] = [
  'owner',
  'labels',
  'env',
  'envFiles',
  'retry',
  'output',
  'notify',
  'waitUpTo',
  'startDeadline',
];

function differenceOf(wanted: Job | undefined, found: Job | undefined): string | undefined {
  if (wanted === undefined || found === undefined) return 'everything';
  const keys = (Object.keys(wanted) as (keyof Job)[]).filter((key) => !loose.includes(key));
  const differing = keys.find((key) => JSON.stringify(wanted[key]) !== JSON.stringify(found[key]));
  if (differing !== undefined) return differing;
  if (found.retry.attempts !== wanted.retry.attempts) return 'retry';
  if (found.output.file !== wanted.output.file) return 'output';
  return Object.entries(wanted.env).some(([name, value]) => found.env[name] !== value) ? 'env' : undefined;
}
