import { isAlive } from '../launch/holder.ts';
import type { StoredWorld } from '../launch/world.ts';
import { slowRuns } from '../store/marks.ts';

/** One tick tells of no more; the next goes on. */
const mostAtOnce = 20;

/** Tells of each run that takes longer than its job's `warn-after`, once, while it goes on. */
export async function tellSlowRuns(world: StoredWorld): Promise<void> {
  const runs = slowRuns(world.store, world.clock.now(), mostAtOnce).filter(isAlive);
  // Loaded by need: most ticks tell of none.
  if (runs.length > 0) (await import('./tell-slow.ts')).tellSlow(world, runs);
}
