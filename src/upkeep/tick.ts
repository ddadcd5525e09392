import { errorMessage, exitStatus } from '../errors.ts';
import { deliverOutbox } from '../launch/deliver.ts';
import type { World } from '../launch/launch.ts';
import { beat } from '../store/events.ts';
import { closeDeadRuns } from './dead-runs.ts';
import { forgetOldRuns } from './retention.ts';

/** The duties of a tick, in their order. Each is bounded in itself. */
const duties: readonly ((world: World) => unknown)[] = [
  (world) => beat(world.store, 'tick', world.clock.now()),
  closeDeadRuns,
  deliverOutbox,
  forgetOldRuns,
];

/** What is put right each minute. A duty that fails does not keep the others from being done. */
export async function tick(world: World): Promise<number> {
  let status: number = exitStatus.done;
  for (const duty of duties) {
    try {
      await duty(world);
    } catch (error) {
      world.complain(`cronwright tick: ${errorMessage(error)}\n`);
      status = exitStatus.failed;
    }
  }
  return status;
}
