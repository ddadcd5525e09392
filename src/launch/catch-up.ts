import { isOwed } from '../store/owed.ts';
import { launch } from './launch.ts';
import { startOf } from './start.ts';
import type { StoredWorld } from './world.ts';

/** No job owes more; should that change while it makes up for them, the tick starts another wrapper. */
const mostAtOnce = 100;

/**
 * Makes up for the missed slots of a job, one after the other, the oldest first. It gives way to any other run of the
 * job, and leaves the rest to the tick then.
 */
export async function catchUp(world: StoredWorld, name: string): Promise<void> {
  const { store, clock, cancel } = world;
  for (let made = 0; made < mostAtOnce && !cancel.aborted; made++) {
    const start = startOf(store, { trigger: 'catch-up', name, startedAt: clock.now() });
    if (start?.slot === undefined) return;
    const { id } = start.installed.job;
    await launch(world, start);
    if (isOwed(store, id, start.slot)) return;
  }
}
