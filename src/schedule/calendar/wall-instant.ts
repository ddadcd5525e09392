import type { Zone } from '../zone/zone.ts';
import { shiftOf } from './daylight.ts';

const dayMs = 86_400_000;

/** What the clock of a zone shows at an instant: milliseconds since 1970-01-01 00:00 on the wall. */
export function wallAt(instant: number, zone: Zone): number {
  return instant + shiftOf(zone.offsetAt(instant));
}

/** The first instant at which a zone's clock shows a wall time; where it never does, that at which it is past it. */
export function instantOfWall(wall: number, zone: Zone): number {
  // No clock is more than 26 hours from another, so a day and a half before it is early enough.
  let span = zone.spanAt(wall - 1.5 * dayMs);
  for (;;) {
    const found = wall - shiftOf(span.offset);
    if (found < span.end) return Math.max(found, span.start);
    span = zone.spanAt(span.end);
  }
}

/** A wall time as people and settings write it, `2026-12-24T08:00`. */
export function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16);
}

/** The wall time of a date or a minute such as `2026-12-24T08:00`. */
export function wallTime(text: string): number {
  return Date.parse(`${text}${text.length === 10 ? 'T00:00' : ''}Z`);
}
