import { exitStatus } from '../errors.ts';
import { environmentUnderCron } from '../install/cron-environment.ts';
import { ownAccount } from '../job/account.ts';
import { durationWords } from '../job/duration.ts';
import type { Variables } from '../job/environment.ts';
import { type Launched, launch } from '../launch/launch.ts';
import type { Observer } from '../run/observer.ts';
import { exitStatusOf, sentence } from '../run/outcome.ts';
import { resultOf as resultText } from '../store/notes.ts';
import type { InstalledJob } from '../store/registry.ts';
import { openRuns, type Run, runById } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { differenceWords } from '../terminal/human/environment.ts';
import { resultWords } from '../terminal/human/log.ts';
import { harmless } from '../terminal/layout.ts';
import { paintState } from '../terminal/page.ts';
import { resultView, runView } from '../terminal/run-view.ts';
import type { Style } from '../terminal/style.ts';
import { Watch } from '../terminal/watch.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, errPageOf, localTime, namedJob, type Options, withStore, worldOf } from './context.ts';

export const run: Command = {
  name: 'run',
  summary: 'run an installed job now, with its retries, and record it',
  description: `Run an installed job now. Its task sees what cron would give it, and nothing of
your shell, but \${NAME} in the jobs file may stand for a variable of yours.
With --as-cron it may not, and the variables that the crontab sets are in force:
if it works so, it works from cron. On a terminal a line shows how far the task
is. The crontab calls this command with --scheduled, --at-boot or --probe, which
are not for people.`,
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [['--as-cron', 'in exactly the environment in which cron would start it'], jsonOption],
  exits: [
    ['0', 'the task succeeded'],
    ['n', 'the status of the task'],
    ['124', 'the task took longer than its timeout and was ended'],
    ['125', 'cronwright itself could not do its work, or the start was skipped'],
    ['126', 'the command may not be executed'],
    ['127', 'the command was not found'],
    ['128+n', 'signal n ended the task'],
  ],
  examples: ['cronwright run shop/backup', 'cronwright run shop/backup --as-cron'],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const installed = namedJob(store, name ?? '');
      const environment = await startEnvironment(context, options, { store, installed });
      const startedAt = context.clock.now();
      const watch = options.json === true ? undefined : watchOf(context, store, installed);
      const onlooker = watch && showing(context, watch);
      const start = { installed, trigger: 'manual', startedAt, asCron: options.asCron === true } as const;
      const world = { ...worldOf(context, options, store), environment, onlooker };
      const launched = await launch(world, start).finally(() => watch?.end());
      return launched.kind === 'not-due'
        ? exitStatus.done
        : report(context, options, resultOf(store, installed.job.id, launched));
    }),
};

interface Chosen {
  readonly store: Store;
  readonly installed: InstalledJob;
}

/** The environment that the wrapper is to have; where it is cron's, a line says how it differs. */
async function startEnvironment(context: Context, options: Options, { store, installed }: Chosen): Promise<Variables> {
  const own = context.environment;
  if (options.asCron !== true) return own;
  const underCron = await environmentUnderCron(store, installed.job.project, ownAccount());
  if (options.json !== true) context.err.write(`as cron: ${differenceWords(own, underCron)}\n`);
  // It names descriptors of this process, and goes no further.
  return { ...underCron, CRONWRIGHT_PIPES: own.CRONWRIGHT_PIPES };
}

function watchOf(context: Context, store: Store, { job }: InstalledJob): Watch {
  const { clock, err } = context;
  const watch = new Watch({ job: job.id, startedAt: clock.now(), clock, err, style: errPageOf(context).style });
  const [holder] = openRuns(store, job.id);
  if (holder && job.overlap === 'wait')
    watch.say(`waiting for run ${holder.run}, up to ${durationWords(job.waitUpTo)}`);
  if (holder && job.overlap === 'replace') watch.say(`ending run ${holder.run}, which this one replaces`);
  return watch;
}

/** The task's output as it comes, what it reports, and a word about each further attempt. */
function showing(context: Context, watch: Watch): Observer {
  const { out, err, clock } = context;
  let latest = '';
  return {
    attemptStarted: () => undefined,
    // The bytes are lent, and a stream may write them later.
    output: ({ stream, bytes }) => watch.write(stream === 'stdout' ? out : err, Buffer.from(bytes)),
    reported({ event }) {
      if (event.kind === 'message') watch.message(err, event.level, event.message);
      if (event.kind === 'progress') watch.progress(event.value);
    },
    attemptEnded({ number, end }) {
      latest = `attempt ${number} ${sentence(end)}`;
    },
    waiting({ until, next }) {
      watch.progress(null);
      watch.say(`${latest}; attempt ${next} follows in ${durationWords(Math.max(0, until - clock.now()))}`);
    },
  };
}

interface Result {
  readonly job: string;
  readonly launched: Exclude<Launched, { kind: 'not-due' }>;
  /** Undefined where the database could not be used: the record waits in the spool. */
  readonly recorded: Run | undefined;
  readonly value: unknown;
}

function resultOf(store: Store, job: string, launched: Result['launched']): Result {
  try {
    const value = resultView(resultText(store, launched.run));
    return { job, launched, recorded: runById(store, launched.run), value };
  } catch (error) {
    if (error instanceof StoreTrouble) return { job, launched, recorded: undefined, value: null };
    throw error;
  }
}

/** Says what became of the start, and returns the exit status. */
function report(context: Context, options: Options, result: Result): number {
  const { launched, recorded } = result;
  if (options.json !== true) say(context, result);
  else if (recorded) context.out.write(`${JSON.stringify(runView(recorded, localTime), null, 2)}\n`);
  if (launched.kind === 'ran') return launched.status;
  return recorded?.state === 'cancelled' ? exitStatusOf({ kind: 'cancelled', by: 'SIGTERM' }) : exitStatus.wrapper;
}

function say(context: Context, { job, launched, recorded, value }: Result): void {
  const { style } = errPageOf(context);
  for (const words of resultWords(value)) context.err.write(`${harmless(words)}\n`);
  const how = launched.kind === 'ran' ? endWords(launched, recorded, style) : style.warn(skipWords(launched, recorded));
  context.err.write(`${style.strong(job)} ${how} (run ${launched.run})\n`);
}

function skipWords({ reason }: Extract<Launched, { kind: 'skipped' }>, recorded: Run | undefined): string {
  return recorded?.state === 'cancelled' ? harmless(recorded.reason ?? reason) : `was not run: ${harmless(reason)}`;
}

function endWords({ outcome }: Extract<Launched, { kind: 'ran' }>, recorded: Run | undefined, style: Style): string {
  const { state, end, startedAt, endedAt } = outcome;
  const how = `${paintState(style, state)(state)} after ${durationWords(endedAt - startedAt)}`;
  // The record knows who asked for an end, the outcome knows the signal alone.
  return state === 'succeeded' ? how : `${how}: it ${harmless(recorded?.reason ?? sentence(end))}`;
}
