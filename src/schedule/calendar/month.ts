import type { Zone } from '../zone/zone.ts';
import { occasionsWithin } from './coming.ts';
import type { JobTimes } from './job-calendar.ts';
import { type Occasion, type OccasionKind, runs } from './occasions.ts';
import { minuteMs } from './wall.ts';
import { instantOfWall, wallAt, wallText } from './wall-instant.ts';

/** What daylight saving did to a day's times. */
export interface DayMark {
  readonly kind: Exclude<OccasionKind, 'plain' | 'excepted' | 'before-start' | 'after-end'>;
  /** The first of them as scheduled, `2026-03-29T02:30`. */
  readonly wall: string;
  readonly times: number;
}

/** The clock of a zone is put forward or back. Both are `2026-03-29T02:00` on its clock, before and after. */
export interface ClockChange {
  readonly from: string;
  readonly to: string;
}

/** A date, and how a job runs on it. */
export interface MonthDay {
  /** `2026-12-24`. */
  readonly date: string;
  /** How many times it runs. */
  readonly runs: number;
  /** The first time at which it runs, `08:00`; null for none. */
  readonly first: string | null;
  /** The date is excepted. */
  readonly excepted: boolean;
  /** What the excepted date is called; empty where it has no name. */
  readonly name: string;
  readonly clock: ClockChange | null;
  readonly marks: readonly DayMark[];
}

const dayMs = 24 * 60 * minuteMs;

/** The days of a month on the clock of a zone, which is that of the job. The month is wall time, milliseconds. */
export function daysOfMonth(job: JobTimes, zone: Zone, month: number): readonly MonthDay[] {
  const end = nextMonth(month);
  const [from, until] = [instantOfWall(month, zone), instantOfWall(end, zone)];
  const days = new Map<string, Tally>();
  for (let wall = month; wall < end; wall += dayMs) days.set(dateOf(wall), emptyTally());
  for (const occasion of occasionsWithin(job, zone, from - 1, until - 1)) {
    const isRun = runs(occasion);
    const shown = isRun ? wallText(wallAt(occasion.at, zone)) : occasion.wall;
    const tally = days.get(shown.slice(0, 10));
    if (tally) note(tally, occasion, isRun ? shown.slice(11) : undefined);
  }
  const changes = changesWithin(zone, from, until);
  return Array.from(days, ([date, { runs: times, first, marks }]) => {
    const span = job.except.find((one) => one.from <= date && date <= one.to);
    const clock = changes.find((change) => change.from.startsWith(date)) ?? null;
    const excepted = { excepted: span !== undefined, name: span?.name ?? '' };
    return { date, runs: times, first, ...excepted, clock, marks: [...marks.values()] };
  });
}

/** The months that begin with that of a wall time. */
export function monthsFrom(wall: number, count: number): readonly number[] {
  const months = [monthOfWall(wall)];
  while (months.length < count) months.push(nextMonth(months.at(-1) ?? 0));
  return months;
}

function monthOfWall(wall: number): number {
  return Date.parse(`${wallText(wall).slice(0, 7)}-01T00:00Z`);
}

/** The month after one. */
export function nextMonth(month: number): number {
  return monthOfWall(month + 31 * dayMs);
}

interface Tally {
  runs: number;
  first: string | null;
  readonly marks: Map<DayMark['kind'], DayMark>;
}

function emptyTally(): Tally {
  return { runs: 0, first: null, marks: new Map() };
}

/** @param time of day at which it runs; undefined where it does not. */
function note(tally: Tally, { kind, wall }: Occasion, time: string | undefined): void {
  if (time !== undefined) tally.runs += 1;
  tally.first ??= time ?? null;
  if (kind === 'plain' || kind === 'excepted' || kind === 'before-start' || kind === 'after-end') return;
  const mark = tally.marks.get(kind) ?? { kind, wall, times: 0 };
  tally.marks.set(kind, { ...mark, times: mark.times + 1 });
}

function dateOf(wall: number): string {
  return wallText(wall).slice(0, 10);
}

/** The changes of a zone's clock from about an instant to the one before another. */
function changesWithin(zone: Zone, from: number, until: number): readonly ClockChange[] {
  const changes: ClockChange[] = [];
  for (let span = zone.spanAt(from); ; span = zone.spanAt(span.end)) {
    const { start, before, offset } = span;
    const shown = (minutes: number) => wallText(start + Math.round(minutes * minuteMs));
    if (before !== offset) changes.push({ from: shown(before), to: shown(offset) });
    if (span.end >= until) return changes;
  }
}
