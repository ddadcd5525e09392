import { ownAccount } from '../../job/account.ts';
import type { Project } from '../../job/job.ts';
import { loadJobs } from '../../job/load.ts';
import type { PlacedJob } from '../../job/placed.ts';
import type { Place, Problem } from '../../job/problem.ts';
import { readJobsText } from '../../job/read.ts';
import type { Cron } from './cron.ts';
import { type JobLimit, limitsForJobs } from './for-jobs.ts';

/** The markers around the jobs, and the tick with its own. */
const linesAround = 5;

/**
 * What the cron of a host cannot do for the jobs of a file, each at the place of its cause: what the calling user would
 * have installed into an empty table there.
 * @param file that the project was read from.
 */
export function cronProblems(file: string, project: Project, cron: Cron): readonly Problem[] {
  const table = { root: ownAccount().uid === 0, system: false, others: linesAround };
  const limits = limitsForJobs(project, cron, table);
  if (limits.length === 0) return [];
  const placed = new Map(loadJobs(file).placed.map((one) => [one.job.id, one]));
  return limits.map((limit) => {
    const { severity, code, message, hint, job } = limit;
    const place = placeOf(limit, job === null ? undefined : placed.get(job)) ?? startOf(file);
    return { ...place, severity, code, message, hint };
  });
}

/** By the codes of limits that one setting is the cause of. */
const causes: Readonly<Record<string, string>> = { 'cron-no-reboot': 'schedule', 'cron-skips-overlap': 'overlap' };

function placeOf({ code }: JobLimit, job: PlacedJob | undefined): Place | undefined {
  return job?.place(causes[code] ?? '', 'value');
}

function startOf(file: string): Place {
  const [source = ''] = readJobsText(file).text.split(/\r?\n/, 1);
  return { file, line: 1, column: 1, length: Math.max(1, source.length), source };
}
