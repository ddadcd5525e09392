import { durationWords } from '../../job/duration.ts';
import { formatInstant } from '../../schedule/instant.ts';
import type { Zone } from '../../schedule/zone/zone.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** `Sun 2026-03-29 03:00`, on a zone's clock. */
export function minuteWords(instant: number, zone: Zone): string {
  return wallWords(formatInstant(instant, zone).slice(0, 16));
}

/** The same with its seconds, for what is no slot. */
export function secondWords(instant: number, zone: Zone): string {
  return `${minuteWords(instant, zone)}${formatInstant(instant, zone).slice(16, 19)}`;
}

/** `Sun 2026-03-29 02:30` for `2026-03-29T02:30`. */
export function wallWords(wall: string): string {
  const weekday = weekdays[new Date(`${wall.slice(0, 10)}T00:00Z`).getUTCDay()];
  return `${weekday} ${wall.replace('T', ' ')}`;
}

/** `2026-03-29`, on a zone's clock. */
export function dateOf(instant: number, zone: Zone): string {
  return formatInstant(instant, zone).slice(0, 10);
}

/** `02:30`, on a zone's clock. */
export function ofDay(instant: number, zone: Zone): string {
  return formatInstant(instant, zone).slice(11, 16);
}

/** How far an instant is from now: `in 3 hours`, `2 days 4 hours ago`. */
export function distanceWords(instant: number, now: number): string {
  const distance = instant - now;
  if (Math.abs(distance) < 1_000) return 'now';
  return distance > 0 ? `in ${durationWords(distance)}` : `${durationWords(-distance)} ago`;
}
