import { daysFollowBoth } from '../calendar/wall.ts';
import { fieldNames } from '../expression/field-range.ts';
import type { FieldName, Fields } from '../schedule.ts';
import { runsOf } from '../words/lists.ts';
import { monthNames } from '../words/months.ts';
import type { FieldsCase, FieldsRemark } from './case.ts';
import { rewritten } from './fields-text.ts';

/** A field that is a step through all of its values, such as every seventh minute. */
interface Step {
  readonly field: FieldName;
  readonly step: number;
  readonly values: readonly number[];
}

/** A step through all of a field that does not come out even where it begins anew. */
export function unevenStep(judged: FieldsCase): FieldsRemark | undefined {
  for (const [index, { text }] of judged.columns.entries()) {
    const field = fieldNames[index] as FieldName;
    const step = Number(wholeStep.exec(text)?.[1] ?? 0);
    const found = step > 1 ? objection({ field, step, values: judged.fields[field].values }, judged.fields) : undefined;
    if (found === undefined) continue;
    const message = `found ${text} in the ${titles[field]} field; ${found}`;
    return { code: 'uneven-step', message, hint: hintOf(field, step, judged), at: [index, index] };
  }
  return undefined;
}

/** `*` or `H` with a step, and nothing else. */
const wholeStep = /^(?:\*|H)\/(\d+)$/i;

const titles: Readonly<Record<FieldName, string>> = {
  minute: 'minute',
  hour: 'hour',
  dayOfMonth: 'day of month',
  month: 'month',
  dayOfWeek: 'day of week',
};

const sizes = { minute: 60, hour: 24, month: 12, dayOfWeek: 7 } as const;

function objection(found: Step, fields: Fields): string | undefined {
  if (!goesOn(found.field, fields)) return undefined;
  if (found.field === 'dayOfMonth') return overMonths(found);
  const size = sizes[found.field];
  if (size % found.step === 0) return undefined;
  const [first = 0, last = 0] = [found.values[0], found.values.at(-1)];
  const left = size - last + first;
  const after = `after ${shown(found.field, last)} comes ${shown(found.field, first)}`;
  return `${found.step} does not divide ${size}: ${after}, ${left} ${units[found.field]}${left === 1 ? '' : 's'} later`;
}

const units = { minute: 'minute', hour: 'hour', month: 'month', dayOfWeek: 'day' } as const;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function shown(field: Exclude<FieldName, 'dayOfMonth'>, value: number): string {
  const two = String(value).padStart(2, '0');
  switch (field) {
    case 'minute':
      return `:${two}`;
    case 'hour':
      return `${two}:00`;
    case 'month':
      return monthNames[value - 1] ?? '';
    case 'dayOfWeek':
      return weekdays[value] ?? '';
  }
}

/** Months have 28 to 31 days. What falls short by less than half is taken as meant. */
function overMonths({ step, values }: Step): string | undefined {
  const lefts = [28, 29, 30, 31].map((days) => {
    const last = values.findLast((value) => value <= days) ?? 1;
    return { last, left: days - last + (values[0] ?? 1) };
  });
  const [worst] = lefts.sort((a, b) => a.left - b.left);
  if (worst === undefined || worst.left > step / 2) return undefined;
  const days = worst.left === 1 ? 'one day' : `${worst.left} days`;
  return `it begins anew with each month: after day ${worst.last} comes day ${values[0]}, in some months ${days} later`;
}

/** Whether a field begins anew where it ends: for minutes it takes hours in a row, for hours days. */
function goesOn(field: FieldName, fields: Fields): boolean {
  const [month, week] = [hasNeighbours(fields.dayOfMonth.values), hasNeighbours(fields.dayOfWeek.values)];
  switch (field) {
    case 'minute':
      return hasNeighbours(fields.hour.values);
    case 'hour':
      return daysFollowBoth(fields) ? month && week : month || week;
    case 'dayOfMonth':
      return week || !daysFollowBoth(fields);
    case 'month':
    case 'dayOfWeek':
      return true;
  }
}

function hasNeighbours(values: readonly number[]): boolean {
  return runsOf(values).some(({ length }) => length > 1);
}

function hintOf(field: FieldName, step: number, { columns, fields }: FieldsCase): string {
  switch (field) {
    case 'minute':
    case 'hour':
      return `write ${phrase(`every ${step}${field === 'minute' ? 'm' : 'h'}`)} for elapsed time, or a step that divides ${sizes[field]}: ${divisors(sizes[field], step)}`;
    case 'dayOfMonth':
      return `write ${phrase(`every ${step} days from 2026-01-05`)} with a first day of your own`;
    case 'month':
    case 'dayOfWeek': {
      const index = fieldNames.indexOf(field);
      return `if that is meant, name them: ${rewritten(columns, { [index]: fields[field].values.join(',') })}`;
    }
  }
}

function phrase(text: string): string {
  return `"${text}"`;
}

/** The nearest steps on either side that come out even. */
function divisors(size: number, step: number): string {
  const all = Array.from({ length: size / 2 }, (_, index) => index + 1).filter((one) => size % one === 0);
  const near = [all.findLast((one) => one < step), all.find((one) => one > step)];
  return near.flatMap((one) => (one === undefined ? [] : [`*/${one}`])).join(' or ');
}
