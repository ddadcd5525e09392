import type { Fields, Schedule } from './schedule.ts';
import type { Span } from './span.ts';
import { horizonYears, minuteMs, nextWall, previousWall } from './wall.ts';
import type { Zone } from './zone.ts';

// Instants are UTC milliseconds at which a minute begins on the zone's clock. Daylight saving is that of Debian's
// cron(8), section "notes": a change of less than three hours makes jobs of a fixed time run once just after the time
// that was skipped, and not again in the time that is repeated; other jobs, and greater changes, follow the clock.

const correctionMs = 3 * 60 * minuteMs;
const horizonMs = horizonYears * 366 * 86_400_000;

/** The first instant after `after`; undefined when there is none within some forty years. */
export function nextInstant(schedules: readonly Schedule[], zone: Zone, after: number): number | undefined {
  let first: number | undefined;
  for (const schedule of schedules) {
    if (schedule.kind === 'reboot') continue;
    const found = nextOf(schedule.fields, zone, after);
    if (found !== undefined && (first === undefined || found < first)) first = found;
  }
  return first;
}

/** The last instant at or before `at` that is not before `notBefore`. */
export function latestInstant(
  schedules: readonly Schedule[],
  zone: Zone,
  at: number,
  notBefore: number,
): number | undefined {
  let last: number | undefined;
  for (const schedule of schedules) {
    if (schedule.kind === 'reboot') continue;
    const found = latestOf(schedule.fields, zone, at, last ?? notBefore);
    if (found !== undefined) last = found;
  }
  return last;
}

/** The instants after `after`, ascending and without repeats, up to and with `until`. */
export function* instants(
  schedules: readonly Schedule[],
  zone: Zone,
  after: number,
  until = Number.POSITIVE_INFINITY,
): Generator<number, void, undefined> {
  let instant = nextInstant(schedules, zone, after);
  while (instant !== undefined && instant <= until) {
    yield instant;
    instant = nextInstant(schedules, zone, instant);
  }
}

function nextOf(fields: Fields, zone: Zone, after: number): number | undefined {
  let from = after + 1;
  while (from <= after + horizonMs) {
    const span = zone.spanAt(from);
    if (from === span.start && runsAfterGap(fields, span)) return from;
    const shift = shiftOf(span.offset);
    const wall = nextWall(fields, Math.max(from + shift, firstWall(fields, span)));
    if (wall === undefined) return undefined;
    if (wall - shift < span.end) return wall - shift;
    from = span.end;
  }
  return undefined;
}

function latestOf(fields: Fields, zone: Zone, at: number, notBefore: number): number | undefined {
  for (let upTo = at; upTo >= notBefore; ) {
    const span = zone.spanAt(upTo);
    const shift = shiftOf(span.offset);
    const wall = previousWall(fields, upTo + shift);
    if (wall !== undefined && wall >= firstWall(fields, span)) return atLeast(wall - shift, notBefore);
    if (runsAfterGap(fields, span)) return atLeast(span.start, notBefore);
    upTo = span.start - 1;
  }
  return undefined;
}

function atLeast(instant: number, notBefore: number): number | undefined {
  return instant >= notBefore ? instant : undefined;
}

/** Rounded, because minutes with a fraction are not exact. */
function shiftOf(offset: number): number {
  return Math.round(offset * minuteMs);
}

/** A fixed time of day, in the words of cron(8): no `*` in the hour or minute. */
function isFixed({ minute, hour }: Fields): boolean {
  return !minute.star && !hour.star;
}

/** The first wall time of a span that counts for a schedule: a fixed one does not run again in a repeated hour. */
function firstWall(fields: Fields, { start, offset, before }: Span): number {
  const repeated = shiftOf(before) - shiftOf(offset);
  const had = isFixed(fields) && repeated > 0 && repeated < correctionMs;
  return start + shiftOf(had ? before : offset);
}

/** Whether a schedule of fixed times has one in the time that was skipped just before a span. */
function runsAfterGap(fields: Fields, { start, offset, before }: Span): boolean {
  const skipped = shiftOf(offset) - shiftOf(before);
  if (skipped <= 0 || skipped >= correctionMs || !isFixed(fields)) return false;
  const missed = nextWall(fields, start + shiftOf(before));
  return missed !== undefined && missed < start + shiftOf(offset);
}
