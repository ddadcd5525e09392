import { exitStatus, UserError } from '../errors.ts';
import type { Piece } from '../run/capture.ts';
import { eventsOf } from '../store/events.ts';
import { type Told, toldOf } from '../store/outbox.ts';
import { outputOf } from '../store/output.ts';
import { attemptsOf, findRuns, latestRun, type Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { log, outputText } from '../terminal/human/runs.ts';
import { newDecoders, outputViews, runView } from '../terminal/run-view.ts';
import type { LogView, ToldView } from '../terminal/views.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { type Context, localTime, namedJob, pageOf, voiceOf, withStore } from './context.ts';

/** How often a followed run is looked at, in milliseconds. */
const followEvery = 250;

export const logs: Command = {
  name: 'logs',
  summary: 'show what a run did and what its task wrote',
  operands: [['<run>', 'a run, or the first letters of its name; or a job, for its latest run']],
  options: [['--follow', 'go on showing output until the run ends'], jsonOption],
  exits: commonExits,
  examples: ['cronwright logs shop/backup', 'cronwright logs 01k3x --follow'],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const run = namedRun(store, name ?? '');
      const pieces = outputOf(store, run.run);
      const decoders = newDecoders();
      voiceOf(context, options).show(logView(store, run, pieces, decoders), log);
      if (options.follow === true && options.json !== true) await follow(context, store, run, pieces.at(-1)?.seq ?? 0);
      return exitStatus.done;
    }),
};

/** The run that a person means: by its name or the beginning of it, or a job's latest. */
function namedRun(store: Store, name: string): Run {
  const [first, second] = /^[0-9a-z]{4,13}$/.test(name) ? findRuns(store, name) : [];
  if (first && !second) return first;
  if (first && second) throw new UserError(`several runs begin with ${name}`, 'write more of the name');
  const { job } = namedJob(store, name);
  const latest = latestRun(store, job.id);
  if (latest) return latest;
  throw new UserError(`${job.id} has not run yet`, `cronwright run ${job.id} runs it now`);
}

function logView(store: Store, run: Run, pieces: readonly Piece[], decoders: ReturnType<typeof newDecoders>): LogView {
  const kept = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
  return {
    run: runView(run, localTime),
    attempts: attemptsOf(store, run.run).map(({ number, startedAt, endedAt, end }) => ({
      number,
      startedAt: localTime(startedAt),
      endedAt: endedAt === null ? null : localTime(endedAt),
      end,
    })),
    events: eventsOf(store, run.run).map((event) => ({ ...event, at: localTime(event.at) })),
    told: toldOf(store, run.run).map(toldView),
    output: outputViews(pieces, localTime, decoders),
    omittedBytes: Math.max(0, run.stdoutBytes + run.stderrBytes - kept),
  };
}

function toldView({ recipients, sentAt, waiting, error }: Told): ToldView {
  if (sentAt !== null) return { to: recipients, state: 'sent', sentAt: localTime(sentAt), error };
  return { to: recipients, state: waiting ? 'waiting' : 'given-up', sentAt: null, error };
}

async function follow(context: Context, store: Store, run: Run, seen: number): Promise<void> {
  const decoders = newDecoders();
  const page = pageOf(context);
  let last = seen;
  for (let running = run.state === 'running'; running && !context.cancel.aborted; ) {
    await context.clock.sleep(followEvery);
    running = findRuns(store, run.run)[0]?.state === 'running';
    const pieces = outputOf(store, run.run, last);
    last = pieces.at(-1)?.seq ?? last;
    for (const piece of outputViews(pieces, localTime, decoders)) context.out.write(outputText(piece, page));
  }
  const end = findRuns(store, run.run)[0];
  if (end && run.state === 'running')
    context.out.write(`\n${end.job} ${end.state}${end.reason ? `: ${end.reason}` : ''}\n`);
}
