import type { DaylightPolicy } from '../../job/job.ts';
import type { Fields } from '../schedule.ts';
import type { Span } from '../zone/span.ts';
import type { Zone } from '../zone/zone.ts';
import { isFixed, runsAfterGap, runsOnlyOnce, shiftOf } from './daylight.ts';
import type { Instants } from './instants.ts';
import { horizonYears, nextWall, previousWall } from './wall.ts';

const horizonMs = horizonYears * 366 * 86_400_000;

/** The instants at which a minute that the fields name begins on the zone's clock, with what daylight saving does to them. */
export class FieldInstants implements Instants {
  readonly #fields: Fields;
  readonly #zone: Zone;
  readonly #policy: DaylightPolicy;
  readonly #fixed: boolean;
  /** What the last search found, and from where: within that stretch the answer is the same. */
  #ahead = { from: Number.POSITIVE_INFINITY, wall: 0 };
  #behind = { from: Number.NEGATIVE_INFINITY, wall: 0 };

  constructor(fields: Fields, zone: Zone, policy: DaylightPolicy) {
    this.#fields = fields;
    this.#zone = zone;
    this.#policy = policy;
    this.#fixed = isFixed(fields);
  }

  next(after: number): number | undefined {
    for (let from = after + 1; from <= after + horizonMs; ) {
      const span = this.#zone.spanAt(from);
      if (from === span.start && this.#runsAtStart(span)) return from;
      const shift = shiftOf(span.offset);
      const wall = this.#nextWall(Math.max(from + shift, this.#firstWall(span)));
      if (wall === undefined) return undefined;
      if (wall - shift < span.end) return wall - shift;
      from = span.end;
    }
    return undefined;
  }

  latest(at: number, notBefore: number): number | undefined {
    const least = Math.max(notBefore, at - horizonMs);
    for (let upTo = at; upTo >= least; ) {
      const span = this.#zone.spanAt(upTo);
      const shift = shiftOf(span.offset);
      const wall = this.#previousWall(upTo + shift);
      const found = wall !== undefined && wall >= this.#firstWall(span) ? wall - shift : this.#startOf(span);
      if (found !== undefined) return found >= least ? found : undefined;
      upTo = span.start - 1;
    }
    return undefined;
  }

  #startOf(span: Span): number | undefined {
    return this.#runsAtStart(span) ? span.start : undefined;
  }

  /** The first wall time of a span that counts: one that is repeated may not. */
  #firstWall(span: Span): number {
    const once = runsOnlyOnce(this.#policy, this.#fixed, span);
    return span.start + shiftOf(once ? span.before : span.offset);
  }

  /** Whether there is a time in what was skipped just before a span, and it runs when the span begins. */
  #runsAtStart(span: Span): boolean {
    if (!runsAfterGap(this.#policy, this.#fixed, span)) return false;
    const skipped = this.#nextWall(span.start + shiftOf(span.before));
    return skipped !== undefined && skipped < span.start + shiftOf(span.offset);
  }

  #nextWall(from: number): number | undefined {
    if (this.#ahead.from <= from && from <= this.#ahead.wall) return this.#ahead.wall;
    const wall = nextWall(this.#fields, from);
    if (wall !== undefined) this.#ahead = { from, wall };
    return wall;
  }

  #previousWall(from: number): number | undefined {
    if (this.#behind.wall <= from && from <= this.#behind.from) return this.#behind.wall;
    const wall = previousWall(this.#fields, from);
    if (wall !== undefined) this.#behind = { from, wall };
    return wall;
  }
}
