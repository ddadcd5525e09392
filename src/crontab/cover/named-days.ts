import { dateMatches, daysFollowBoth } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import { allValues } from './cover.ts';
import { dayMinutes, type Period } from './zone-spans.ts';

/** A day that a schedule names, since 1970-01-01. */
export interface NamedDay {
  readonly day: number;
  /** Whether its weekday is what makes it one, rather than its date. */
  readonly byWeekday: boolean;
}

const dayMs = dayMinutes * 60_000;
const known = new Map<string, readonly NamedDay[]>();

/** The days of these years that fields name, ascending, with one more at either end for the offsets of zones. */
export function namedDays(fields: Fields, years: Period): readonly NamedDay[] {
  const { dayOfMonth, month, dayOfWeek, extra } = fields;
  const key = JSON.stringify([years.from, dayOfMonth, month, dayOfWeek, extra]);
  const days = known.get(key) ?? findDays(fields, years);
  known.set(key, days);
  return days;
}

function findDays(fields: Fields, { from, until }: Period): readonly NamedDay[] {
  const byWeekday = weekdayTest(fields);
  const found: NamedDay[] = [];
  for (let day = from / dayMs - 1; day <= until / dayMs; day++) {
    if (dateMatches(fields, day)) found.push({ day, byWeekday: byWeekday(day) });
  }
  return found;
}

function weekdayTest(fields: Fields): (day: number) => boolean {
  if (daysFollowBoth(fields)) {
    const decides = !isFull(fields, 'dayOfWeek') || isWeekly(fields);
    return () => decides;
  }
  const alone = { ...fields, dayOfMonth: { star: true, values: allValues.dayOfMonth } };
  return (day) => dateMatches(alone, day);
}

/** Every so many weeks is a weekday. */
function isWeekly({ extra }: Fields): boolean {
  return extra?.every !== undefined && extra.every.days % 7 === 0;
}

/** Whether fields name every day there is. */
export function isEveryDay(fields: Fields): boolean {
  if (fields.extra?.every !== undefined || !isFull(fields, 'month')) return false;
  const full = [isFull(fields, 'dayOfMonth'), isFull(fields, 'dayOfWeek')];
  return daysFollowBoth(fields) ? full.every(Boolean) : full.some(Boolean);
}

function isFull(fields: Fields, name: 'dayOfMonth' | 'month' | 'dayOfWeek'): boolean {
  return fields[name].values.length === allValues[name].length;
}
