import { exitStatus, UserError } from '../errors.ts';
import { parseDuration } from '../job/duration.ts';
import { type RunState, runStates, history as runsOf } from '../store/runs.ts';
import { runs } from '../terminal/human/runs.ts';
import { runView } from '../terminal/run-view.ts';
import { type Command, commonExits, jsonOption } from './command.ts';
import { localTime, namedJob, type Options, text, voiceOf, withStoreIfAny } from './context.ts';

const defaultLimit = 20;

export const history: Command = {
  name: 'history',
  summary: 'show past runs, newest first',
  description: `Show past and present runs, newest first. What they used, in processor time and
at most in memory, is shown where the page has room; for one job it has.`,
  operands: [['[job]', 'only the runs of this job']],
  options: [
    ['--only <state>', `only runs in this state: ${runStates.join(', ')}`],
    ['--since <time>', 'only runs that started after a date, or within a time such as 7d'],
    ['--limit <number>', `show at most so many; default ${defaultLimit}`],
    jsonOption,
  ],
  exits: commonExits,
  examples: ['cronwright history', 'cronwright history shop/backup --only failed --since 7d'],
  run: (context, [name], options) =>
    withStoreIfAny(context, options, (store) => {
      const filter = {
        state: wantedState(options),
        since: wantedStart(options, context.clock.now()),
        limit: wantedLimit(options),
      };
      const job = name === undefined || !store ? undefined : namedJob(store, name).job.id;
      const found = store ? runsOf(store, { ...filter, job }) : [];
      const rows = found.map((run) => runView(run, localTime));
      voiceOf(context, options).show(rows, (views, page) => runs(views, page, { ofOneJob: job !== undefined }));
      return exitStatus.done;
    }),
};

function wantedState(options: Options): RunState | undefined {
  const wanted = text(options, 'only');
  const state = runStates.find((one) => one === wanted);
  if (wanted === undefined || state !== undefined) return state;
  throw new UserError(`found --only ${wanted}, expected one of ${runStates.join(', ')}`);
}

function wantedStart(options: Options, now: number): number | undefined {
  const wanted = text(options, 'since');
  if (wanted === undefined) return undefined;
  const duration = parseDuration(wanted);
  const instant = duration === undefined ? Date.parse(wanted) : now - duration;
  if (Number.isFinite(instant)) return instant;
  throw new UserError(`found --since ${wanted}, expected a time such as 7d, or a date such as 2026-11-01`);
}

function wantedLimit(options: Options): number {
  const wanted = text(options, 'limit') ?? String(defaultLimit);
  if (/^[1-9]\d{0,8}$/.test(wanted)) return Number(wanted);
  throw new UserError(`found --limit ${wanted}, expected a whole number from 1`);
}
