import type { StoredWorld } from '../../launch/world.ts';
import { isOtherZone } from '../../store/beats.ts';

/**
 * Starts what is due at this minute where the table was made for another zone of the host, so that nothing is lost until
 * the next sync.
 */
export async function startInOtherZone(world: StoredWorld): Promise<void> {
  if (!isOtherZone(world.store)) return;
  // Loaded by need: hardly any host moves.
  await (await import('./other-zone.ts')).startDueNow(world);
}
