import { intervalFields } from '../phrase/even.ts';
import type { DayWindow, Interval } from '../schedule.ts';

const dayMs = 86_400_000;

/** An interval in words, such as `every 90 minutes between 08:00 and 18:00`. */
export function intervalWords({ minutes, from, between }: Interval): string {
  const moment = new Date(from).toISOString();
  // An even interval reads like its fields, which start anew at each hour or day, unless its start is said.
  const usual = from === usualStart && intervalFields(minutes) === undefined;
  const start = usual ? '' : ` from ${moment.slice(0, 10)} ${moment.slice(11, 16)}`;
  return `every ${lengthWords(minutes)}${start}${between === undefined ? '' : ` ${windowWords(between)}`}`;
}

/** Where intervals are counted from that name no date: 2000-01-01 00:00 on the wall. */
export const usualStart = Date.UTC(2000, 0, 1);

/** Hours, not days: these are days by the calendar, which daylight saving makes shorter or longer. */
function lengthWords(minutes: number): string {
  const [count, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return count === 1 ? unit : `${count} ${unit}s`;
}

/** A window of times in words, `between 08:00 and 18:00`. */
export function windowWords({ from, to }: DayWindow): string {
  return `between ${clock(from)} and ${clock(to)}`;
}

function clock(time: number): string {
  const [hour, minute] = [Math.floor(time / 60), time % 60];
  return [hour, minute].map((value) => String(value).padStart(2, '0')).join(':');
}

interface Count {
  readonly days: number;
  readonly from: number;
}

/** Days that are counted from a date in words, such as `every 2 weeks from 2026-01-05`. */
export function countWords({ days, from }: Count): string {
  const [count, unit] = days % 7 === 0 ? [days / 7, 'week'] : [days, 'day'];
  const date = new Date(from * dayMs).toISOString().slice(0, 10);
  return `every ${count === 1 ? unit : `${count} ${unit}s`} from ${date}`;
}
