import type { CronName } from '../../src/crontab/cron/cron.ts';
import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { stableHash } from '../../src/schedule/expression/hash.ts';
import type { Zone } from '../../src/schedule/zone/zone.ts';

/*
 * A year of a job, worked out a second time and in another way than the program does: every wall minute that plain
 * predicates name, laid on the stretches of one offset, with the rules for changes of the clock on top. The same serves
 * for a line of a table on the clock of a host, with the rules of its cron.
 */

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** Changes of this size and above are corrections of the clock to cron(8), not daylight saving. */
const correction = 180;

/** A stretch of instants, in UTC milliseconds; the end does not belong to it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A date as the predicates see it. */
export interface Day {
  /** 1 to 31, 1 to 12, and 0 for Sunday. */
  readonly date: number;
  readonly month: number;
  readonly weekday: number;
  /** How many days its month has. */
  readonly last: number;
  /** Days since 1970-01-01. */
  readonly number: number;
}

/** When something happens, in plain terms. */
export type Rule = ClockRule | ElapsedRule;

/** Times of day, as minutes since midnight, on some days; `fixed` as cron(8) has it: without a wildcard. */
interface ClockRule {
  readonly kind: 'clock';
  readonly fixed: boolean;
  readonly days: (day: Day) => boolean;
  readonly times: readonly number[];
}

/** So many minutes from one to the next, counted from a wall time; only between two times of day where there is a window. */
interface ElapsedRule {
  readonly kind: 'elapsed';
  readonly minutes: number;
  readonly from: string;
  readonly window?: readonly number[];
}

/** One job, said twice: as its owner writes it, and in plain terms. */
export interface Twin {
  readonly job: JobTimes;
  readonly rules: readonly Rule[];
}

/** A cron, in plain terms. */
interface CronRules {
  /** What it does about the clock, for a line of every hour or another. */
  readonly dst: (hourly: boolean) => JobTimes['dst'];
  /** Whether a day has to satisfy both day fields, by their texts and by whether one names every value. */
  readonly both: (days: { readonly starred: boolean; readonly full: boolean }) => boolean;
}

const sees = { skipped: 'skip', repeated: 'twice' } as const;
const never = { skipped: 'skip', repeated: 'once' } as const;

/** What is certain of each cron; what one does at another time than the line says does not count. */
const cronRules: Readonly<Record<CronName, CronRules>> = {
  debian: { dst: () => ({ skipped: 'as-cron', repeated: 'as-cron' }), both: ({ starred }) => starred },
  cronie: { dst: () => ({ skipped: 'as-cron', repeated: 'as-cron' }), both: ({ starred }) => starred },
  macos: { dst: () => sees, both: ({ starred }) => starred },
  busybox: { dst: () => sees, both: ({ full }) => full },
  bcron: { dst: (hourly) => (hourly ? sees : never), both: () => true },
  'systemd-cron': { dst: () => never, both: () => true },
};

/** Whether the clock of a zone has shown the time of an instant before. */
export function isShownAgain(zone: Zone, instant: number): boolean {
  const span = zone.spanAt(instant);
  return instant < span.start + (span.before - span.offset) * minuteMs;
}

/** The host of a table, with the cron that reads it. */
export interface YearHost {
  readonly zone: Zone;
  readonly cron: CronName;
}

/** Every slot that a twin has in a stretch on the clock of a zone, ascending and without repeats. */
export function expectedSlots({ job, rules }: Twin, zone: Zone, { from, to }: Stretch): Float64Array {
  const minutes = Math.floor(job.jitter.offset / minuteMs);
  const shift = minutes === 0 ? 0 : (stableHash(`${job.id} offset`) % minutes) * minuteMs;
  const before = { from: from - shift, to: to - shift };
  const found = rules.flatMap((rule) => {
    return rule.kind === 'elapsed' ? elapsed(rule, zone, before) : onTheClock(rule, zone, before, job.dst);
  });
  const kept = found.filter((instant) => counts(job, wallMinute(zone, instant))).map((instant) => instant + shift);
  return Float64Array.from(new Set(kept)).sort();
}

