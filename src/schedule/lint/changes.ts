import type { DaylightPolicy } from '../../job/job.ts';
import { shiftOf, skippedBefore } from '../calendar/daylight.ts';
import { exclusionsOf } from '../calendar/exclusion.ts';
import { minuteMs, nextWall } from '../calendar/wall.ts';
import { wallText } from '../calendar/wall-instant.ts';
import type { Fields } from '../schedule.ts';
import type { Span } from '../zone/span.ts';
import type { Zone } from '../zone/zone.ts';
import type { Case } from './case.ts';

/** How far ahead changes of the clock are looked for. */
const aheadMs = 366 * 86_400_000;

const known = new WeakMap<Zone, { readonly now: number; readonly spans: readonly Span[] }>();

/** The spans of a zone that begin within a year with a change of the clock. */
export function changesOf(zone: Zone, now: number): readonly Span[] {
  const found = known.get(zone);
  if (found?.now === now) return found.spans;
  const spans: Span[] = [];
  for (let span = zone.spanAt(zone.spanAt(now).end); span.start <= now + aheadMs; span = zone.spanAt(span.end)) {
    if (skippedBefore(span) !== 0) spans.push(span);
  }
  known.set(zone, { now, spans });
  return spans;
}

/** A stretch of wall time that a change skips or repeats. Milliseconds; `to` is the first behind it. */
export interface WallStretch {
  readonly from: number;
  readonly to: number;
}

/** The wall time between what a clock shows just before a change and just after it, whichever is first. */
export function changed({ start, before, offset }: Span): WallStretch {
  const [one, other] = [start + shiftOf(before), start + shiftOf(offset)];
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

/** The times of day at which fields name a minute of a stretch, `02:30`. */
export function timesWithin(fields: Fields, { from, to }: WallStretch): readonly string[] {
  const times: string[] = [];
  let wall = nextWall(fields, from);
  for (; wall !== undefined && wall < to; wall = nextWall(fields, wall + minuteMs)) times.push(timeOf(wall));
  return times;
}

/** Whether a job leaves out a wall time by its `start`, `end` or `except`. */
export function leavesOut({ job }: Case, wall: number): boolean {
  return exclusionsOf(job)?.(wall) !== undefined;
}

export function dateOf(wall: number): string {
  return wallText(wall).slice(0, 10);
}

export function timeOf(wall: number): string {
  return wallText(wall).slice(11);
}

/** By what the verdict on fields in a zone differs, beside their text. */
export function policyKey(zone: Zone, { skipped, repeated }: DaylightPolicy): string {
  return `${zone.name} ${skipped} ${repeated}`;
}
