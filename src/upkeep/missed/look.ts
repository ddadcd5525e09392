import type { StoredWorld } from '../../launch/world.ts';
import { hasDue } from '../../store/due.ts';
import { grace } from './grace.ts';

/** Looks for slots that should have been started and were not, and does with them as their jobs ask. */
export async function lookForMissed(world: StoredWorld): Promise<void> {
  if (!hasDue(world.store, world.clock.now() - grace)) return;
  // Loaded by need: it knows calendars and tables.
  await (await import('./account.ts')).account(world);
}
