import type { StoredWorld } from '../../launch/world.ts';
import { type Watched, watchedTables } from '../../store/watch.ts';
import { putOff, type Stamped, stampOf, unseen } from './stamp.ts';

/** A table that cannot be seen is read after this, in milliseconds, and so is one that is to be looked at again. */
const readEvery = 600_000;

/**
 * Compares each table that has changed with what was installed in it, and tells of what differs. Mostly none has, and then
 * all that it costs is to look at a file's times.
 */
export async function watchTables(world: StoredWorld): Promise<void> {
  const { store, clock, identity } = world;
  const now = clock.now();
  const changed = watchedTables(store).flatMap((watched): readonly Stamped[] => {
    const { target } = watched;
    const stamp = stampOf(target, identity.user);
    return isDue(watched, stamp, now) ? [{ target, stamp }] : [];
  });
  if (changed.length === 0) return;
  // A chunk of its own: what reads tables is large.
  const { lookAtTables } = await import('./table-drift.ts');
  await lookAtTables(world, changed);
}

function isDue({ stamp: before, lookedAt }: Watched, stamp: string, now: number): boolean {
  if (lookedAt === null || (stamp !== before && before !== putOff)) return true;
  // The clock may have been set back.
  return (stamp === unseen || before === putOff) && Math.abs(now - lookedAt) >= readEvery;
}