/** The instants of a stretch at which a cron starts a line of a table, on the clock of a host. */
export function candidates(line: string, { zone: host, cron }: YearHost, stretch: Stretch): Float64Array {
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = line.split(' ');
  const [minutes, hours] = [valuesOf(minute, 0, 59), valuesOf(hour, 0, 23)];
  const [dates, months, weekdays] = [valuesOf(date, 1, 31), valuesOf(month, 1, 12), valuesOf(weekday, 0, 6)];
  const { dst, both: joins } = cronRules[cron];
  const starred = date.startsWith('*') || weekday.startsWith('*');
  const both = joins({ starred, full: dates.size === 31 || weekdays.size === 7 });
  const rule: Rule = {
    kind: 'clock',
    fixed: !minute.startsWith('*') && !hour.startsWith('*'),
    times: [...hours].flatMap((value) => [...minutes].map((further) => value * 60 + further)).sort((a, b) => a - b),
    days: (day) => {
      if (!months.has(day.month)) return false;
      const [byDate, byWeek] = [dates.has(day.date), weekdays.has(day.weekday)];
      return both ? byDate && byWeek : byDate || byWeek;
    },
  };
  return Float64Array.from(new Set(onTheClock(rule, host, stretch, dst(hours.size === 24)))).sort();
}

function valuesOf(field: string, least: number, most: number): ReadonlySet<number> {
  const pieces = field.split(',').map((piece) => {
    const [, star, step = '1'] = /^(\*)(?:\/(\d+))?$/.exec(piece) ?? [];
    return star === undefined ? [Number(piece)] : steps(Number(step), least, most);
  });
  return new Set(pieces.flat());
}

function counts({ start, end, except }: JobTimes, wall: number): boolean {
  const time = new Date(wall * minuteMs).toISOString().slice(0, 16);
  if ((start !== '' && time < start) || (end !== '' && time > end)) return false;
  return !except.some((span) => span.from <= time.slice(0, 10) && time.slice(0, 10) <= span.to);
}

function wallMinute(zone: Zone, instant: number): number {
  return instant / minuteMs + zone.spanAt(instant).offset;
}

/** The times of day from one to another, so many minutes apart. */
export function steps(step: number, from = 0, to = dayMinutes - 1): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A time of day such as `08:30` as minutes since midnight. */
export function minuteOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

function elapsed(rule: ElapsedRule, zone: Zone, { from, to }: Stretch): number[] {
  const wall = Date.parse(`${rule.from}Z`);
  const origin = wall - zone.spanAt(wall).offset * minuteMs;
  const period = rule.minutes * minuteMs;
  const found: number[] = [];
  for (let slot = origin + Math.max(0, Math.ceil((from - origin) / period)) * period; slot < to; slot += period) {
    const time = ((wallMinute(zone, slot) % dayMinutes) + dayMinutes) % dayMinutes;
    const [least = 0, most = dayMinutes] = rule.window ?? [];
    if (time >= least && time <= most) found.push(slot);
  }
  return found;
}

function onTheClock(rule: ClockRule, zone: Zone, stretch: Stretch, dst: JobTimes['dst']): readonly number[] {
  const walls = wallsOf(rule, stretch);
  const found: number[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (let span = zone.spanAt(stretch.from); span.start < stretch.to; span = zone.spanAt(span.end)) {
    const first = Math.max(span.start, stretch.from - dayMinutes * minuteMs) / minuteMs + span.offset;
    const { makesUp, once } = rulesAt(first - reached, rule, dst);
    if (makesUp && within(walls, reached, first).length > 0) found.push(span.start);
    const again = once ? Math.max(first, reached) : first;
    reached = span.end / minuteMs + span.offset;
    for (const wall of within(walls, again, reached)) found.push((wall - span.offset) * minuteMs);
  }
  return found.filter((instant) => instant >= stretch.from && instant < stretch.to);
}

/** What is done about a clock that was set forward by so many minutes, or back by so many below 0. */
function rulesAt(change: number, { fixed }: ClockRule, { skipped, repeated }: JobTimes['dst']) {
  const asCron = fixed && Math.abs(change) < correction;
  return {
    makesUp: skipped === 'as-cron' ? asCron : skipped === 'run-after',
    once: repeated === 'as-cron' ? asCron : repeated === 'once',
  };
}

/** The wall minutes since 1970-01-01 that a rule names, some days beyond the stretch on both sides. */
function wallsOf({ days, times }: ClockRule, { from, to }: Stretch): readonly number[] {
  const dayMs = dayMinutes * minuteMs;
  const walls: number[] = [];
  for (let number = Math.floor(from / dayMs) - 2; number <= to / dayMs + 2; number++) {
    const day = new Date(number * dayMs);
    const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
    const names = { date: day.getUTCDate(), month: day.getUTCMonth() + 1, weekday: day.getUTCDay(), last, number };
    if (days(names)) for (const time of times) walls.push(number * dayMinutes + time);
  }
  return walls;
}

/** The part of ascending numbers that is at least `from` and less than `to`. */
function within(numbers: readonly number[], from: number, to: number): readonly number[] {
  const least = lowerBound(numbers, from);
  return numbers.slice(least, Math.max(least, lowerBound(numbers, to)));
}

function lowerBound(numbers: readonly number[], wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
