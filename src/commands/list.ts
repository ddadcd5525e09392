import { exitStatus, UserError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { calendarOf } from '../schedule/calendar/job-calendar.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { describe } from '../schedule/words/words.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { refuseUnknownLabel } from '../store/pause-target.ts';
import { longest, type Pause, pausesInForce } from '../store/pauses.ts';
import { type InstalledJob, installedJobs } from '../store/registry.ts';
import { latestRun, type OpenRun, openRuns } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { jobs } from '../terminal/human/jobs.ts';
import { pauseView } from '../terminal/pause-view.ts';
import { currentRunView, lastRunView } from '../terminal/run-view.ts';
import type { JobRowView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, type Options, text, voiceOf, withStoreIfAny } from './context.ts';

export const list: Command = {
  name: 'list',
  summary: 'show the installed jobs, when they run next and how they ran last',
  options: [
    ['--project <name>', 'only the jobs of this project'],
    ['--label <label>', 'only the jobs with this label'],
    jsonOption,
  ],
  exits: commonExits,
  examples: ['cronwright list', 'cronwright list --label nightly', 'cronwright list --json'],
  run: (context, _operands, options) =>
    withStoreIfAny(context, options, (store) => {
      const now = context.clock.now();
      const pauses = store ? pausesInForce(store, now) : [];
      const rows = store ? jobRows(store, wantedJobs(store, options), { now, pauses }) : [];
      const endless = pauses.filter(({ until }) => until === null).map((pause) => pauseView(pause, localTime));
      voiceOf(context, options).show(rows, (views, page) => jobs(views, page, endless, text(options, 'project')));
      return exitStatus.done;
    }),
};

function wantedJobs(store: Store, options: Options): readonly InstalledJob[] {
  const label = text(options, 'label');
  const found = installedJobs(store, text(options, 'project'));
  if (label === undefined) return found;
  refuseUnknownLabel(store, label);
  return found.filter(({ job }) => job.labels.some((one) => one === label));
}

/** What rows say besides their jobs. */
interface Moment {
  readonly now: number;
  readonly pauses: readonly Pause[];
}

function jobRows(store: Store, installed: readonly InstalledJob[], moment: Moment): readonly JobRowView[] {
  const open = openRuns(store);
  return installed.map(({ job }) => {
    const own = open.filter((run) => run.job === job.id);
    return row(store, job, moment, own.find(({ state }) => state === 'running') ?? own[0]);
  });
}

/** @param current the run that goes on or waits. */
function row(store: Store, job: Job, { now, pauses }: Moment, current: OpenRun | undefined): JobRowView {
  const pause = longest(pauses, job);
  const last = latestRun(store, job.id);
  const { timezone, next } = comingOf(job, pause === undefined ? now : pause.until && pause.until - 1);
  return {
    job: job.id,
    schedule: job.schedule.length === 1 ? job.schedule[0] : job.schedule,
    timezone,
    words: describe(schedulesOf(job)),
    state: current?.state ?? (pause === undefined ? 'scheduled' : 'paused'),
    next,
    paused: pause ? pauseView(pause, localTime) : null,
    last: last ? lastRunView(last, localTime) : null,
    current: current ? currentRunView(current, localTime) : null,
  };
}

/**
 * A job's zone and its next slot; of one whose zone the system has lost, nobody can tell, and the others are shown.
 * @param after null for never.
 */
function comingOf(job: Job, after: number | null): Pick<JobRowView, 'timezone' | 'next'> {
  try {
    const { zone, next } = calendarOf(job, hostZone());
    const slot = after === null ? undefined : next(after);
    return { timezone: zone.name, next: slot === undefined ? null : localTime(slot) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { timezone: job.timezone, next: null };
  }
}
