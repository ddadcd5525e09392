import type { StoredWorld } from '../../launch/world.ts';
import { beat, isOtherZone, lastMoment, type Moment, noteOtherZone } from '../../store/beats.ts';
import { recount } from '../../store/due.ts';
import { addGap, cutGaps, type Gap } from '../../store/gaps.ts';
import { cutMissed } from '../../store/missed.ts';
import { cutOwed } from '../../store/owed.ts';
import { firstInstalled } from '../../store/registry.ts';
import { type Store, together } from '../../store/store.ts';
import { gapBetween } from './gap-cause.ts';
import { thisMoment } from './moment.ts';

/**
 * Notes that a tick came, and what the time since the one before tells: that none could come, that the clock was set, or
 * that the host has another zone.
 */
export async function noteBeat(world: StoredWorld, now: Moment = thisMoment(world.clock)): Promise<void> {
  const { store } = world;
  const last = lastMoment(store);
  const gap = gapUpTo(store, last, now);
  const isZoneNew = last === undefined || !('zone' in last) || last.zone !== now.zone;
  // Loaded by need: it reads what the lines were made for.
  const isOther = isZoneNew || isOtherZone(store) ? (await import('./other-zone.ts')).isMadeForOther(store) : undefined;
  const isFirst = last === undefined;
  together(
    store,
    () => {
      if (gap?.cause === 'clock-back') cutAhead(store, now.at);
      if (gap) addGap(store, gap);
      if (gap?.cause === 'clock-back' || (isZoneNew && !isFirst)) recount(store, now.at);
      if (isOther !== undefined) noteOtherZone(store, now.at, isOther);
      beat(store, now);
    },
    { durability: 'normal' },
  );
}

/** What lies before a tick; before the first of all, the time since something was installed. */
function gapUpTo(store: Store, last: ReturnType<typeof lastMoment>, now: Moment): Gap | undefined {
  if (last !== undefined) return gapBetween(last, now);
  const at = firstInstalled(store);
  return at === undefined || at > now.at ? undefined : gapBetween({ at }, now);
}

/** What was known of the time that comes again. */
function cutAhead(store: Store, now: number): void {
  cutGaps(store, now);
  cutMissed(store, now);
  cutOwed(store, now);
}
