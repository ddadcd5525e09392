import { tick as doTick } from '../upkeep/tick.ts';
import { type Command, commonExits } from './command.ts';
import { withStore, worldOf } from './context.ts';

export const tick: Command = {
  name: 'tick',
  summary: 'close dead runs and send waiting mail; the crontab calls it each minute',
  description: 'Close runs whose process is gone, and send the mail that waits in the outbox.',
  exits: commonExits,
  examples: ['cronwright tick'],
  run: (context, _operands, options) =>
    withStore(context, options, (store) => doTick(worldOf(context, options, store))),
};
