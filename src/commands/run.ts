import { durationWords } from '../job/duration.ts';
import { type Launched, launch } from '../launch/launch.ts';
import type { Observer } from '../run/observer.ts';
import { sentence } from '../run/outcome.ts';
import { findRuns } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { paintState } from '../terminal/page.ts';
import { runView } from '../terminal/run-view.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, localTime, namedJob, type Options, pageOf, withStore, worldOf } from './context.ts';

export const run: Command = {
  name: 'run',
  summary: 'run an installed job now, with its retries, and record it',
  description: `Run an installed job now, with the environment that cron would give it.
The crontab calls this command with --scheduled, --at-boot or --probe, which are not for people.`,
  operands: [['<job>', 'its full name; the bare one where only one project has it']],
  options: [jsonOption],
  exits: [
    ['0', 'the task succeeded'],
    ['n', 'the status of the task'],
    ['124', 'the task took longer than its timeout and was ended'],
    ['125', 'cronwright itself could not do its work'],
    ['126', 'the command may not be executed'],
    ['127', 'the command was not found'],
    ['128+n', 'signal n ended the task'],
  ],
  examples: ['cronwright run shop/backup'],
  run: (context, [name], options) =>
    withStore(context, options, async (store) => {
      const installed = namedJob(store, name ?? '');
      const onlooker = options.json === true ? undefined : liveOutput(context);
      const world = { ...worldOf(context, options, store), onlooker };
      const launched = await launch(world, { installed, trigger: 'manual', startedAt: context.clock.now() });
      if (launched.kind !== 'ran') return 0;
      report(context, store, launched, options);
      return launched.status;
    }),
};

/** The task's output as it comes, and a word about each further attempt. */
function liveOutput(context: Context): Observer {
  return {
    attemptStarted: () => undefined,
    output({ stream, bytes }) {
      // The bytes are lent, and a stream may write them later.
      const outlet = stream === 'stdout' ? context.out : context.err;
      outlet.write(Buffer.from(bytes));
    },
    attemptEnded({ number, end }) {
      if (end.kind !== 'exited' || end.status !== 0) context.err.write(`attempt ${number} ${sentence(end)}\n`);
    },
    waiting({ until }) {
      context.err.write(`next attempt in ${durationWords(until - context.clock.now())}\n`);
    },
  };
}

type Ran = Extract<Launched, { kind: 'ran' }>;

function report(context: Context, store: Store, { run, outcome }: Ran, options: Options): void {
  const recorded = findRuns(store, run)[0];
  if (options.json === true) {
    if (recorded) context.out.write(`${JSON.stringify(runView(recorded, localTime), null, 2)}\n`);
    return;
  }
  const { state, end, startedAt, endedAt } = outcome;
  const { style } = pageOf(context);
  const how = `${paintState(style, state)(state)} after ${durationWords(endedAt - startedAt)}`;
  const why = state === 'succeeded' ? '' : `: it ${sentence(end)}`;
  context.err.write(`${style.strong(recorded?.job ?? '')} ${how}${why} (run ${run})\n`);
}
