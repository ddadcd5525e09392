import { daysFollowBoth } from '../../schedule/calendar/wall.ts';
import type { Field, FieldName, Fields } from '../../schedule/schedule.ts';
import { allValues, any } from './cover.ts';
import { isFixedTime } from './host-cron.ts';
import type { DaySets, Sketch } from './sketch.ts';

/** The two day fields, as a schedule has them. */
export type OwnDays = Pick<Fields, 'dayOfMonth' | 'dayOfWeek'>;

/**
 * The narrowest fields that name all that was gathered.
 * @param own the day fields of the schedules, which hold where no slot is carried to another day.
 * @param repeats what the line needs so that cron starts it in the time that its clock shows for the second time.
 */
export function fieldsOfSketch(sketch: Sketch, own: OwnDays | undefined, repeats: Repeats): Fields {
  const times = { minute: named(sketch.minutes, 'minute'), hour: named(sketch.hours, 'hour') };
  return { ...timesAs(repeats, times), ...daysOf(sketch, own) };
}

/** Nothing, a star at the start of the minute or the hour, or every hour. */
export type Repeats = 'nothing' | 'star' | 'every-hour';

function timesAs(repeats: Repeats, times: Times): Times {
  if (repeats === 'every-hour') return inSteps({ ...times, hour: any('hour') });
  if (!isFixedTime(times)) return inSteps(times);
  return repeats === 'star' ? withStar(times) : times;
}

/** Those that leave more than one minute. */
const steps = Array.from({ length: allValues.minute.length / 2 }, (_, index) => index + 1);

type Times = Pick<Fields, 'minute' | 'hour'>;

/** Every hour, or steps of minutes that begin with a star, whichever names fewer times. */
function withStar({ minute, hour }: Times): Times {
  const stepped = steps
    .map((step) => withStep(minute, step))
    .reduce((least, one) => (one.values.length < least.values.length ? one : least));
  const isFewer = stepped.values.length * hour.values.length < minute.values.length * allValues.hour.length;
  return isFewer ? { minute: stepped, hour } : { minute, hour: any('hour') };
}

/** The minutes of a line that has its star in the hour, the short way where they are even steps. */
function inSteps({ minute, hour }: Times): Times {
  const even = steps.find((step) => minute.values.join() === multiplesOf(step).join());
  return { minute: even === undefined ? minute : { star: true, values: minute.values }, hour };
}

function multiplesOf(step: number): readonly number[] {
  return allValues.minute.filter((value) => value % step === 0);
}

function withStep({ values }: Field, step: number): Field {
  return { star: true, values: ascending(new Set([...values, ...multiplesOf(step)])) };
}

function daysOf(sketch: Sketch, own: OwnDays | undefined): Omit<Fields, keyof Times> {
  const month = sketch.everyDay ? any('month') : named(sketch.months, 'month');
  if (sketch.everyDay) return { month, dayOfMonth: any('dayOfMonth'), dayOfWeek: any('dayOfWeek') };
  if (own !== undefined && !sketch.carried) return { month, ...own };
  return { month, ...narrowest(sketch) };
}

function narrowest({ all, either }: Sketch): OwnDays {
  const byWeekday = { dayOfMonth: any('dayOfMonth'), dayOfWeek: named(all.weekdays, 'dayOfWeek') };
  const byDate = { dayOfMonth: named(all.dates, 'dayOfMonth'), dayOfWeek: any('dayOfWeek') };
  const choices = [byWeekday, byDate, ...byEither(either)];
  return choices.reduce((least, one) => (share(one) < share(least) ? one : least));
}

function byEither({ dates, weekdays }: DaySets): readonly OwnDays[] {
  if (dates.size === 0 || weekdays.size === 0) return [];
  const days = { dayOfMonth: named(dates, 'dayOfMonth'), dayOfWeek: named(weekdays, 'dayOfWeek') };
  return daysFollowBoth(days) ? [] : [days];
}

/** How many of all days are named, about. */
function share({ dayOfMonth, dayOfWeek }: OwnDays): number {
  const ofMonth = dayOfMonth.values.length / allValues.dayOfMonth.length;
  const ofWeek = dayOfWeek.values.length / allValues.dayOfWeek.length;
  const both = ofMonth * ofWeek;
  return daysFollowBoth({ dayOfMonth, dayOfWeek }) ? both : ofMonth + ofWeek - both;
}

function named(values: ReadonlySet<number>, name: FieldName): Field {
  return values.size === allValues[name].length ? any(name) : { star: false, values: ascending(values) };
}

function ascending(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
