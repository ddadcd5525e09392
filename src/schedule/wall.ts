import type { Fields } from './schedule.ts';

// Wall time is local time as if it were UTC: milliseconds since 1970-01-01 00:00 on the wall's clock and calendar.

export const minuteMs = 60_000;
const dayMinutes = 1_440;
const dayMs = dayMinutes * minuteMs;

/** A 29 February on a given weekday comes round after 40 years at the latest, where a century without leap day intervenes. */
export const horizonYears = 41;

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
  const next = nextDate(fields, day + 1);
  return next === undefined ? undefined : (next * dayMinutes + (nextTime(fields, 0) ?? 0)) * minuteMs;
}

/** The last wall minute at or before `upTo` that the fields name; undefined when there is none within the horizon. */
export function previousWall(fields: Fields, upTo: number): number | undefined {
  const last = Math.floor(upTo / minuteMs);
  const day = Math.floor(last / dayMinutes);
  const time = dateMatches(fields, day) ? previousTime(fields, last - day * dayMinutes) : undefined;
  if (time !== undefined) return (day * dayMinutes + time) * minuteMs;
  const previous = previousDate(fields, day - 1);
  if (previous === undefined) return undefined;
  return (previous * dayMinutes + (previousTime(fields, dayMinutes - 1) ?? 0)) * minuteMs;
}

function nextTime({ hour, minute }: Fields, from: number): number | undefined {
  const fromHour = Math.floor(from / 60);
  for (const value of hour.values) {
    if (value < fromHour) continue;
    const least = value === fromHour ? from % 60 : 0;
    const found = minute.values.find((candidate) => candidate >= least);
    if (found !== undefined) return value * 60 + found;
  }
  return undefined;
}

function previousTime({ hour, minute }: Fields, upTo: number): number | undefined {
  const lastHour = Math.floor(upTo / 60);
  const found = hour.values.findLast((value) => value < lastHour);
  if (hour.values.includes(lastHour)) {
    const sameHour = minute.values.findLast((candidate) => candidate <= upTo % 60);
    if (sameHour !== undefined) return lastHour * 60 + sameHour;
  }
  return found === undefined ? undefined : found * 60 + (minute.values.at(-1) ?? 0);
}

function dateMatches(fields: Fields, day: number): boolean {
  const date = new Date(day * dayMs);
  return fields.month.values.includes(date.getUTCMonth() + 1) && dayMatches(fields, day, date.getUTCDate());
}

function dayMatches({ dayOfMonth, dayOfWeek }: Fields, day: number, ofMonth: number): boolean {
  const byMonth = dayOfMonth.values.includes(ofMonth);
  const byWeek = dayOfWeek.values.includes(weekday(day));
  return daysFollowBoth({ dayOfMonth, dayOfWeek }) ? byMonth && byWeek : byMonth || byWeek;
}

/** Day 0, 1970-01-01, was a Thursday. */
function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Goes by months, so that a yearly schedule costs a dozen steps a year. */
function nextDate(fields: Fields, from: number): number | undefined {
  const start = new Date(from * dayMs);
  let ofMonth = start.getUTCDate();
  for (let step = 0; step <= horizonYears * 12; step++) {
    const month = monthOf(start, step);
    if (fields.month.values.includes(month.number)) {
      for (; ofMonth <= month.days; ofMonth++) {
        if (dayMatches(fields, month.first + ofMonth - 1, ofMonth)) return month.first + ofMonth - 1;
      }
    }
    ofMonth = 1;
  }
  return undefined;
}

function previousDate(fields: Fields, upTo: number): number | undefined {
  const start = new Date(upTo * dayMs);
  for (let step = 0; step <= horizonYears * 12; step++) {
    const month = monthOf(start, -step);
    if (!fields.month.values.includes(month.number)) continue;
    for (let ofMonth = step === 0 ? start.getUTCDate() : month.days; ofMonth >= 1; ofMonth--) {
      if (dayMatches(fields, month.first + ofMonth - 1, ofMonth)) return month.first + ofMonth - 1;
    }
  }
  return undefined;
}

interface Month {
  /** 1 to 12. */
  readonly number: number;
  /** Its first date, in days since 1970-01-01. */
  readonly first: number;
  readonly days: number;
}

/** The month `step` months from that of `start`. */
function monthOf(start: Date, step: number): Month {
  const index = start.getUTCFullYear() * 12 + start.getUTCMonth() + step;
  const year = Math.floor(index / 12);
  const number = index - year * 12 + 1;
  const first = Date.UTC(year, number - 1, 1) / dayMs;
  return { number, first, days: Date.UTC(year, number, 1) / dayMs - first };
}
