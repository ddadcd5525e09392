import type { PlacedCalendar } from '../../job/load.ts';
import { wallAt } from '../calendar/wall-instant.ts';
import type { Present, Remark } from './case.ts';
import { dateOf } from './changes.ts';

/** A file of holidays that nobody has renewed. */
export function calendarPassed({ name, last, place }: PlacedCalendar, { at, zone }: Present): readonly Remark[] {
  if (last >= dateOf(wallAt(at, zone))) return [];
  const message = `found ${last} as the last date of ${name}, which has passed: it leaves no day out any more`;
  return [{ code: 'calendar-passed', job: undefined, message, hint: 'put a newer calendar in its place', place }];
}
