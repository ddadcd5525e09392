import { schedulesOf } from '../job-schedules.ts';
import type { Schedule } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';
import { shiftOf } from './daylight.ts';
import { type Excludes, exclusionsOf } from './exclusion.ts';
import { type FieldTime, fieldTimes, type Stretch } from './field-times.ts';
import { walk } from './instants.ts';
import { IntervalInstants } from './interval-instants.ts';
import { type JobTimes, offsetOf, zoneOf } from './job-calendar.ts';
import { wallAt, wallText } from './wall-instant.ts';

/** What becomes of a time that a schedule names. */
export const occasionKinds = [
  'plain',
  /** Skipped by the clock; it runs at the first instant behind the gap, with all others of that gap. */
  'moved',
  'first-of-two',
  'second-of-two',
  /** Skipped by the clock, and left out. */
  'gap-skipped',
  /** The second of two, left out. */
  'not-repeated',
  'excepted',
  'before-start',
  'after-end',
] as const;
export type OccasionKind = (typeof occasionKinds)[number];

/** A time that a schedule names. Several may share a slot: those that were skipped together, and what stands behind them. */
export interface Occasion {
  /** The slot, or the instant at which it would have been; UTC milliseconds. */
  readonly at: number;
  /** The time as scheduled, `2026-12-24T08:00` on the clock of the job's zone. */
  readonly wall: string;
  readonly schedule: Schedule;
  readonly kind: OccasionKind;
  /** What the excepted day is called; else empty. */
  readonly name: string;
  /** Milliseconds of jitter in `at`. */
  readonly offset: number;
}

/** Whether the job has a slot at an occasion. */
export function runs({ kind }: Pick<Occasion, 'kind'>): boolean {
  return kind === 'plain' || kind === 'moved' || kind === 'first-of-two' || kind === 'second-of-two';
}

/**
 * The times that a job's schedules name, ascending, with those that do not run: from the instant `from` up to and with
 * `until`. One that several schedules name is there once. After its `end` a job goes on to have occasions that do not run.
 * @param host the zone of a job that names none.
 */
export function* occasions(
  job: JobTimes,
  host: Zone,
  from: number,
  until: number,
): Generator<Occasion, void, undefined> {
  const zone = zoneOf(job, host);
  const offset = offsetOf(job);
  const stretch = { from: from - offset, until: until - offset };
  const judge = judgement(zone, exclusionsOf(job));
  const parts = schedulesOf(job).map((schedule) => judged(schedule, timesOf(schedule, zone, job, stretch), judge));
  for (const { at, wall, ...others } of inOrder(parts)) {
    yield { ...others, at: at + offset, wall: wallText(wall), offset };
  }
}

type Times = Iterable<FieldTime>;

function timesOf(schedule: Schedule, zone: Zone, { dst }: JobTimes, stretch: Stretch): Times {
  switch (schedule.kind) {
    case 'calendar':
      return fieldTimes(schedule.fields, zone, dst, stretch);
    case 'interval':
      return intervalTimes(new IntervalInstants(schedule.interval, zone), zone, stretch);
    case 'reboot':
      return [];
  }
}

function* intervalTimes(instants: IntervalInstants, zone: Zone, { from, until }: Stretch): Times {
  for (const at of walk(instants, from - 1, until)) yield { at, wall: wallAt(at, zone), kind: 'plain' };
}

/** An occasion whose wall time is a number yet, and whose instant is without jitter. */
type Judged = Pick<Occasion, 'at' | 'schedule' | 'kind' | 'name'> & { readonly wall: number };
type Judge = (time: FieldTime) => Pick<Occasion, 'kind' | 'name'>;

/** What is moved behind a gap is judged by the time at which it runs. */
function judgement(zone: Zone, excludes: Excludes | undefined): Judge {
  return ({ at, wall, kind }) => {
    const behindGap = kind === 'moved' || kind === 'gap-skipped';
    const found = excludes?.(behindGap ? at + shiftOf(zone.offsetAt(at)) : wall);
    return found ?? { kind, name: '' };
  };
}

function* judged(schedule: Schedule, times: Times, judge: Judge): Generator<Judged, void, undefined> {
  for (const time of times) {
    const { kind, name } = judge(time);
    yield { at: time.at, wall: time.wall, schedule, kind, name };
  }
}

/** Several ascending lists as one, of what is the same in several that which runs. */
function* inOrder(parts: readonly Generator<Judged, void, undefined>[]): Generator<Judged, void, undefined> {
  const heads = parts.map(takeNext);
  let last: Judged | undefined;
  for (;;) {
    const index = firstOf(heads);
    const head = heads[index];
    const part = parts[index];
    if (head === undefined || part === undefined) return;
    if (last?.at !== head.at || last.wall !== head.wall) yield head;
    last = head;
    heads[index] = takeNext(part);
  }
}

function takeNext(part: Generator<Judged, void, undefined>): Judged | undefined {
  const { done, value } = part.next();
  return done ? undefined : value;
}

function firstOf(heads: readonly (Judged | undefined)[]): number {
  let best = -1;
  for (const [index, head] of heads.entries()) if (head !== undefined && isBefore(head, heads[best])) best = index;
  return best;
}

function isBefore(one: Judged, other: Judged | undefined): boolean {
  if (other === undefined || one.at !== other.at) return other === undefined || one.at < other.at;
  return one.wall === other.wall ? runs(one) && !runs(other) : one.wall < other.wall;
}
