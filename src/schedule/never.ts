import type { Flaw } from './flaw.ts';
import { joined } from './lists.ts';
import { monthNames } from './months.ts';
import type { Fields } from './schedule.ts';
import { daysFollowBoth } from './wall.ts';

/** The days each month has in its longest year. */
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The flaw of fields that name no date of any year, such as 30 February. Every other combination comes round. */
export function neverFires({ dayOfMonth, month, dayOfWeek }: Fields): Flaw | undefined {
  if (!daysFollowBoth({ dayOfMonth, dayOfWeek })) return undefined;
  const last = Math.max(...month.values.map((value) => longest[value - 1] ?? 0));
  const first = dayOfMonth.values[0] ?? 0;
  if (first <= last) return undefined;
  const names = joined(month.values.map((value) => monthNames[value - 1] ?? ''));
  return {
    offset: 0,
    length: 1,
    code: 'schedule-never',
    message: `found day ${first} in ${names}, expected a date that exists: this would never run`,
    instead: String(last === 29 ? 28 : last),
  };
}
