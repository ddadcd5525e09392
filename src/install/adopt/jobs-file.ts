import { existsSync, readFileSync } from 'node:fs';
import { breaches } from '../../job/breach.ts';
import { readSource } from '../../job/document.ts';
import type { SaidOfAll } from '../../job/edit/undisturbed.ts';
import type { Job, JobName, Project, Replaced } from '../../job/job.ts';
import { list } from '../../job/resolve.ts';
import { type JobsFile, jobsFile } from '../../job/shape.ts';
import { readTimetable, type Timetable } from '../../schedule/timetable.ts';

/** A jobs file to which jobs are to be added. */
export interface GrowingFile {
  /** As the person named it. */
  readonly path: string;
  /** Undefined for a file that is not there yet. */
  readonly text: string | undefined;
  readonly project: JobName;
  /** Those that it has, with its includes. */
  readonly jobs: readonly Job[];
  /** The lines of tables that they take the place of. */
  readonly replaces: readonly Replaced[];
  readonly said: SaidOfAll;
  /** Whether it says where mail goes. */
  readonly mails: boolean;
}

/** What a file that is not there is made from. */
export const newFileText = `# Check it with: cronwright validate
# All keys: cronwright schema, or docs/jobs-file.md of the package
version: 1
project: main
`;

/**
 * Reads a jobs file to which jobs are to be added, which may be one without jobs so far, or not be there.
 * @returns the file read and checked, as {@link readTimetable} does, where it has errors.
 * @throws UserError when it cannot be read.
 */
export function readGrowingFile(path: string): GrowingFile | Timetable {
  if (!existsSync(path)) return growing(path, undefined, undefined);
  const timetable = readTimetable(path);
  const text = readFileSync(path, 'utf8');
  if (timetable.project === undefined && !lacksOnlyJobs(text)) return timetable;
  return growing(path, text, timetable.project);
}

function growing(path: string, text: string | undefined, project: Project | undefined): GrowingFile {
  const data = dataOf(text ?? newFileText);
  const { timezone, defaults = {}, env = {}, mail } = data;
  return {
    path,
    text,
    project: project?.name ?? ((data.project ?? 'main') as JobName),
    jobs: project?.jobs ?? [],
    replaces: project?.replaces ?? [],
    said: {
      defaults: timezone === undefined ? defaults : { timezone, ...defaults },
      env,
      envFiles: list(data['env-file']),
    },
    mails: mail !== undefined,
  };
}

/** As far as it is one: its errors are looked at elsewhere. */
function dataOf(text: string): Partial<JobsFile> {
  return (readSource(text.replace(/^\uFEFF/, ''), '').value ?? {}) as Partial<JobsFile>;
}

/** A file that would be valid if its `jobs:` had any. */
function lacksOnlyJobs(text: string): boolean {
  const { value, problems } = readSource(text.replace(/^\uFEFF/, ''), '');
  const data = (value ?? {}) as Partial<JobsFile>;
  const isBare = data.jobs === undefined || data.jobs === null;
  return isBare && problems.length === 0 && breaches({ ...data, jobs: {} }, jobsFile).length === 0;
}
