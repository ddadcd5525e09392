import { type Calendar, calendarOf, type JobTimes } from '../../schedule/calendar/job-calendar.ts';
import { minuteMs } from '../../schedule/calendar/wall.ts';
import type { Fields, Interval } from '../../schedule/schedule.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import { timesOfFields, timesOfInterval } from './day-times.ts';
import { isEveryDay, type NamedDay, namedDays } from './named-days.ts';
import { Sketch } from './sketch.ts';
import { dayMinutes, type Period, type Stretch, stretchesOf, wallOf } from './zone-spans.ts';

/** A job whose line is looked for, with what is known of it. */
export interface Subject {
  readonly job: JobTimes;
  readonly calendar: Calendar;
  readonly host: Zone;
  readonly years: Period;
  /** Milliseconds by which its slots are behind the times of its schedules. */
  readonly later: number;
}

/** All that the slots of a job come to on the clock of the host, apart from those at the end of a gap in its own. */
export function gathered(subject: Subject): Sketch {
  const { calendar, host, years, later } = subject;
  const sketch = new Sketch();
  const stretches = stretchesOf(host, calendar.zone, years, later);
  calendar.schedules.forEach((schedule, index) => {
    if (schedule.kind === 'calendar') addFields(sketch, schedule.fields, stretches, subject);
    if (schedule.kind === 'interval') addInterval(sketch, { ...schedule, index }, stretches, subject);
  });
  return sketch;
}

/** From the wall of the job to that of the host, in minutes. */
function shiftOf({ host, job }: Stretch, { later }: Subject): number {
  return host - job + later / minuteMs;
}

function addFields(sketch: Sketch, fields: Fields, stretches: readonly Stretch[], subject: Subject): void {
  const times = timesOfFields(fields);
  if (isEveryDay(fields)) {
    sketch.everyDay = true;
    for (const stretch of stretches) sketch.addTimes(times, shiftOf(stretch, subject));
    return;
  }
  const days = namedDays(fields, subject.years);
  stretches.forEach((stretch, index) => {
    // What the job's clock skips counts for the stretch before: cron serves it just after the gap, if it has it too.
    const skipped = Math.max(0, (stretches[index + 1]?.job ?? stretch.job) - stretch.job);
    const shift = shiftOf(stretch, subject);
    for (const { named, from, to } of daysWithin(days, stretch, skipped)) {
      sketch.addDayWith(named, timesWithin(times, from, to), shift);
    }
  });
}

/** A day, as far as it belongs to a stretch: from one minute of it to another, both included. */
interface PartOfDay {
  readonly named: NamedDay;
  readonly from: number;
  readonly to: number;
}

function* daysWithin(days: readonly NamedDay[], { from, until, job }: Stretch, skipped: number): Generator<PartOfDay> {
  const [first, last] = [wallOf(from, job), wallOf(until - minuteMs, job)];
  for (let index = firstFrom(days, first.day); index < days.length; index++) {
    const named = days[index];
    if (named === undefined || named.day > last.day) return;
    const to = named.day === last.day ? last.minute + skipped : dayMinutes;
    yield { named, from: named.day === first.day ? first.minute : 0, to };
  }
}

/** The place of the first of ascending days that is not before one. */
function firstFrom(days: readonly NamedDay[], day: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle]?.day ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The very same list where all are within, for what is known of it already. */
function timesWithin(times: readonly number[], from: number, to: number): readonly number[] {
  const isWhole = from <= (times[0] ?? 0) && (times.at(-1) ?? 0) <= to;
  return isWhole ? times : times.filter((time) => from <= time && time <= to);
}

interface IntervalOfJob {
  readonly text: string;
  readonly interval: Interval;
  /** Its place among the schedules of the job. */
  readonly index: number;
}

function addInterval(
  sketch: Sketch,
  { interval, index, text }: IntervalOfJob,
  stretches: readonly Stretch[],
  subject: Subject,
): void {
  const { job, host, years, later } = subject;
  const schedule = [job.schedule[index] ?? text] as const;
  const slot = calendarOf({ ...job, schedule, start: '', end: '', except: [] }, host).next(years.from - 1);
  if (slot === undefined) return;
  sketch.everyDay = true;
  const clocks = new Map(stretches.map((stretch) => [`${stretch.job} ${stretch.host}`, stretch]));
  for (const stretch of clocks.values()) {
    sketch.addTimes(timesOfInterval(interval, slot - later, stretch.job), shiftOf(stretch, subject));
  }
}
