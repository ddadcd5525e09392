import type { Fields } from '../schedule.ts';
import { nextTime, previousTime } from './day-time.ts';
import { dateOfMonthDay, isNthWeekday, type Month, weekdayOfDate } from './month-day.ts';

// Wall time is local time as if it were UTC: milliseconds since 1970-01-01 00:00 on the wall's clock and calendar.
// Days are counted from 1970-01-01, which is day 0.

export const minuteMs = 60_000;
const dayMinutes = 1_440;
const dayMs = dayMinutes * minuteMs;

/** A 29 February on a given weekday comes round after 40 years at the latest, where a century without leap day intervenes. */
export const horizonYears = 41;
const horizonDays = horizonYears * 366;

type DayFields = Pick<Fields, 'dayOfMonth' | 'dayOfWeek' | 'extra'>;

/** Whether a date must satisfy both day fields; otherwise either will do. crontab(5): both, once one begins with `*`. */
export function daysFollowBoth({ dayOfMonth, dayOfWeek }: Pick<Fields, 'dayOfMonth' | 'dayOfWeek'>): boolean {
  return dayOfMonth.star || dayOfWeek.star;
}

/** The first wall minute at or after `from` that the fields name; undefined when there is none within the horizon. */
export function nextWall(fields: Fields, from: number): number | undefined {
  const first = Math.ceil(from / minuteMs);
  const day = Math.floor(first / dayMinutes);
  const time = dateMatches(fields, day) ? nextTime(fields, first - day * dayMinutes) : undefined;
  if (time !== undefined) return (day * dayMinutes + time) * minuteMs;
  const ofDay = nextTime(fields, 0);
  const next = ofDay === undefined ? undefined : nextDate(fields, day + 1);
  return next === undefined || ofDay === undefined ? undefined : (next * dayMinutes + ofDay) * minuteMs;
}

/** The last wall minute at or before `upTo` that the fields name; undefined when there is none within the horizon. */
export function previousWall(fields: Fields, upTo: number): number | undefined {
  const last = Math.floor(upTo / minuteMs);
  const day = Math.floor(last / dayMinutes);
  const time = dateMatches(fields, day) ? previousTime(fields, last - day * dayMinutes) : undefined;
  if (time !== undefined) return (day * dayMinutes + time) * minuteMs;
  const ofDay = previousTime(fields, dayMinutes - 1);
  const previous = ofDay === undefined ? undefined : previousDate(fields, day - 1);
  return previous === undefined || ofDay === undefined ? undefined : (previous * dayMinutes + ofDay) * minuteMs;
}

/** Whether the fields name a day. */
export function dateMatches(fields: Fields, day: number): boolean {
  const every = fields.extra?.every;
  if (every !== undefined && (day < every.from || (day - every.from) % every.days !== 0)) return false;
  const date = new Date(day * dayMs);
  if (!fields.month.values.includes(date.getUTCMonth() + 1)) return false;
  return dayMatches(fields, date.getUTCDate(), monthOf(date, 0));
}

/** Whether the two day fields name a date of a month. */
export function dayMatches({ dayOfMonth, dayOfWeek, extra }: DayFields, date: number, month: Month): boolean {
  const byMonth =
    dayOfMonth.values.includes(date) || (extra?.ofMonth.some((day) => dateOfMonthDay(day, month) === date) ?? false);
  const byWeek =
    dayOfWeek.values.includes(weekdayOfDate(date, month)) ||
    (extra?.ofWeek.some((day) => isNthWeekday(day, date, month)) ?? false);
  return daysFollowBoth({ dayOfMonth, dayOfWeek }) ? byMonth && byWeek : byMonth || byWeek;
}

/** Goes by months, so that a yearly schedule costs a dozen steps a year. */
function nextDate(fields: Fields, from: number): number | undefined {
  if (fields.extra?.every !== undefined) return nextCounted(fields, fields.extra.every, from);
  const start = new Date(from * dayMs);
  let date = start.getUTCDate();
  for (let step = 0; step <= horizonYears * 12; step++) {
    const month = monthOf(start, step);
    if (fields.month.values.includes(month.number)) {
      for (; date <= month.days; date++) {
        if (dayMatches(fields, date, month)) return month.first + date - 1;
      }
    }
    date = 1;
  }
  return undefined;
}

function previousDate(fields: Fields, upTo: number): number | undefined {
  if (fields.extra?.every !== undefined) return previousCounted(fields, fields.extra.every, upTo);
  const start = new Date(upTo * dayMs);
  for (let step = 0; step <= horizonYears * 12; step++) {
    const month = monthOf(start, -step);
    if (!fields.month.values.includes(month.number)) continue;
    for (let date = step === 0 ? start.getUTCDate() : month.days; date >= 1; date--) {
      if (dayMatches(fields, date, month)) return month.first + date - 1;
    }
  }
  return undefined;
}

interface Count {
  readonly days: number;
  readonly from: number;
}

/** Jumps from one counted day to the next. */
function nextCounted(fields: Fields, { days, from: origin }: Count, from: number): number | undefined {
  const first = Math.max(from, origin);
  for (let day = origin + Math.ceil((first - origin) / days) * days; day <= first + horizonDays; day += days) {
    if (dateMatches(fields, day)) return day;
  }
  return undefined;
}

function previousCounted(fields: Fields, { days, from: origin }: Count, upTo: number): number | undefined {
  const least = Math.max(origin, upTo - horizonDays);
  for (let day = origin + Math.floor((upTo - origin) / days) * days; day >= least; day -= days) {
    if (dateMatches(fields, day)) return day;
  }
  return undefined;
}

interface DatedMonth extends Month {
  /** 1 to 12. */
  readonly number: number;
  /** The day of its first date. */
  readonly first: number;
}

/** The month `step` months from that of `start`. */
function monthOf(start: Date, step: number): DatedMonth {
  const index = start.getUTCFullYear() * 12 + start.getUTCMonth() + step;
  const year = Math.floor(index / 12);
  const number = index - year * 12 + 1;
  const first = Date.UTC(year, number - 1, 1) / dayMs;
  return { number, first, days: Date.UTC(year, number, 1) / dayMs - first, firstWeekday: weekdayOf(first) };
}

/** Day 0, 1970-01-01, was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
