import { fieldNames } from '../schedule/field-range.ts';
import type { Field, Fields, Schedule } from '../schedule/schedule.ts';
import { allValues, coveringFields } from './cover.ts';

/** The part of a table line that says when: five fields, or `@reboot`. */
export interface TimePart {
  readonly kind: Schedule['kind'];
  readonly text: string;
}

/**
 * The time parts of a job's lines: at most one of the calendar and one for each start of the machine. Several calendar
 * schedules become one part that covers them all; the wrapper asks the calendar whether it is due.
 */
export function timeParts(schedules: readonly Schedule[]): readonly TimePart[] {
  const calendar = schedules.flatMap((schedule) => (schedule.kind === 'calendar' ? [schedule.fields] : []));
  const parts: TimePart[] = [];
  const [first, ...others] = calendar;
  if (first !== undefined) parts.push({ kind: 'calendar', text: fieldsText(coveringFields([first, ...others])) });
  if (calendar.length < schedules.length) parts.push({ kind: 'reboot', text: '@reboot' });
  return parts;
}

function fieldsText(fields: Fields): string {
  return fieldNames.map((name) => fieldText(fields[name], name)).join(' ');
}

/**
 * A field as every cron reads it: numbers in ascending order, Sunday as 0, no range. It begins with `*` exactly where the
 * field is a star, even when it names every value: `1-31` and `*` differ in how the two day fields combine.
 */
function fieldText({ star, values }: Field, name: keyof Fields): string {
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
