import { joined, runsOf, runWords } from './lists.ts';
import { monthNames } from './months.ts';
import type { Field, Fields } from './schedule.ts';
import { daysFollowBoth } from './wall.ts';

/** In the order of a working week; Sunday is 0. */
const week = [
  [1, 'Monday'],
  [2, 'Tuesday'],
  [3, 'Wednesday'],
  [4, 'Thursday'],
  [5, 'Friday'],
  [6, 'Saturday'],
  [0, 'Sunday'],
] as const;

/** What the day and month fields say, in words such as `on the 1st of every month`; undefined for every day. */
export function dayWords({ dayOfMonth, month, dayOfWeek }: Omit<Fields, 'minute' | 'hour'>): string | undefined {
  const months = chosen(month, 12);
  const dates = chosen(dayOfMonth, 31);
  const weekdays = chosen(dayOfWeek, 7);
  if (dates !== undefined && weekdays !== undefined) {
    if (!daysFollowBoth({ dayOfMonth, dayOfWeek })) return `${ofDates(dates, months)} and ${ofWeek(weekdays, months)}`;
    return `${ofWeek(weekdays, months)} that falls on the ${runWords(dates, ordinal)}`;
  }
  // Where either field will do and one of them holds every day, the other has nothing to add.
  if (daysFollowBoth({ dayOfMonth, dayOfWeek })) {
    if (dates !== undefined) return ofDates(dates, months);
    if (weekdays !== undefined) return ofWeek(weekdays, months);
  }
  return months === undefined ? undefined : `every day${during(months)}`;
}

/** The values of a field, or undefined where it holds all of them. */
function chosen(field: Field, all: number): readonly number[] | undefined {
  return field.values.length === all ? undefined : field.values;
}

type Months = readonly number[] | undefined;

function ofDates(dates: readonly number[], months: Months): string {
  const [single] = months ?? [];
  const of = months?.length === 1 && single !== undefined ? monthName(single) : `every month${during(months)}`;
  return `on the ${runWords(dates, ordinal)} of ${of}`;
}

function ofWeek(days: readonly number[], months: Months): string {
  const weekdays = days.join() === '1,2,3,4,5';
  const names = week.filter(([day]) => days.includes(day)).map(([, name]) => name);
  return `every ${weekdays ? 'weekday' : joined(names)}${during(months)}`;
}

function during(months: Months): string {
  if (months === undefined) return '';
  const unbroken = months.length > 2 && runsOf(months).length === 1;
  return ` ${unbroken ? 'from' : 'in'} ${runWords(months, monthName)}`;
}

function monthName(month: number): string {
  return monthNames[month - 1] ?? '';
}

function ordinal(value: number): string {
  const suffix = Math.floor(value / 10) === 1 ? undefined : (['th', 'st', 'nd', 'rd'] as const)[value % 10];
  return `${value}${suffix ?? 'th'}`;
}
