import type { PlacedCalendar } from '../../job/load.ts';
import type { PlacedJob } from '../../job/placed.ts';
import type { Problem } from '../../job/problem.ts';
import { namedZone } from '../zone/zone.ts';
import { calendarPassed } from './calendar-passed.ts';
import type { Case, Present, Remark } from './case.ts';
import { crowdedMinute } from './crowded-minute.ts';
import { endPassed } from './end-passed.ts';
import { Entries } from './entries.ts';
import { missedFlood } from './missed-flood.ts';
import { neverRuns } from './never-runs.ts';
import { placedOnce } from './once.ts';
import { retryOverlap } from './retry-overlap.ts';
import { timeoutOverlap } from './timeout-overlap.ts';
import { Verdicts } from './verdicts.ts';

/**
 * What is sound in a jobs file and hardly meant, as warnings.
 * @param jobs those whose schedules and zone can be read.
 */
export function lint(
  jobs: readonly PlacedJob[],
  calendars: readonly PlacedCalendar[],
  present: Present,
): readonly Problem[] {
  const entries = new Entries();
  const verdicts = new Verdicts(present.at);
  const cases = jobs.map(({ job, expressions, place }): Case => {
    const zone = job.timezone === '' ? present.zone : namedZone(job.timezone);
    return { job, place, zone, now: present.at, entries: entries.of(job, expressions) };
  });
  return placedOnce([
    ...cases.flatMap((judged) => [...verdicts.remarks(judged), ...settingRemarks(judged, verdicts)]),
    ...crowdedMinute(cases),
    ...calendars.flatMap((calendar) => calendarPassed(calendar, present)),
  ]);
}

function settingRemarks(judged: Case, verdicts: Verdicts): readonly Remark[] {
  const shortest = () => verdicts.shortestInterval(judged);
  return [
    ...neverRuns(judged, (entry) => verdicts.nextOf(judged, entry)),
    ...endPassed(judged),
    ...timeoutOverlap(judged, shortest),
    ...retryOverlap(judged, shortest),
    ...missedFlood(judged, shortest),
  ];
}
