import { exitStatus } from '../errors.ts';
import { isHolderAlive, treeOf } from '../launch/holder.ts';
import { survivors } from '../run/tree.ts';
import { closeRun, history, type OpenRun, openRuns, type Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { endedRuns } from '../terminal/human/runs.ts';
import { runView } from '../terminal/run-view.ts';
import { span } from '../terminal/when.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, localTime, namedJob, type Options, voiceOf, withStore } from './context.ts';

export const unlock: Command = {
  name: 'unlock',
  summary: 'close the runs of a job that are recorded as going on, and are not',
  description: `Close the runs of a job whose processes are gone, so that it can start again.
Nothing but a live process holds a job, and every start of cronwright closes
what is dead, so that this is hardly ever needed: it tells what holds a job.
With --force it also gives up runs that live. Their processes are not ended;
cronwright cancel does that.`,
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [['--force', 'give up runs that live, without ending them'], jsonOption],
  exits: [
    ['0', 'runs were closed'],
    ['1', 'there was none to close, or what there is lives'],
    ['2', 'it could not be done: usage, or something unreadable'],
  ],
  examples: ['cronwright unlock shop/backup', 'cronwright unlock shop/backup --force'],
  run: (context, [name], options) => {
    const begun = context.clock.now();
    return withStore(context, options, (store) => {
      const { job } = namedJob(store, name ?? '');
      const living = openRuns(store, job.id);
      // The dead ones were closed when the store was opened.
      const dead = history(store, { job: job.id, limit: mostClosed }).filter((run) => wasClosed(run, begun));
      const given = options.force === true ? living.flatMap((run) => giveUp(context, store, run)) : [];
      const closed = [...dead, ...given].map((run) => runView(run, localTime));
      voiceOf(context, options).show(closed, (rows, page) =>
        rows.length === 0 ? noneClosed(job.id, living.length) : endedRuns(rows, page),
      );
      if (options.force !== true) tellOfLiving(context, options, living);
      return closed.length > 0 ? exitStatus.done : exitStatus.no;
    });
  },
};

/** No job has more runs at once. */
const mostClosed = 100;

function wasClosed({ state, endedAt }: Run, since: number): boolean {
  return endedAt !== null && endedAt >= since && (state === 'interrupted' || state === 'cancelled');
}

function giveUp({ user, host, clock }: Context, store: Store, run: OpenRun): readonly Run[] {
  const reason = `was given up by ${user} on ${host}; ${holderWords(run)} may still be running`;
  closeRun(store, { run: run.run, state: 'interrupted', at: clock.now(), reason });
  return history(store, { job: run.job, limit: mostClosed }).filter((one) => one.run === run.run);
}

function noneClosed(job: string, living: number): string {
  return living === 0
    ? `nothing holds ${job}: no run of it is open`
    : `no run of ${job} was closed: what is open lives`;
}

function tellOfLiving(context: Context, options: Options, living: readonly OpenRun[]): void {
  if (living.length === 0 || options.json === true) return;
  const now = context.clock.now();
  const lines = living.map((run) => `${run.run} is ${run.state} for ${span(now - run.startedAt)}: ${holderWords(run)}`);
  const job = living[0]?.job;
  const end = living.length === 1 ? `cronwright cancel ${job} ends it` : `cronwright cancel ${job} --all ends them`;
  const advice = `${end}; --force gives up what lives without ending it`;
  context.err.write([...lines, advice, ''].join('\n'));
}

/** The process that keeps a run going: its wrapper, or what its task has left without one. */
function holderWords(run: OpenRun): string {
  if (isHolderAlive(run)) return `process ${run.pid}`;
  const [first, ...more] = survivors(treeOf(run)).map(({ pid, name }) => `process ${pid} (${name})`);
  return first === undefined ? `process ${run.pid}` : `${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}
