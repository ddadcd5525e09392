import type { DayWindow, Fields } from '../schedule.ts';

// Times of day are minutes since midnight, 0 to 1439.

type Times = Pick<Fields, 'hour' | 'minute' | 'between'>;

const lastMinute = 1_439;

/** The first time of day at or after `from` that the fields name; undefined when the day has none left. */
export function nextTime(times: Times, from: number): number | undefined {
  for (const { from: first, to } of stretches(times.between)) {
    const found = to < from ? undefined : nextNamed(times, Math.max(from, first));
    if (found !== undefined && found <= to) return found;
  }
  return undefined;
}

/** The last time of day at or before `upTo` that the fields name. */
export function previousTime(times: Times, upTo: number): number | undefined {
  for (const { from, to } of stretches(times.between).toReversed()) {
    const found = from > upTo ? undefined : previousNamed(times, Math.min(upTo, to));
    if (found !== undefined && found >= from) return found;
  }
  return undefined;
}

/** Whether a time of day lies in a window, both ends included. */
export function isBetween(time: number, window: DayWindow | undefined): boolean {
  return stretches(window).some(({ from, to }) => from <= time && time <= to);
}

const wholeDay: readonly DayWindow[] = [{ from: 0, to: lastMinute }];

/** A window in the order of the day: one that goes over midnight is the end of the day and its beginning. */
function stretches(window: DayWindow | undefined): readonly DayWindow[] {
  if (window === undefined) return wholeDay;
  const { from, to } = window;
  if (from <= to) return [window];
  return [
    { from: 0, to },
    { from, to: lastMinute },
  ];
}

function nextNamed({ hour, minute }: Times, from: number): number | undefined {
  const fromHour = Math.floor(from / 60);
  for (const value of hour.values) {
    if (value < fromHour) continue;
    const least = value === fromHour ? from % 60 : 0;
    const found = minute.values.find((candidate) => candidate >= least);
    if (found !== undefined) return value * 60 + found;
  }
  return undefined;
}

function previousNamed({ hour, minute }: Times, upTo: number): number | undefined {
  const lastHour = Math.floor(upTo / 60);
  const found = hour.values.findLast((value) => value < lastHour);
  if (hour.values.includes(lastHour)) {
    const sameHour = minute.values.findLast((candidate) => candidate <= upTo % 60);
    if (sameHour !== undefined) return lastHour * 60 + sameHour;
  }
  return found === undefined ? undefined : found * 60 + (minute.values.at(-1) ?? 0);
}
