import type { Zone } from '../zone/zone.ts';
import { calendarOf, type JobTimes } from './job-calendar.ts';
import { type Occasion, occasions, runs } from './occasions.ts';
import { minuteMs } from './wall.ts';
import { wallTime } from './wall-instant.ts';

/** A stretch of time, and how much of it. Instants are UTC milliseconds. */
export interface Stretch {
  /** It begins after this instant. */
  readonly from: number;
  /** It ends with this instant; undefined for no end. */
  readonly until: number | undefined;
  /** How many times a job runs in it at most. */
  readonly count: number;
}

/**
 * The times at which a job runs, and among them those at which it would have run but for daylight saving or a date that
 * is excepted. Several schedules of a job that meet in a minute are one time.
 */
export function coming(job: JobTimes, host: Zone, { from, until, count }: Stretch): readonly Occasion[] {
  const slots = [...calendarOf(job, host).slots(from, until).take(count)];
  // Nothing comes behind the last slot that there is: a job that ended would have been due for ever.
  const last = slots.length === count || until === undefined ? (slots.at(-1) ?? from) : until;
  return [...occasionsWithin(job, host, from, last)];
}

/** The occasions after `from`, up to and with `until`, those before the start and after the end of a job left out. */
export function* occasionsWithin(
  job: JobTimes,
  host: Zone,
  from: number,
  until: number,
): Generator<Occasion, void, undefined> {
  const seen = new Set<string>();
  let minute = Number.NEGATIVE_INFINITY;
  const [first, last] = [Math.max(from + 1, dayBefore(job.start)), Math.min(until, dayAfter(job))];
  for (const occasion of occasions(job, host, first, last)) {
    if (isOutside(occasion)) continue;
    if (occasion.at !== minute) seen.clear();
    minute = occasion.at;
    const key = runs(occasion) ? 'runs' : occasion.wall;
    if (!seen.has(key)) yield occasion;
    seen.add(key);
  }
}

function isOutside({ kind }: Occasion): boolean {
  return kind === 'before-start' || kind === 'after-end';
}

/** More than any zone is from UTC: what lies further off need not be looked at. */
const marginMs = 36 * 60 * minuteMs;

function dayBefore(start: string): number {
  return start === '' ? Number.NEGATIVE_INFINITY : wallTime(start) - marginMs;
}

function dayAfter({ end, jitter }: JobTimes): number {
  return end === '' ? Number.POSITIVE_INFINITY : wallTime(end) + marginMs + jitter.offset;
}
