import { exitStatus } from '../errors.ts';
import { nextInstant } from '../schedule/calendar.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { describe } from '../schedule/words.ts';
import { hostZone } from '../schedule/zone.ts';
import { type InstalledJob, installedJobs } from '../store/registry.ts';
import { latestRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { jobs } from '../terminal/human/jobs.ts';
import { lastRunView } from '../terminal/run-view.ts';
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
      const rows = store ? installedJobs(store, text(options, 'project')).map((job) => row(store, job, now)) : [];
      voiceOf(context, options).show(rows, jobs);
      return exitStatus.done;
    }),
};

function row(store: Store, { job }: InstalledJob, now: number): JobRowView {
  const zone = hostZone();
  const schedules = schedulesOf(job);
  const next = nextInstant(schedules, zone, now);
  const last = latestRun(store, job.id);
  return {
    job: job.id,
    schedule: job.schedule.length === 1 ? job.schedule[0] : job.schedule,
    timezone: zone.name,
    words: describe(schedules),
    state: last?.state === 'running' ? 'running' : 'scheduled',
    next: next === undefined ? null : localTime(next),
    last: last ? lastRunView(last, localTime) : null,
  };
}
