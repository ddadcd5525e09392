import { jobLines } from '../crontab/line.ts';
import { exitStatus } from '../errors.ts';
import { instants } from '../schedule/calendar.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { describe } from '../schedule/words.ts';
import { hostZone } from '../schedule/zone.ts';
import { type InstalledJob, latestRevision, revisionById } from '../store/registry.ts';
import { history } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { job as drawJob } from '../terminal/human/jobs.ts';
import { runView } from '../terminal/run-view.ts';
import type { JobView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, namedJob, voiceOf, withStore } from './context.ts';

const nextCount = 3;
const runCount = 5;

export const show: Command = {
  name: 'show',
  summary: 'show everything about one installed job',
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [jsonOption],
  exits: commonExits,
  examples: ['cronwright show shop/backup'],
  run: (context, [name], options) =>
    withStore(context, options, (store) => {
      const installed = namedJob(store, name ?? '');
      voiceOf(context, options).show(jobView(store, installed, context.clock.now()), drawJob);
      return exitStatus.done;
    }),
};

function jobView(store: Store, { job, revision }: InstalledJob, now: number): JobView {
  const zone = hostZone();
  const schedules = schedulesOf(job);
  const origin = revisionById(store, revision);
  const settings = latestRevision(store, job.project)?.settings;
  const { retry, notify } = job;
  return {
    job: job.id,
    description: job.description,
    owner: job.owner,
    schedule: job.schedule.length === 1 ? job.schedule[0] : job.schedule,
    words: describe(schedules),
    timezone: zone.name,
    next: Array.from(instants(schedules, zone, now).take(nextCount), localTime),
    lines: settings ? jobLines({ id: job.id, schedules }, settings.launcher) : [],
    command: job.command.kind === 'shell' ? job.command.line : job.command.argv,
    cwd: job.cwd,
    env: job.env,
    envFiles: job.envFiles,
    timeoutMs: job.timeout,
    graceMs: job.grace,
    retry: {
      attempts: retry.attempts,
      delayMs: retry.delay,
      backoff: retry.backoff,
      maxDelayMs: retry.maxDelay,
      jitter: retry.jitter,
      on: retry.on,
    },
    notify: { on: notify.on, to: notify.to.length > 0 ? notify.to : (settings?.mail?.to ?? []) },
    file: origin?.file ?? '',
    revision,
    installedAt: localTime(origin?.createdAt ?? 0),
    installedBy: origin?.createdBy ?? '',
    runs: history(store, { job: job.id, limit: runCount }).map((run) => runView(run, localTime)),
  };
}
