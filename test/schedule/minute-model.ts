import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { schedulesOf } from '../../src/schedule/job-schedules.ts';
import type { DayWindow, Fields, Schedule } from '../../src/schedule/schedule.ts';
import { names } from './debian-loop.ts';

/*
 * When a job runs, found minute by minute: the clock on the wall as Intl shows it, and the rules in their plainest words.
 */

const minuteMs = 60_000;
const threeHours = 180;

/** What the clock of a zone shows at each minute of some days. Wall minutes are counted from 1970-01-01 00:00. */
export interface ClockRecord {
  readonly zone: string;
  /** UTC minutes since 1970 of the first. */
  readonly first: number;
  readonly walls: readonly number[];
  /** At which of the minutes a wall minute was shown. */
  readonly times: ReadonlyMap<number, readonly number[]>;
}

export function recordClock(zone: string, from: number, until: number): ClockRecord {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const first = from / minuteMs;
  const walls = Array.from({ length: (until - from) / minuteMs }, (_, index) => {
    const shown = format.format((first + index) * minuteMs);
    return Date.parse(`${shown.replace(' ', 'T')}Z`) / minuteMs;
  });
  return { zone, first, walls, times: Map.groupBy(walls.keys(), (index) => walls[index] ?? 0) };
}

/** An occasion as a line: its instant without jitter, its wall time and its kind. */
export interface ModelOccasion {
  readonly at: number;
  readonly wall: number;
  readonly kind: string;
}

export function modelOccasions(job: JobTimes, clock: ClockRecord): readonly ModelOccasion[] {
  const all = schedulesOf(job).flatMap((schedule) => {
    return schedule.kind === 'interval' ? intervalOccasions(schedule, clock) : fieldOccasions(schedule, job, clock);
  });
  return all.map((occasion) => excluded(occasion, job, clock));
}

function fieldOccasions(schedule: Schedule, { dst }: JobTimes, clock: ClockRecord): readonly ModelOccasion[] {
  if (schedule.kind !== 'calendar') return [];
  const { fields } = schedule;
  return minutesOf(clock).flatMap((minute) => {
    const after = holds(fields, [dst.skipped, 'run-after'], minute.skipped) ? 'moved' : 'gap-skipped';
    const again = holds(fields, [dst.repeated, 'once'], minute.putBack) ? 'not-repeated' : 'second-of-two';
    const first = minute.isLast ? 'plain' : 'first-of-two';
    const { at, wall } = minute;
    const lost = Array.from({ length: minute.skipped }, (_, index) => wall - minute.skipped + index);
    const found = [
      ...lost.map((one): ModelOccasion => ({ at, wall: one, kind: after })),
      { at, wall, kind: minute.isFirst ? first : again },
    ];
    return found.filter((one) => matches(fields, one.wall));
  });
}

/** Whether a rule holds for a change of so many minutes: as the job asks, or, as cron has it, for fixed times. */
function holds({ minute, hour }: Fields, [policy, asked]: readonly [string, string], size: number): boolean {
  return policy === 'as-cron' ? !minute.star && !hour.star && size < threeHours : policy === asked;
}

/** A minute of the clock, with how many it skips, by how many it was last put back, and which of its like it is. */
function minutesOf({ first, walls, times }: ClockRecord) {
  let putBack = 0;
  return walls.slice(1).map((wall, index) => {
    const before = walls[index] ?? 0;
    if (wall <= before) putBack = before + 1 - wall;
    const both = times.get(wall) ?? [];
    return {
      at: (first + index + 1) * minuteMs,
      wall,
      skipped: Math.max(0, wall - before - 1),
      putBack,
      isFirst: both[0] === index + 1,
      isLast: both.at(-1) === index + 1,
    };
  });
}

function matches(fields: Fields, wall: number): boolean {
  return names(fields, wall) && isWithin(fields.between, wall);
}

function isWithin(window: DayWindow | undefined, wall: number): boolean {
  if (window === undefined) return true;
  const time = wall % 1_440;
  const { from, to } = window;
  return from <= to ? from <= time && time <= to : time >= from || time <= to;
}

function intervalOccasions(schedule: Schedule, { zone, first, walls }: ClockRecord): readonly ModelOccasion[] {
  if (schedule.kind !== 'interval') return [];
  const { minutes, from, between } = schedule.interval;
  const inside = walls.findIndex((wall) => wall >= from / minuteMs);
  const origin = inside > 0 ? first + inside : beginning(zone, from / minuteMs);
  const isStart = (minute: number) => minute >= origin && (minute - origin) % minutes === 0;
  return walls.flatMap((wall, index) => {
    const minute = first + index;
    return isStart(minute) && isWithin(between, wall) ? [{ at: minute * minuteMs, wall, kind: 'plain' }] : [];
  });
}

/** The UTC minute at which a zone's clock showed a wall minute long ago. */
function beginning(zone: string, wall: number): number {
  const { first, walls } = recordClock(zone, (wall - 1_560) * minuteMs, (wall + 1_560) * minuteMs);
  return first + walls.findIndex((shown) => shown >= wall);
}

/** By the time at which it runs or would have run. */
function excluded(occasion: ModelOccasion, job: JobTimes, { first, walls }: ClockRecord): ModelOccasion {
  const shown = new Date((walls[occasion.at / minuteMs - first] ?? 0) * minuteMs).toISOString().slice(0, 16);
  const date = shown.slice(0, 10);
  if (shown < job.start) return { ...occasion, kind: 'before-start' };
  if (job.end !== '' && shown > job.end) return { ...occasion, kind: 'after-end' };
  return job.except.some(({ from, to }) => from <= date && date <= to) ? { ...occasion, kind: 'excepted' } : occasion;
}
