import type { DaylightPolicy } from '../../job/job.ts';
import { isFixed, runsOnlyOnce, skippedBefore } from '../calendar/daylight.ts';
import type { Fields } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';
import { changed, changesOf, dateOf, timeOf, timesWithin } from './changes.ts';
import type { DaylightWords } from './daylight-gap.ts';
import { few } from './few.ts';

/** The nights within a year that have a fixed time of day twice, as {@link daylightGaps} has those that skip it. */
export function daylightOverlaps(
  fields: Fields,
  zone: Zone,
  policy: DaylightPolicy,
  now: number,
): readonly DaylightWords[] {
  if (policy.repeated !== 'as-cron' || !isFixed(fields)) return [];
  return changesOf(zone, now).flatMap((span): readonly DaylightWords[] => {
    if (skippedBefore(span) >= 0) return [];
    const overlap = changed(span);
    const times = timesWithin(fields, overlap);
    if (times.length === 0) return [];
    const becomes = runsOnlyOnce(policy, true, span) ? 'it runs the first time alone' : 'it runs both times';
    const message = `on ${dateOf(overlap.from)} the clock in ${zone.name} shows ${few(times)} twice: ${becomes}`;
    const hint = `choose a time outside of ${timeOf(overlap.from)} to ${timeOf(overlap.to)}, or say what is meant with dst: {repeated: once} or {repeated: twice}`;
    return [{ code: 'daylight-overlap', message, hint, wall: overlap.from }];
  });
}
