import type { StoredWorld } from '../launch/world.ts';
import { lateDue, lateWaiting } from '../store/marks.ts';

/** Cron starts a job and the tick in the same second: what is due this minute is on its way. */
const onItsWay = 60_000;

/**
 * Tells of each slot that has not begun although its job's `late-after` has passed, once: its wrapper waits, or there is
 * none. Of one that begins late its wrapper tells; one that is long past is missed, and told as that.
 */
export async function tellLateStarts(world: StoredWorld): Promise<void> {
  const { store, clock } = world;
  const now = clock.now();
  const waiting = lateWaiting(store, now);
  const until = now - onItsWay;
  const due = lateDue(store, now, until);
  // Loaded by need: in most ticks nothing is late.
  if (waiting.length + due.length > 0) (await import('./tell-late.ts')).tellLate(world, { waiting, due, until });
}
