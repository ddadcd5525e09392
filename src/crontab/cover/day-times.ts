import { isBetween } from '../../schedule/calendar/day-time.ts';
import { minuteMs } from '../../schedule/calendar/wall.ts';
import type { Fields, Interval } from '../../schedule/schedule.ts';
import { dayMinutes } from './zone-spans.ts';

// Times of day are minutes since midnight on the clock of the job's zone, ascending.

export function timesOfFields({ hour, minute, between }: Fields): readonly number[] {
  const times = hour.values.flatMap((one) => minute.values.map((other) => one * 60 + other));
  return between === undefined ? times : times.filter((time) => isBetween(time, between));
}

/**
 * The times of day that an interval comes to, sooner or later: those that have a slot's distance from midnight, as far
 * as the interval and the day have a common measure.
 * @param slot any slot of it, UTC milliseconds.
 * @param offset minutes east of UTC, as the clock shows them.
 */
export function timesOfInterval({ minutes, between }: Interval, slot: number, offset: number): readonly number[] {
  const measure = commonMeasure(minutes, dayMinutes);
  const first = remainder(Math.floor(slot / minuteMs) + offset, measure);
  const times = Array.from({ length: dayMinutes / measure }, (_, index) => first + index * measure);
  return times.filter((time) => isBetween(time, between));
}

function commonMeasure(a: number, b: number): number {
  return b === 0 ? a : commonMeasure(b, a % b);
}

function remainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
