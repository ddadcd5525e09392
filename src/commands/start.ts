import { exitStatus } from '../errors.ts';
import { scheduleInForeground } from '../launch/foreground.ts';
import { installedJobs } from '../store/registry.ts';
import { count } from '../terminal/page.ts';
import { stamp } from '../terminal/when.ts';
import type { Command } from './command.ts';
import { localTime, stateOf, withStore } from './context.ts';

export const start: Command = {
  name: 'start',
  summary: 'run the installed jobs in the foreground, without a cron',
  description: `Start the installed jobs at their times, as cron would, until TERM or INT comes.
For containers and for machines without a cron. It takes in what sync installs
meanwhile.`,
  exits: [
    ['0', 'it was asked to end, and the jobs it had started have ended'],
    ['2', 'it could not be done: nothing is installed, or the state cannot be read'],
  ],
  examples: ['cronwright start'],
  run: (context, _operands, options) =>
    withStore(context, options, async (store) => {
      const { clock, cancel, launcher, err } = context;
      const say = (text: string): void => err.write(`${stamp(localTime(clock.now()))} ${text}\n`);
      say(`scheduling ${count(installedJobs(store).length, 'job')}; end with Ctrl-C or TERM`);
      await scheduleInForeground({
        store,
        clock,
        cancel,
        say,
        program: [launcher, '--state', stateOf(context, options)],
      });
      say('ended');
      return exitStatus.done;
    }),
};
