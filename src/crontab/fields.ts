import { type JobTimes, zoneOf } from '../schedule/calendar/job-calendar.ts';
import { fieldNames } from '../schedule/expression/field-range.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import type { Field, FieldName, Fields, Schedule } from '../schedule/schedule.ts';
import type { Zone } from '../schedule/zone/zone.ts';
import { allValues, coveringFields } from './cover/cover.ts';
import { dueAsCrontab } from './cover/day-rule.ts';
import { isAwake, wideFields } from './cover/wide-cover.ts';
import { comingYears, isSameClock } from './cover/zone-spans.ts';
import type { Cron } from './cron/cron.ts';
import { crons } from './cron/crons.ts';
import { cronCan } from './cron-can.ts';

/** The part of a table line that says when: five fields, or `@reboot`. */
export interface TimePart {
  readonly kind: 'calendar' | 'reboot';
  readonly text: string;
}

/** The host of a table. */
export interface Host {
  /** On whose clock its cron reads the lines. */
  readonly zone: Zone;
  /** When the lines are made, UTC milliseconds: they hold for this year and those to come. */
  readonly at: number;
  /** Which cron reads the lines; one that is not known is taken for Debian’s. */
  readonly cron?: Cron | undefined;
}

/**
 * The time parts of a job's lines: at most one of the calendar and one for each start of the machine, which not every
 * cron knows. Several calendar schedules become one part that covers them all; the wrapper asks the calendar whether it
 * is due.
 * @throws UserError where the system does not know the job's zone.
 */
export function timeParts(job: JobTimes, host: Host): readonly TimePart[] {
  const { cron = crons.debian } = host;
  const schedules = schedulesOf(job);
  const fields = calendarFields(job, schedules, host);
  return [
    ...(fields === undefined ? [] : [{ kind: 'calendar', text: fieldsText(fields) } as const]),
    ...(cron.reboot && schedules.some(isAtBoot) ? [{ kind: 'reboot', text: '@reboot' } as const] : []),
  ];
}

function calendarFields(job: JobTimes, schedules: readonly Schedule[], host: Host): Fields | undefined {
  const [first, ...others] = schedules.flatMap((one) => (one.kind === 'calendar' ? [one.fields] : []));
  if (first === undefined && schedules.every(isAtBoot)) return undefined;
  const { zone, at, cron = crons.debian } = host;
  const wanted = { job, host: zone, cron, years: comingYears(at) };
  const isPlain = cronCan(job, schedules) && isSameClock(zoneOf(job, zone), zone, wanted.years);
  if (first === undefined || !isPlain) return wideFields(wanted);
  const fields = dueAsCrontab(coveringFields([first, ...others]), cron.days);
  return isAwake(fields, wanted) ? fields : wideFields(wanted);
}

function isAtBoot({ kind }: Schedule): boolean {
  return kind === 'reboot';
}

/** Five fields as every cron reads them. */
export function fieldsText(fields: Fields): string {
  return fieldNames.map((name) => fieldText(fields[name], name)).join(' ');
}

/**
 * A field as every cron reads it: numbers in ascending order, Sunday as 0, no range. It begins with `*` exactly where the
 * field is a star, even when it names every value: `1-31` and `*` differ in how the two day fields combine.
 */
function fieldText({ star, values }: Field, name: FieldName): string {
  if (!star) return values.join(',');
  const all = allValues[name];
  const named = new Set(values);
  // A step counts from the lowest value, which is 1 for days of the month and for months.
  const isNamed = (step: number) => all.every((value, index) => index % step !== 0 || named.has(value));
  const step = all.findIndex((_, index) => isNamed(index + 1)) + 1;
  if (step === 0) throw new Error(`a star names the lowest value of its field, found ${values.join(',')} in ${name}`);
  if (step === 1) return '*';
  return [`*/${step}`, ...values.filter((value) => all.indexOf(value) % step !== 0)].join(',');
}
