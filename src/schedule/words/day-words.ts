import { daysFollowBoth } from '../calendar/wall.ts';
import type { Field, Fields, MonthDay, NthWeekday } from '../schedule.ts';
import { joined, runsOf, runWords } from './lists.ts';
import { monthNames } from './months.ts';

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

type DayFields = Omit<Fields, 'minute' | 'hour'>;

/** What the day and month fields say, in words such as `on the 1st of every month`; undefined for every day. */
export function dayWords(fields: DayFields): string | undefined {
  const months = chosen(fields.month, 12);
  const dates = chosenDates(fields);
  const weekdays = chosenWeekdays(fields);
  const both = daysFollowBoth(fields);
  if (dates !== undefined && weekdays !== undefined) {
    if (!both) return `${ofDates(dates, months)} and ${ofWeek(weekdays, months)}`;
    const falls = weekdays.nths.length === 0 ? ' that falls' : ', if it falls';
    return `${ofWeek(weekdays, months)}${falls} on ${datesWords(dates)}`;
  }
  // Where either field will do and one of them holds every day, the other has nothing to add.
  if (both) {
    if (dates !== undefined) return ofDates(dates, months);
    if (weekdays !== undefined) return ofWeek(weekdays, months);
  }
  return months === undefined ? undefined : `every day${during(months)}`;
}

/** The days of a window of times in words such as `on weekdays`; undefined for every day. */
export function windowDayWords({ dayOfWeek }: Pick<Fields, 'dayOfWeek'>): string | undefined {
  const days = chosen(dayOfWeek, 7);
  if (days === undefined) return undefined;
  if (isWorkingWeek(days)) return 'on weekdays';
  return days.join() === '0,6' ? 'on weekends' : `on ${joined(weekdayNames(days))}`;
}

/** The values of a field, or undefined where it holds all of them. */
function chosen(field: Field, all: number): readonly number[] | undefined {
  return field.values.length === all ? undefined : field.values;
}

interface Dates {
  readonly values: readonly number[];
  readonly days: readonly MonthDay[];
}

interface Weekdays {
  readonly values: readonly number[];
  readonly nths: readonly NthWeekday[];
}

function chosenDates({ dayOfMonth, extra }: DayFields): Dates | undefined {
  const values = chosen(dayOfMonth, 31);
  return values && { values, days: extra?.ofMonth ?? [] };
}

function chosenWeekdays({ dayOfWeek, extra }: DayFields): Weekdays | undefined {
  const values = chosen(dayOfWeek, 7);
  return values && { values, nths: extra?.ofWeek ?? [] };
}

type Months = readonly number[] | undefined;

function ofDates(dates: Dates, months: Months): string {
  return `on ${datesWords(dates)} of ${ofMonths(months)}`;
}

function ofMonths(months: Months): string {
  const [single] = months ?? [];
  return months?.length === 1 && single !== undefined ? monthName(single) : `every month${during(months)}`;
}

/** `the 1st and 15th`; beside a day of another kind each has an article. */
function datesWords({ values, days }: Dates): string {
  if (days.length === 0) return `the ${runWords(values, ordinal)}`;
  const dates = values.length === 0 ? [] : [`the ${runWords(values, ordinal)}`];
  return joined([...dates, ...new Set(days.map(monthDayWords))]);
}

function monthDayWords(day: MonthDay): string {
  switch (day.kind) {
    case 'last-weekday':
      return 'the last weekday';
    case 'nearest-weekday':
      return `the weekday nearest to the ${ordinal(day.day)}`;
    case 'last':
      if (day.before === 0) return 'the last day';
      return day.before === 1 ? 'the day before the last' : `the ${ordinal(day.before)} day before the last`;
  }
}

function ofWeek({ values, nths }: Weekdays, months: Months): string {
  const plain =
    values.length === 0 ? [] : [`every ${isWorkingWeek(values) ? 'weekday' : joined(weekdayNames(values))}`];
  if (nths.length === 0) return `${plain.join()}${during(months)}`;
  const within = values.length === 0 ? '' : during(months);
  return joined([...plain.map((words) => `${words}${within}`), `on ${nthsWords(nths)} of ${ofMonths(months)}`]);
}

const nthNames = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/** `the first and third Monday`. */
function nthsWords(nths: readonly NthWeekday[]): string {
  const words = week.flatMap(([weekday, name]) => {
    const own = nths.filter((nth) => nth.weekday === weekday).map(({ nth }) => nth);
    const counts = nthNames.filter((_, index) => own.includes(index + 1));
    const all = own.includes('last') ? [...counts, 'last'] : counts;
    return all.length === 0 ? [] : [`the ${joined(all)} ${name}`];
  });
  return joined(words);
}

function isWorkingWeek(days: readonly number[]): boolean {
  return days.join() === '1,2,3,4,5';
}

function weekdayNames(days: readonly number[]): readonly string[] {
  return week.filter(([day]) => days.includes(day)).map(([, name]) => name);
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
