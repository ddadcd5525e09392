import { exitStatus, UserError } from '../errors.ts';
import { environmentUnderCron } from '../install/cron-environment.ts';
import { linesOf } from '../install/lines.ts';
import { ownAccount } from '../job/account.ts';
import { type Settings, usualSettings } from '../job/completed.ts';
import { groupsOf } from '../job/groups.ts';
import type { Job } from '../job/job.ts';
import { taskDirectory, taskVariables, type Variable } from '../run/environment.ts';
import { identityOf } from '../run/identity.ts';
import { coming } from '../schedule/calendar/coming.ts';
import { calendarOf, offsetOf } from '../schedule/calendar/job-calendar.ts';
import { type Occasion, runs } from '../schedule/calendar/occasions.ts';
import { hashed } from '../schedule/expression/hash-expression.ts';
import { formatInstant } from '../schedule/instant.ts';
import { describe } from '../schedule/words/words.ts';
import { hostZone, type Zone } from '../schedule/zone/zone.ts';
import { pauseInForce } from '../store/pauses.ts';
import { type InstalledJob, installedLines, latestRevision, revisionById } from '../store/registry.ts';
import { history } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { environment as drawEnvironment } from '../terminal/human/environment.ts';
import { job as drawJob } from '../terminal/human/job.ts';
import { pauseView } from '../terminal/pause-view.ts';
import { runView } from '../terminal/run-view.ts';
import { timeView } from '../terminal/time-view.ts';
import type { EnvironmentView, HashedView, JobView, SettingsView, VariableView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, namedJob, voiceOf, withStore } from './context.ts';

const nextCount = 3;
const runCount = 5;

export const show: Command = {
  name: 'show',
  summary: 'show everything about one installed job',
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [
    ['--env', 'what its task sees instead: account, directory, and each variable with its origin'],
    ['--reveal', 'with --env, also values from env-files and those made with ${NAME}'],
    jsonOption,
  ],
  exits: commonExits,
  examples: ['cronwright show shop/backup', 'cronwright show shop/backup --env'],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const installed = namedJob(store, name ?? '');
      if (options.env === true) {
        const view = await environmentView(store, installed.job, options.reveal === true);
        voiceOf(context, options).show(view, drawEnvironment);
        return exitStatus.done;
      }
      const view = jobView(store, installed, context.clock.now());
      voiceOf(context, options).show(view, (one, page) => drawJob(one, page, settingsView(usualSettings)));
      return exitStatus.done;
    }),
};

function jobView(store: Store, { job, revision }: InstalledJob, now: number): JobView {
  const host = hostZone();
  const calendar = calendarOf(job, host);
  const pause = pauseInForce(store, job, now);
  const times = timesFrom(job, host, pause ? (pause.until ?? Number.POSITIVE_INFINITY) - 1 : now);
  const origin = revisionById(store, revision);
  const settings = latestRevision(store, job.project)?.settings;
  const { retry, notify } = job;
  return {
    job: job.id,
    description: job.description,
    owner: job.owner,
    schedule: job.schedule.length === 1 ? job.schedule[0] : job.schedule,
    words: describe(calendar.schedules),
    timezone: calendar.zone.name,
    paused: pause ? pauseView(pause, localTime) : null,
    next: times.filter(runs).map(({ at }) => localTime(at)),
    times: times.flatMap((one) => timeView(one, runs(one), (instant) => formatInstant(instant, calendar.zone))),
    hashed: job.schedule.flatMap((schedule) => hashedView(schedule, job)),
    offsetMs: offsetOf(job),
    lines: settings ? linesOf(job, installedLines(store, job.project), settings.launcher, { zone: host, at: now }) : [],
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
    ...settingsView(job),
    file: origin?.file ?? '',
    revision,
    installedAt: localTime(origin?.createdAt ?? 0),
    installedBy: origin?.createdBy ?? '',
    runs: history(store, { job: job.id, limit: runCount }).map((run) => runView(run, localTime)),
  };
}

/** None where nothing ends the pause. */
function timesFrom(job: Job, host: Zone, from: number): readonly Occasion[] {
  return Number.isFinite(from) ? coming(job, host, { from, until: undefined, count: nextCount }) : [];
}

function hashedView(schedule: string, { id }: Job): readonly HashedView[] {
  const standsFor = hashed(schedule, id);
  return standsFor === undefined ? [] : [{ schedule, standsFor }];
}

/** What the launch of the job would give its task if cron started it. */
async function environmentView(store: Store, job: Job, reveal: boolean): Promise<EnvironmentView> {
  const own = ownAccount();
  const identity = identityOf(job.user, own);
  if (identity && 'kind' in identity) throw new UserError(`${job.id} cannot be started: ${identity.message}`);
  const account = identity ?? own;
  const inherited = await environmentUnderCron(store, job.project, own);
  const variables = taskVariables({ job, inherited, underCron: true, identity: account, slot: undefined });
  const env = Object.fromEntries(Array.from(variables, ([name, { value }]) => [name, value]));
  const { umask, nice, stdin } = settingsView(job);
  return {
    job: job.id,
    user: { name: account.user, uid: account.uid, groups: groupsOf(account.user) },
    cwd: taskDirectory(job, env),
    umask,
    nice,
    stdin,
    variables: [...Array.from(variables, ([name, one]) => variableView(name, one, reveal)), ...ofEachRun].toSorted(
      byName,
    ),
  };
}

/** What differs from run to run; a start by hand has no slot. */
const ofEachRun = ['CRONWRIGHT_RUN', 'CRONWRIGHT_SLOT', 'CRONWRIGHT_ATTEMPT', 'CRONWRIGHT_EVENTS'].map(
  (name): VariableView => ({ name, value: null, origin: 'cronwright', file: null, secret: false }),
);

function variableView(name: string, { value, origin, secret }: Variable, reveal: boolean): VariableView {
  const file = origin.kind === 'env-file' ? origin.path : null;
  return { name, value: secret && !reveal ? null : value, origin: origin.kind, file, secret };
}

function byName(one: VariableView, other: VariableView): number {
  return one.name < other.name ? -1 : 1;
}

function settingsView({ output, waitUpTo, umask, jitter, ...others }: Settings): SettingsView {
  const { user, nice, stdin, overlap, successExit, failWhen } = others;
  const { labels, dst, start, end, except, missed, startDeadline, lateAfter, warnAfter } = others;
  return {
    user,
    umask: umask === null ? null : umask.toString(8).padStart(4, '0'),
    nice,
    stdin,
    overlap,
    waitUpToMs: waitUpTo,
    successExit,
    failWhen,
    output: {
      keepBytes: output.keep,
      file: output.file,
      rotate: { sizeBytes: output.rotate.size, keep: output.rotate.keep },
    },
    labels,
    dst,
    jitter: { offsetMs: jitter.offset, delayMs: jitter.delay },
    start,
    end,
    except,
    missed,
    startDeadlineMs: startDeadline,
    lateAfterMs: lateAfter,
    warnAfterMs: warnAfter,
  };
}
