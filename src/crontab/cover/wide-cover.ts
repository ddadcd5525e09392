import { calendarOf, type JobTimes, offsetOf } from '../../schedule/calendar/job-calendar.ts';
import { minuteMs } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { Daylight } from '../cron/cron.ts';
import { hasExtraDays } from '../cron-can.ts';
import { dueAsCrontab } from './day-rule.ts';
import { timesOfFields } from './day-times.ts';
import { gathered, type Subject } from './gather.ts';
import { type HostCron, isHourly, isShownAgain, repeatedMinutes, wakes } from './host-cron.ts';
import { fieldsOfSketch, type OwnDays, type Repeats } from './sketch-fields.ts';
import { changesOf, dayMinutes, type Period, skippedMinutes, wallOf } from './zone-spans.ts';

/** A job whose line is looked for, and the host that the line is for. */
export interface Wanted {
  readonly job: JobTimes;
  readonly host: Zone;
  readonly cron: HostCron;
  readonly years: Period;
}

/**
 * The fields of the narrowest line that wakes a job at each of its slots in these years, on the clock of the host and by
 * the rules of its cron; it may be due oftener. Undefined for a job without slots. The slots at which a cron starts
 * nothing at all, whatever the line, are left asleep.
 */
export function wideFields(wanted: Wanted): Fields | undefined {
  const { host, cron } = wanted;
  const subject = subjectOf(wanted);
  const sketch = gathered(subject);
  if (sketch.times.size === 0) return undefined;
  const own = ownDays(subject);
  const moved = movedSlots(subject, cron);
  const again = moved.some((slot) => isShownAgain(host, slot)) || comesInRepeat(subject, sketch.times);
  for (;;) {
    const fields = dueAsCrontab(fieldsOfSketch(sketch, own, again ? repeats[cron.daylight] : 'nothing'), cron.days);
    const asleep = moved.filter((slot) => !wakes(fields, host, slot, cron));
    if (asleep.length === 0) return fields;
    for (const slot of asleep) sketch.addSlot(wallOf(slot, host.offsetAt(slot)), fields);
  }
}

const repeats: Readonly<Record<Daylight, Repeats>> = {
  'makes-up': 'star',
  follows: 'nothing',
  moves: 'every-hour',
  'passes-over': 'nothing',
};

/** Whether fields that say the schedules of a job, whose clock is the host's, wake it at the changes of that clock too. */
export function isAwake(fields: Fields, wanted: Wanted): boolean {
  const { host, cron } = wanted;
  if (cron.daylight === 'makes-up') return true;
  const subject = subjectOf(wanted);
  if (movedSlots(subject, cron).some((slot) => !wakes(fields, host, slot, cron))) return false;
  return cron.daylight !== 'moves' || isHourly(fields) || !comesInRepeat(subject, new Set(timesOfFields(fields)));
}

function subjectOf({ job, host, years }: Wanted): Subject {
  return { job, calendar: calendarOf(job, host), host, years, later: offsetOf(job) };
}

/** The day fields of a job whose schedules have the same ones, and that a line can say. */
function ownDays({ calendar: { schedules } }: Subject): OwnDays | undefined {
  const [first, ...others] = schedules.flatMap((one) => (one.kind === 'calendar' ? [one.fields] : []));
  if (first === undefined || schedules.some(({ kind }) => kind === 'interval')) return undefined;
  const days = dayText(first);
  if (days === undefined || others.some((one) => dayText(one) !== days)) return undefined;
  return { dayOfMonth: first.dayOfMonth, dayOfWeek: first.dayOfWeek };
}

/** Undefined where cron has no word for them. */
function dayText({ extra, dayOfMonth, dayOfWeek }: Fields): string | undefined {
  return hasExtraDays(extra) ? undefined : JSON.stringify([dayOfMonth, dayOfWeek]);
}

/** Whether a slot comes in a time that the host's clock shows for the second time, when cron does not start every line. */
function comesInRepeat({ calendar, host, years }: Subject, times: ReadonlySet<number>): boolean {
  return changesOf(host, years).some((span) => {
    const repeated = repeatedMinutes(span);
    if (!hasAnyOf(times, wallOf(span.start, span.offset).minute, repeated)) return false;
    const slot = calendar.next(span.start - 1);
    return slot !== undefined && slot < span.start + repeated * minuteMs;
  });
}

/** The slots at the ends of gaps in the clock of the job's zone, as far as its schedules have a time in the gap. */
function movedSlots({ calendar, host, years, later }: Subject, { daylight }: HostCron): readonly number[] {
  const fields = calendar.schedules.flatMap((one) => (one.kind === 'calendar' ? [one.fields] : []));
  const times = new Set(fields.flatMap(timesOfFields));
  const gaps = changesOf(calendar.zone, years).filter((span) =>
    hasAnyOf(times, wallOf(span.start, span.before).minute, skippedMinutes(span)),
  );
  const slots = gaps.map(({ start }) => start + later).filter((at) => calendar.latest(at, at) !== undefined);
  return daylight === 'passes-over' ? slots.filter((at) => !isShownAgain(host, at)) : slots;
}

/** Whether one of so many minutes from a time of day on is among some; a day has all of them. */
function hasAnyOf(times: ReadonlySet<number>, first: number, count: number): boolean {
  for (let index = 0; index < Math.min(count, dayMinutes); index++) {
    if (times.has((first + index) % dayMinutes)) return true;
  }
  return false;
}
