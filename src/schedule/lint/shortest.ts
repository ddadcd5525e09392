import { instantsOf } from '../calendar/calendar.ts';
import { walk } from '../calendar/instants.ts';
import type { Schedule } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';

/** A clock that is never put: what is measured are schedules, not a night of daylight saving. */
const even: Zone = {
  name: 'UTC',
  offsetAt: () => 0,
  spanAt: () => ({ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, offset: 0, before: 0 }),
};

const aheadMs = 40 * 86_400_000;
const most = 300;

/** The shortest time from one of the next starts to the one after it, milliseconds; infinite where they are rare. */
export function shortestInterval(schedules: readonly Schedule[], now: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of walk(instantsOf(schedules, even), now, now + aheadMs).take(most)) {
    shortest = Math.min(shortest, at - last);
    last = at;
  }
  return shortest;
}
