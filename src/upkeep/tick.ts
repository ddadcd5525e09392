import { errorMessage, exitStatus } from '../errors.ts';
import { deliverOutbox } from '../launch/deliver.ts';
import { tellTrouble } from '../launch/trouble.ts';
import type { StoredWorld, World } from '../launch/world.ts';
import { removeStaleDirectories } from '../run/private-directory.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { noteBeat } from './beat/beat.ts';
import { startInOtherZone } from './beat/moved-host.ts';
import { closeDeadRuns } from './dead-runs.ts';
import { watchTables } from './drift/watch.ts';
import { tellLateStarts } from './late.ts';
import { catchUp } from './missed/catch-up.ts';
import { lookForMissed } from './missed/look.ts';
import { lookAfterOrphans } from './orphans.ts';
import { forgetOldRuns } from './retention.ts';
import { startDueRetries } from './retries.ts';
import { tellSlowRuns } from './slow.ts';
import { takeInSpooled } from './spooled.ts';

/** The duties of a tick, in their order. Each is bounded in itself. */
const duties: readonly ((world: StoredWorld) => unknown)[] = [
  (world) => noteBeat(world),
  takeInSpooled,
  lookAfterOrphans,
  closeDeadRuns,
  startInOtherZone,
  tellLateStarts,
  tellSlowRuns,
  startDueRetries,
  lookForMissed,
  catchUp,
  watchTables,
  deliverOutbox,
  forgetOldRuns,
  ({ clock }) => removeStaleDirectories(clock.now()),
];

/**
 * What is put right each minute. A duty that fails does not keep the others from being done. A database that cannot be
 * used is told of now and then, not each minute.
 */
export async function tick(world: World): Promise<number> {
  if (world.store === undefined) {
    await tellTrouble(world, world.trouble);
    return exitStatus.failed;
  }
  let status: number = exitStatus.done;
  for (const duty of duties) {
    try {
      await duty(world);
    } catch (error) {
      if (error instanceof StoreTrouble) await tellTrouble(world, error);
      else world.complain(`cronwright tick: ${errorMessage(error)}\n`);
      status = exitStatus.failed;
    }
  }
  return status;
}
