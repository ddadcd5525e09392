import { calendarOf, type JobTimes, offsetOf } from '../../schedule/calendar/job-calendar.ts';
import { minuteMs } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import { hasExtraDays } from '../cron-can.ts';
import { timesOfFields } from './day-times.ts';
import { gathered, type Subject } from './gather.ts';
import { repeatedMinutes, wakes } from './host-cron.ts';
import type { Sketch } from './sketch.ts';
import { fieldsOfSketch, type OwnDays } from './sketch-fields.ts';
import { changesOf, dayMinutes, type Period, skippedMinutes, wallOf } from './zone-spans.ts';

/**
 * The fields of the narrowest line that wakes a job at each of its slots in these years, on the clock of the host and by
 * the rules of its cron; it may be due oftener. Undefined for a job without slots.
 */
export function wideFields(job: JobTimes, host: Zone, years: Period): Fields | undefined {
  const subject = { job, calendar: calendarOf(job, host), host, years, later: offsetOf(job) };
  const sketch = gathered(subject);
  if (sketch.times.size === 0) return undefined;
  const own = ownDays(subject);
  const wildcard = comesInRepeat(subject, sketch);
  const moved = movedSlots(subject);
  for (;;) {
    const fields = fieldsOfSketch(sketch, own, wildcard);
    const asleep = moved.filter((slot) => !wakes(fields, host, slot));
    if (asleep.length === 0) return fields;
    for (const slot of asleep) sketch.addSlot(wallOf(slot, host.offsetAt(slot)), fields);
  }
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

/** Whether a slot comes in a time that the host's clock shows for the second time, when cron starts wildcards alone. */
function comesInRepeat({ calendar, host, years }: Subject, { times }: Sketch): boolean {
  return changesOf(host, years).some((span) => {
    const repeated = repeatedMinutes(span);
    if (!hasAnyOf(times, wallOf(span.start, span.offset).minute, repeated)) return false;
    const slot = calendar.next(span.start - 1);
    return slot !== undefined && slot < span.start + repeated * minuteMs;
  });
}

/** The slots at the ends of gaps in the clock of the job's zone, as far as its schedules have a time in the gap. */
function movedSlots({ calendar, years, later }: Subject): readonly number[] {
  const fields = calendar.schedules.flatMap((one) => (one.kind === 'calendar' ? [one.fields] : []));
  const times = new Set(fields.flatMap(timesOfFields));
  const gaps = changesOf(calendar.zone, years).filter((span) =>
    hasAnyOf(times, wallOf(span.start, span.before).minute, skippedMinutes(span)),
  );
  return gaps.map(({ start }) => start + later).filter((at) => calendar.latest(at, at) !== undefined);
}

/** Whether one of so many minutes from a time of day on is among some; a day has all of them. */
function hasAnyOf(times: ReadonlySet<number>, first: number, count: number): boolean {
  for (let index = 0; index < Math.min(count, dayMinutes); index++) {
    if (times.has((first + index) % dayMinutes)) return true;
  }
  return false;
}
