import type { DateSpan, Job } from '../../job/job.ts';
import type { Zone } from '../zone/zone.ts';
import { shiftOf } from './daylight.ts';
import type { Instants } from './instants.ts';
import { horizonYears, minuteMs } from './wall.ts';
import { wallAt, wallTime } from './wall-instant.ts';

const dayMs = 86_400_000;
const horizonMs = horizonYears * 366 * dayMs;
/** No clock was ever put back by more. */
const longestRepeat = 2 * dayMs;

/** A stretch of wall time in which a job does not run: from `from`, before `to`. Milliseconds, perhaps endless. */
export interface Exclusion {
  readonly kind: 'before-start' | 'excepted' | 'after-end';
  readonly from: number;
  readonly to: number;
  /** Of the excepted day; else empty. */
  readonly name: string;
}

/** The exclusion that a wall time lies in, by a job's `start`, `end` and `except`. */
export type Excludes = (wall: number) => Exclusion | undefined;

/** Undefined for a job that leaves nothing out. */
export function exclusionsOf({ start, end, except }: Pick<Job, 'start' | 'end' | 'except'>): Excludes | undefined {
  if (start === '' && end === '' && except.length === 0) return undefined;
  const first = start === '' ? Number.NEGATIVE_INFINITY : wallTime(start);
  const over = end === '' ? Number.POSITIVE_INFINITY : wallTime(end) + minuteMs;
  return (wall) => {
    if (wall < first) return { kind: 'before-start', from: Number.NEGATIVE_INFINITY, to: first, name: '' };
    if (wall >= over) return { kind: 'after-end', from: over, to: Number.POSITIVE_INFINITY, name: '' };
    return except.length === 0 ? undefined : exceptionAt(except, wall);
  };
}

/** Compared as texts: a list of thousands is not read before it is needed. */
function exceptionAt(except: readonly DateSpan[], wall: number): Exclusion | undefined {
  const date = new Date(wall).toISOString().slice(0, 10);
  let [low, high] = [-1, except.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((except[middle]?.from ?? '') <= date) low = middle;
    else high = middle - 1;
  }
  const span = except[low];
  if (span === undefined || span.to < date) return undefined;
  return { kind: 'excepted', from: wallTime(span.from), to: wallTime(span.to) + dayMs, name: span.name };
}

/** The instants whose wall time is not excluded. */
export function excluding(instants: Instants, zone: Zone, excludes: Excludes): Instants {
  return {
    next(after) {
      let found = instants.next(after);
      while (found !== undefined && found <= after + horizonMs) {
        const exclusion = excludes(wallAt(found, zone));
        if (exclusion === undefined) return found;
        const out = firstBehind(exclusion, zone, found);
        found = out === undefined ? undefined : instants.next(out - 1);
      }
      return undefined;
    },
    latest(at, notBefore) {
      let found = instants.latest(at, notBefore);
      while (found !== undefined && found >= at - horizonMs) {
        const exclusion = excludes(wallAt(found, zone));
        if (exclusion === undefined) return found;
        const out = lastBefore(exclusion, zone, found);
        found = out === undefined ? undefined : instants.latest(out, notBefore);
      }
      return undefined;
    },
  };
}

/** The first instant after `at`, which lies in an exclusion, that does not; undefined where it has no end. */
function firstBehind(exclusion: Exclusion, zone: Zone, at: number): number | undefined {
  let span = zone.spanAt(at);
  for (;;) {
    const out = exclusion.to - shiftOf(span.offset);
    if (out < span.end) return out;
    // Only a clock that is put back leads out of an endless one.
    if (exclusion.to === Number.POSITIVE_INFINITY && span.end > at + longestRepeat) return undefined;
    span = zone.spanAt(span.end);
    if (!covers(exclusion, span.start + shiftOf(span.offset))) return span.start;
  }
}

function lastBefore(exclusion: Exclusion, zone: Zone, at: number): number | undefined {
  let span = zone.spanAt(at);
  for (;;) {
    const out = exclusion.from - shiftOf(span.offset) - 1;
    if (out >= span.start) return out;
    if (exclusion.from === Number.NEGATIVE_INFINITY && span.start < at - longestRepeat) return undefined;
    const last = span.start - 1;
    span = zone.spanAt(last);
    if (!covers(exclusion, last + shiftOf(span.offset))) return last;
  }
}

function covers({ from, to }: Exclusion, wall: number): boolean {
  return from <= wall && wall < to;
}
