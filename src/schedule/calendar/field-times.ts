import type { DaylightPolicy } from '../../job/job.ts';
import type { Fields } from '../schedule.ts';
import type { Span } from '../zone/span.ts';
import type { Zone } from '../zone/zone.ts';
import { isFixed, runsAfterGap, runsOnlyOnce, shiftOf } from './daylight.ts';
import { minuteMs, nextWall } from './wall.ts';

/** A wall time that fields name, and what the zone's clock makes of it. */
export interface FieldTime {
  /** When it runs or would have run, UTC milliseconds. */
  readonly at: number;
  readonly wall: number;
  readonly kind: 'plain' | 'moved' | 'first-of-two' | 'second-of-two' | 'gap-skipped' | 'not-repeated';
}

/** Instants, both included. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Each wall time that the fields name, by its instant and then by itself, those too that never come or come twice. */
export function* fieldTimes(
  fields: Fields,
  zone: Zone,
  policy: DaylightPolicy,
  { from, until }: Stretch,
): Generator<FieldTime, void, undefined> {
  for (let span = zone.spanAt(from); span.start <= until; ) {
    if (span.start >= from) yield* skippedTimes(fields, span, policy);
    const following = zone.spanAt(span.end);
    const shift = shiftOf(span.offset);
    const last = Math.min(span.end - 1, until) + shift;
    const kindOf = kinds(fields, policy, span, following);
    let wall = nextWall(fields, Math.max(span.start, from) + shift);
    for (; wall !== undefined && wall <= last; wall = nextWall(fields, wall + minuteMs)) {
      yield { at: wall - shift, wall, kind: kindOf(wall) };
    }
    if (wall === undefined || span.end > until) return;
    span = following;
  }
}

function* skippedTimes(fields: Fields, span: Span, policy: DaylightPolicy): Generator<FieldTime, void, undefined> {
  const kind = runsAfterGap(policy, isFixed(fields), span) ? 'moved' : 'gap-skipped';
  const end = span.start + shiftOf(span.offset);
  let wall = nextWall(fields, span.start + shiftOf(span.before));
  for (; wall !== undefined && wall < end; wall = nextWall(fields, wall + minuteMs)) {
    yield { at: span.start, wall, kind };
  }
}

/** What the wall times of a span are, by the change at its start and that at its end. */
function kinds(
  fields: Fields,
  policy: DaylightPolicy,
  span: Span,
  following: Span,
): (wall: number) => FieldTime['kind'] {
  const repeated = runsOnlyOnce(policy, isFixed(fields), span) ? 'not-repeated' : 'second-of-two';
  const shownBefore = span.start + shiftOf(span.before);
  const shownAgain = span.end + shiftOf(following.offset);
  return (wall) => {
    if (wall < shownBefore) return repeated;
    return wall >= shownAgain ? 'first-of-two' : 'plain';
  };
}
