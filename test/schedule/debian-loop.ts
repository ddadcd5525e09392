import type { Fields } from '../../src/schedule/schedule.ts';
import type { Zone } from '../../src/schedule/zone/zone.ts';

const minuteMs = 60_000;
const threeHours = 180;

/** Whether the fields name a minute of local time; the plain reading of crontab(5), minute by minute. */
export function names({ minute, hour, dayOfMonth, month, dayOfWeek }: Fields, localMinute: number): boolean {
  const local = new Date(localMinute * minuteMs);
  const byDate = dayOfMonth.values.includes(local.getUTCDate());
  const byWeek = dayOfWeek.values.includes(local.getUTCDay());
  const both = dayOfMonth.star || dayOfWeek.star;
  return (
    minute.values.includes(local.getUTCMinutes()) &&
    hour.values.includes(local.getUTCHours()) &&
    month.values.includes(local.getUTCMonth() + 1) &&
    (both ? byDate && byWeek : byDate || byWeek)
  );
}

/**
 * The main loop of Debian's cron (cron.c), woken at each minute after `from` up to `to`: the clock on the wall, a virtual
 * clock that does not go back, and an answer to each difference between them. The instants at which it starts a job.
 */
export function debianLoop(fields: Fields, zone: Zone, from: number, to: number): readonly number[] {
  const localMinute = (instant: number) => Math.floor(instant / minuteMs + zone.offsetAt(instant));
  const started: number[] = [];
  let virtual = localMinute(from);
  for (let now = from + minuteMs; now <= to; now += minuteMs) {
    const wall = localMinute(now);
    if (starts(fields, virtual, wall)) started.push(now);
    if (!isRepeated(virtual, wall)) virtual = wall;
  }
  return started;
}

function isRepeated(virtual: number, wall: number): boolean {
  return wall <= virtual && wall > virtual - threeHours;
}

/** Jobs with a wildcard follow the wall; those of a fixed time are looked for in each virtual minute that went by. */
function starts(fields: Fields, virtual: number, wall: number): boolean {
  if (fields.minute.star || fields.hour.star) return names(fields, wall);
  if (isRepeated(virtual, wall)) return false;
  const first = wall - virtual > threeHours || wall < virtual ? wall : virtual + 1;
  for (let minute = first; minute <= wall; minute++) if (names(fields, minute)) return true;
  return false;
}
