import type { DaylightPolicy } from '../../job/job.ts';
import { isFixed, runsAfterGap, skippedBefore } from '../calendar/daylight.ts';
import type { Fields } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';
import type { Words } from './case.ts';
import { changed, changesOf, dateOf, timeOf, timesWithin } from './changes.ts';
import { few } from './few.ts';

/** What a change of the clock does to a schedule, and the wall time by which `start`, `end` and `except` judge it. */
export interface DaylightWords extends Words {
  readonly wall: number;
}

/**
 * The nights within a year that skip a fixed time of day. A rhythm such as `*` with a step has nothing to miss, and a job
 * that says what is to become of skipped times knows of them.
 */
export function daylightGaps(
  fields: Fields,
  zone: Zone,
  policy: DaylightPolicy,
  now: number,
): readonly DaylightWords[] {
  if (policy.skipped !== 'as-cron' || !isFixed(fields)) return [];
  return changesOf(zone, now).flatMap((span): readonly DaylightWords[] => {
    if (skippedBefore(span) <= 0) return [];
    const gap = changed(span);
    const times = timesWithin(fields, gap);
    if (times.length === 0) return [];
    const becomes = runsAfterGap(policy, true, span) ? `it runs at ${timeOf(gap.to)} instead` : 'it does not run then';
    const message = `on ${dateOf(gap.from)} there is no ${few(times)} in ${zone.name}: ${becomes}`;
    const hint = `choose a time outside of ${timeOf(gap.from)} to ${timeOf(gap.to)}, or say what is meant with dst: {skipped: run-after} or {skipped: skip}`;
    return [{ code: 'daylight-gap', message, hint, wall: gap.to }];
  });
}
