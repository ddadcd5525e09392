import { exitStatus, UserError } from '../errors.ts';
import { isAlive } from '../launch/holder.ts';
import { LogReader, type News } from '../store/log-reader.ts';
import { resultOf } from '../store/notes.ts';
import { type Told, toldOf } from '../store/outbox.ts';
import { attemptsOf, isOpen, latestRun, openRunById, type Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { log, omittedWords, outputText, resultWords } from '../terminal/human/log.ts';
import { endWords } from '../terminal/human/runs.ts';
import { harmless } from '../terminal/layout.ts';
import { type Decoders, newDecoders, outputViews, resultView, runView } from '../terminal/run-view.ts';
import type { LogView, ToldView } from '../terminal/views.ts';
import { Watch } from '../terminal/watch.ts';
import { closeDeadRuns } from '../upkeep/dead-runs.ts';
import { type Command, jsonOption } from './command.ts';
import {
  type Context,
  findRun,
  localTime,
  namedJob,
  type Options,
  pageOf,
  voiceOf,
  withStore,
  worldOf,
} from './context.ts';

/** How often a followed run is looked at, in milliseconds. */
const followEvery = 250;

export const logs: Command = {
  name: 'logs',
  summary: 'show what a run did and what its task wrote',
  description: `Show how a run went: its attempts, what its task reported, what became of the
mails, its result, and the output that is kept.`,
  operands: [['<run>', 'a run, or the first letters of its name; or a job, for its latest run']],
  options: [
    ['--follow', 'go on until the run ends'],
    ['--raw', 'only the output that is kept, byte for byte, each stream to its own'],
    jsonOption,
  ],
  exits: [
    ['0', 'done, however the run ended'],
    ['2', 'it could not be done: no such run, or something unreadable'],
  ],
  examples: [
    'cronwright logs shop/backup',
    'cronwright logs 01k3x --follow',
    'cronwright logs shop/export --raw | gunzip',
  ],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const run = namedRun(store, name ?? '');
      await showAs(options)({ context, options, store, run, reader: new LogReader(store, run) });
      return exitStatus.done;
    }),
};

/** A run that is looked at. */
interface Sight {
  readonly context: Context;
  readonly options: Options;
  readonly store: Store;
  readonly run: Run;
  readonly reader: LogReader;
}

/** The run that a person means: by its name or the beginning of it, or a job's latest. */
function namedRun(store: Store, name: string): Run {
  const run = findRun(store, name);
  if (run) return run;
  const { job } = namedJob(store, name);
  const latest = latestRun(store, job.id);
  if (latest) return latest;
  throw new UserError(`${job.id} has not run yet`, `cronwright run ${job.id} runs it now`);
}

function showAs({ raw, json }: Options): (sight: Sight) => Promise<void> {
  if (raw === true && json === true) throw new UserError('found both --raw and --json, expected one of them');
  if (raw === true) return showRaw;
  return json === true ? showJson : showText;
}

async function showText(sight: Sight): Promise<void> {
  const { context, options, reader } = sight;
  const decoders = newDecoders();
  const news = reader.read();
  voiceOf(context, options).show(logView(sight, news, decoders), log);
  if (options.follow === true && news.run.endedAt === null) await follow(sight, news.run, decoders);
}

async function showJson(sight: Sight): Promise<void> {
  const { context, options, reader } = sight;
  if (options.follow === true) await untilEnd(sight, () => undefined);
  voiceOf(context, options).show(logView(sight, reader.read(), newDecoders()), log);
}

async function showRaw(sight: Sight): Promise<void> {
  const { context, options, reader } = sight;
  const writeNew = (): void => {
    for (const { stream, bytes } of reader.read().pieces)
      (stream === 'stdout' ? context.out : context.err).write(bytes);
  };
  writeNew();
  if (options.follow === true) await untilEnd(sight, writeNew);
  for (const words of omittedWords(reader.omitted)) context.err.write(`cronwright: ${words}\n`);
}

/** Looks at a run again and again until it has ended, or the person has enough; `look` sees the end too. */
async function untilEnd({ context, options, store, run }: Sight, look: () => void): Promise<void> {
  const { clock, cancel } = context;
  for (let open = isOpen(store, run.run); open && !cancel.aborted; look()) {
    await clock.sleep(followEvery, cancel).catch(() => undefined);
    // Before the next tick nobody else closes a run whose wrapper was killed.
    const held = openRunById(store, run.run);
    if (held && !isAlive(held)) closeDeadRuns(worldOf(context, options, store));
    open = isOpen(store, run.run);
  }
}

async function follow(sight: Sight, run: Run, decoders: Decoders): Promise<void> {
  const { context, reader } = sight;
  const { clock, err, out } = context;
  const page = pageOf(context);
  const watch = new Watch({ job: run.job, startedAt: run.startedAt, clock, err, style: page.style });
  watch.progress(run.progress);
  let latest = run;
  const look = (): void => {
    const news = reader.read();
    latest = news.run;
    for (const piece of outputViews(news.pieces, localTime, decoders)) watch.write(out, outputText(piece, page));
    for (const { level, message } of news.events) watch.message(out, level, message);
    watch.progress(latest.progress);
  };
  await untilEnd(sight, look).finally(() => watch.end());
  if (latest.endedAt !== null) out.write(endText(sight, latest));
}

function endText({ store, reader }: Sight, run: Run): string {
  const end = `${run.job} ${endWords(runView(run, localTime))}`;
  const lines = [...omittedWords(reader.omitted), ...resultWords(resultView(resultOf(store, run.run))), end];
  return `\n${lines.map((line) => `${harmless(line)}\n`).join('')}`;
}

function logView({ store, reader }: Sight, { run, pieces, events }: News, decoders: Decoders): LogView {
  return {
    run: runView(run, localTime),
    attempts: attemptsOf(store, run.run).map(({ number, startedAt, endedAt, end }) => ({
      number,
      startedAt: localTime(startedAt),
      endedAt: endedAt === null ? null : localTime(endedAt),
      end,
    })),
    events: events.map((event) => ({ ...event, at: localTime(event.at) })),
    told: toldOf(store, run.run).map(toldView),
    output: outputViews(pieces, localTime, decoders),
    omittedBytes: reader.omitted,
    result: resultView(resultOf(store, run.run)),
  };
}

function toldView({ recipients, sentAt, waiting, error }: Told): ToldView {
  if (sentAt !== null) return { to: recipients, state: 'sent', sentAt: localTime(sentAt), error };
  return { to: recipients, state: waiting ? 'waiting' : 'given-up', sentAt: null, error };
}
