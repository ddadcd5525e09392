import { instantOfWall, wallAt } from './calendar/wall-instant.ts';
import { namedTime } from './named-time.ts';
import type { Zone } from './zone/zone.ts';

const dayMs = 86_400_000;
const timeOfDay = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/**
 * The instant that a text such as `18:00`, `2026-12-24`, `2026-12-24 08:00` or `2026-12-24T08:00:00Z` means, on the clock of
 * a zone: a time of day is that of today or, where it has passed, of tomorrow; a day means its beginning.
 */
export function comingTime(text: string, zone: Zone, now: number): number | undefined {
  const [, hours, minutes] = timeOfDay.exec(text) ?? [];
  if (hours === undefined) return namedTime(text, zone)?.first;
  const wall = wallAt(now, zone);
  const time = wall - mod(wall, dayMs) + (Number(hours) * 60 + Number(minutes)) * 60_000;
  const today = instantOfWall(time, zone);
  return today > now ? today : instantOfWall(time + dayMs, zone);
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
