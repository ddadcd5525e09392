import { exitStatus, UserError } from '../errors.ts';
import { endRun } from '../launch/end-run.ts';
import { isHolderAlive, treeOf } from '../launch/holder.ts';
import type { StoredWorld } from '../launch/world.ts';
import { type LeftProcess, survivors } from '../run/tree.ts';
import { installedJob, jobOfRun } from '../store/registry.ts';
import { type OpenRun, openRunById, openRuns, type Run, requestCancel, runById } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { endedRuns } from '../terminal/human/runs.ts';
import { runView } from '../terminal/run-view.ts';
import { Watch } from '../terminal/watch.ts';
import { span } from '../terminal/when.ts';
import { type Command, jsonOption } from './command.ts';
import {
  type Context,
  errPageOf,
  findRun,
  localTime,
  namedJob,
  type Options,
  voiceOf,
  withStore,
  worldOf,
} from './context.ts';

export const cancel: Command = {
  name: 'cancel',
  summary: 'end a run with all of its processes',
  description: `End a run that goes on or waits for its turn, with all of its processes: TERM,
and after the grace of the job KILL. It is recorded as cancelled: no failure,
not tried again, and nobody is mailed.`,
  operands: [['<run>', 'a run, or the first letters of its name; or a job, for its run']],
  options: [['--all', 'every run of the job that goes on or waits'], jsonOption],
  exits: [
    ['0', 'it has ended'],
    ['1', 'there was nothing to end'],
    ['2', 'it could not be done: no such job, several runs, or a process that stays'],
  ],
  examples: ['cronwright cancel shop/backup', 'cronwright cancel 01k3x'],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const runs = wantedRuns(context, store, { name: name ?? '', all: options.all === true });
      if (runs.length === 0) {
        voiceOf(context, options).show([], () => `${name} is not running`);
        return exitStatus.no;
      }
      await endAll(context, options, { store, runs });
      const ended = runs.flatMap(({ run }) => runById(store, run) ?? []).map((run) => runView(run, localTime));
      voiceOf(context, options).show(ended, endedRuns);
      complainOfSurvivors(runs);
      return exitStatus.done;
    }),
};

function wantedRuns(context: Context, store: Store, { name, all }: { name: string; all: boolean }): readonly OpenRun[] {
  const run = findRun(store, name);
  if (run) return [openRunById(store, run.run) ?? []].flat();
  const { job } = namedJob(store, name);
  const runs = openRuns(store, job.id);
  if (runs.length <= 1 || all) return runs;
  const now = context.clock.now();
  const list = runs.map(({ run, state, startedAt }) => `${run} (${state} for ${span(now - startedAt)})`).join(', ');
  const hint = `cronwright cancel ${runs[0]?.run} ends one of them, cronwright cancel ${job.id} --all ends all`;
  throw new UserError(`${job.id} has several runs: ${list}`, hint);
}

interface Ending {
  readonly store: Store;
  readonly runs: readonly OpenRun[];
}

async function endAll(context: Context, options: Options, { store, runs }: Ending): Promise<void> {
  const world = worldOf(context, options, store);
  const by = `${context.user} on ${context.host}`;
  // All are asked before the first ends, so that none takes the place of another.
  for (const { run } of runs) requestCancel(store, run, by);
  const watch = options.json === true ? undefined : announce(context, world, runs);
  try {
    await Promise.all(runs.map((run) => endRun(world, run, graceOf(store, run))));
  } finally {
    watch?.end();
  }
}

/** Says what is being ended; on a terminal a line then tells that it goes on. */
function announce(context: Context, { store, clock }: StoredWorld, runs: readonly OpenRun[]): Watch {
  const { err } = context;
  const { style } = errPageOf(context);
  for (const run of runs) {
    const since = `${run.state} for ${span(clock.now() - run.startedAt)}`;
    err.write(`ending ${style.strong(run.job)} ${run.run}, ${since}${processWords(survivors(treeOf(run)))}\n`);
  }
  const [first] = runs;
  const watch = new Watch({ job: first?.job ?? '', startedAt: clock.now(), clock, err, style });
  const grace = Math.max(...runs.map((run) => graceOf(store, run)));
  watch.doing(`waiting for the end; what is left after ${span(grace)} gets KILL`);
  return watch;
}

const mostNamed = 8;

function processWords(processes: readonly LeftProcess[]): string {
  if (processes.length === 0) return '';
  const named = processes.slice(0, mostNamed).map(({ pid, name }) => `${pid} (${name})`);
  const more = processes.length > mostNamed ? ` and ${processes.length - mostNamed} more` : '';
  return `: ${processes.length === 1 ? 'process' : 'processes'} ${named.join(', ')}${more}`;
}

/** Ten seconds where the job is no longer known. */
const usualGrace = 10_000;

function graceOf(store: Store, run: Run): number {
  const installed = jobOfRun(store, run) ?? installedJob(store, run.job);
  return installed?.job.grace ?? usualGrace;
}

/** A process in an uninterruptible sleep cannot be ended by anybody, nor can one of another account. */
function complainOfSurvivors(runs: readonly OpenRun[]): void {
  const left = runs.filter((run) => !isHolderAlive(run)).flatMap((run) => survivors(treeOf(run)));
  if (left.length === 0) return;
  throw new UserError(
    `some of it could not be ended${processWords(left)}`,
    'ps shows what it waits for, and whose it is',
  );
}
