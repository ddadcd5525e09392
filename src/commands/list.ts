import { exitStatus } from '../errors.ts';
import { nextInstant } from '../schedule/calendar.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { describe } from '../schedule/words.ts';
import { hostZone } from '../schedule/zone.ts';
import { type InstalledJob, installedJobs } from '../store/registry.ts';
import { latestRun, type OpenRun, openRuns } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { jobs } from '../terminal/human/jobs.ts';
import { currentRunView, lastRunView } from '../terminal/run-view.ts';
import type { JobRowView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, text, voiceOf, withStoreIfAny } from './context.ts';

export const list: Command = {
  name: 'list',
  summary: 'show the installed jobs, when they run next and how they ran last',
  options: [['--project <name>', 'only the jobs of this project'], jsonOption],
  exits: commonExits,
  examples: ['cronwright list', 'cronwright list --json'],
  run: (context, _operands, options) =>
    withStoreIfAny(context, options, (store) => {
      const now = context.clock.now();
      const rows = store ? jobRows(store, text(options, 'project'), now) : [];
      voiceOf(context, options).show(rows, jobs);
      return exitStatus.done;
    }),
};

function jobRows(store: Store, project: string | undefined, now: number): readonly JobRowView[] {
  const open = openRuns(store);
  return installedJobs(store, project).map((installed) => {
    const own = open.filter((run) => run.job === installed.job.id);
    return row(store, installed, { now, current: own.find(({ state }) => state === 'running') ?? own[0] });
  });
}

/** What else a row says. */
interface Moment {
  readonly now: number;
  /** The run that goes on or waits. */
  readonly current: OpenRun | undefined;
}

function row(store: Store, { job }: InstalledJob, { now, current }: Moment): JobRowView {
  const zone = hostZone();
  const schedules = schedulesOf(job);
  const next = nextInstant(schedules, zone, now);
  const last = latestRun(store, job.id);
  return {
    job: job.id,
    schedule: job.schedule.length === 1 ? job.schedule[0] : job.schedule,
    timezone: zone.name,
    words: describe(schedules),
    state: current?.state ?? 'scheduled',
    next: next === undefined ? null : localTime(next),
    last: last ? lastRunView(last, localTime) : null,
    current: current ? currentRunView(current, localTime) : null,
  };
}
