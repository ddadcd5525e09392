import type { Job, JobId, Project } from '../../job/job.ts';
import { schedulesOf } from '../../schedule/job-schedules.ts';
import type { Cron } from './cron.ts';

/** What a cron cannot do for the jobs of a project, or for one of them. */
export interface JobLimit {
  /** Null for all of them. */
  readonly job: JobId | null;
  readonly severity: 'error' | 'warning';
  /** Kebab-case, such as `cron-table-full`. */
  readonly code: string;
  /** Without its full stop, as those of all problems. */
  readonly message: string;
  readonly hint: string;
}

/** The table that the jobs are for. */
export interface JobsTable {
  /** It is root's, for whom some crons have other bounds. */
  readonly root: boolean;
  /** A file in /etc/cron.d. */
  readonly system: boolean;
  /** Its lines besides those of these jobs: of others, the tick, the markers around a block. */
  readonly others: number;
}

/** What a cron cannot do, and what that means for these jobs; errors first. */
export function limitsForJobs(project: Project, cron: Cron, table: JobsTable): readonly JobLimit[] {
  const found = [
    ...tableFull(project, cron, table),
    ...noSystemTables(cron, table),
    ...project.jobs.flatMap((job) => [...noBoot(job, cron), ...noOverlap(job, cron)]),
    ...lostMail(project, cron),
    ...lostHour(project, cron),
  ];
  return found.toSorted((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}

function tableFull({ jobs }: Project, cron: Cron, { root, system, others }: JobsTable): readonly JobLimit[] {
  const { unit, ofSystem } = cron.table;
  const most = root ? cron.table.mostOfRoot : cron.table.most;
  const count = jobs.reduce((sum, job) => sum + lineCount(job, cron), others);
  if (count <= most || (system && !ofSystem)) return [];
  const what = unit === 'lines' ? 'lines, comments included' : 'entries';
  const message = `these jobs make a table of ${count} lines, and ${cron.title} takes at most ${most} ${what}`;
  return [limit('error', 'cron-table-full', message, 'install some of them for another user')];
}

function lineCount(job: Job, { reboot }: Cron): number {
  const kinds = schedulesOf(job).map(({ kind }) => kind);
  const timed = kinds.some((kind) => kind !== 'reboot');
  return Number(timed) + Number(reboot && kinds.includes('reboot'));
}

function noSystemTables({ title, systemNames }: Cron, { system }: JobsTable): readonly JobLimit[] {
  if (!system || systemNames !== undefined) return [];
  const message = `${title} does not look into /etc/cron.d, so nothing there is ever started`;
  return [limit('error', 'cron-no-system-tables', message, 'install into the crontab of root with --target user')];
}

function noBoot(job: Job, { title, reboot }: Cron): readonly JobLimit[] {
  if (reboot || !schedulesOf(job).some(({ kind }) => kind === 'reboot')) return [];
  const message = `${title} does not know @reboot, so the job is not started when the machine starts`;
  const hint = 'start it from the init system, with cronwright run, or give it a time of day';
  return [{ ...limit('error', 'cron-no-reboot', message, hint), job: job.id }];
}

function noOverlap({ id, overlap }: Job, { title, skipsOverlap }: Cron): readonly JobLimit[] {
  if (!skipsOverlap || overlap === 'skip') return [];
  const message = `${title} leaves out a start while the last one of the same line goes on, so overlap: ${overlap} never comes to bear`;
  const hint = 'say overlap: skip, or make runs shorter than the time between them';
  return [{ ...limit('warning', 'cron-skips-overlap', message, hint), job: id }];
}

/** Without `mail:`, reports go to standard error, for cron to mail. */
function lostMail({ mail }: Project, { title, mails, mailsWhen }: Cron): readonly JobLimit[] {
  if (mail !== undefined || (mails && mailsWhen === 'output')) return [];
  const lost = {
    output: '',
    'output-and-mailto': ' without a MAILTO in the table',
    failed: ' unless the job has failed',
  };
  const when = mails ? lost[mailsWhen] : '';
  const message = `the file has no mail:, and ${title} mails nothing${when}, so reports of missed or late starts reach nobody`;
  return [limit('warning', 'cron-mails-nothing', message, 'say where reports go with mail:')];
}

function lostHour({ jobs }: Project, { title, daylight }: Cron): readonly JobLimit[] {
  if (daylight !== 'passes-over' || jobs.length === 0) return [];
  const message = `where the host has daylight saving, ${title} starts nothing in the hour that its end shows for the second time`;
  const hint = 'keep the host on UTC, or let missed: make up for starts that matter';
  return [limit('warning', 'cron-passes-over', message, hint)];
}

function limit(severity: JobLimit['severity'], code: string, message: string, hint: string): JobLimit {
  return { job: null, severity, code, message, hint };
}
