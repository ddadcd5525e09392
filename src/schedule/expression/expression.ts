import { problemOf, wholeProblem, writeHint } from '../problem.ts';
import type { ExtraDays, FieldName, Fields, ScheduleProblem } from '../schedule.ts';
import { type ReadField, readField } from './field.ts';
import { fieldNames } from './field-range.ts';
import { type Choice, choiceBy } from './hash.ts';
import { type Never, neverFires } from './never.ts';

/** Five fields, read, or what is wrong with them. */
export type ReadFields =
  | { readonly ok: true; readonly fields: Fields }
  | { readonly ok: false; readonly problem: ScheduleProblem };

/** A field of the text: its place and its characters. */
export interface Column {
  readonly offset: number;
  readonly text: string;
}

/** The pieces between the blanks of a text; a blank is a space or a tab, as in crontab(5). */
export function columns(text: string): readonly Column[] {
  return Array.from(text.matchAll(/[^ \t]+/g), (match) => ({ offset: match.index, text: match[0] }));
}

/** Reads the five fields in `text`, an `H` by `choose`; offsets of a problem count from its start. */
export function readFields(text: string, choose: Choice = choiceBy(text)): ReadFields {
  const found = columns(text);
  if (found.length !== fieldNames.length) return { ok: false, problem: wrongCount(text, found) };
  const read: Partial<Record<FieldName, ReadField>> = {};
  for (const [index, name] of fieldNames.entries()) {
    const column = found[index] as Column;
    const one = readField(column.text, name, choose);
    if ('code' in one) return { ok: false, problem: problemOf(text, { ...one, offset: one.offset + column.offset }) };
    read[name] = one;
  }
  const fields = fieldsOf(read as Record<FieldName, ReadField>);
  const never = neverFires(fields);
  return never === undefined ? { ok: true, fields } : { ok: false, problem: neverProblem(text, never, found) };
}

function neverProblem(text: string, { place, ...never }: Never, found: readonly Column[]): ScheduleProblem {
  const [first, last] = [found[2] as Column, found[place === 'both' ? 4 : 2] as Column];
  const { offset } = first;
  return problemOf(text, { ...never, offset, length: last.offset + last.text.length - offset });
}

/** What cron can say has no `extra`, which is how others know it. */
function fieldsOf({ minute, hour, dayOfMonth, month, dayOfWeek }: Record<FieldName, ReadField>): Fields {
  const plain = {
    minute: minute.field,
    hour: hour.field,
    dayOfMonth: dayOfMonth.field,
    month: month.field,
    dayOfWeek: dayOfWeek.field,
  };
  const extra: ExtraDays = { ofMonth: dayOfMonth.ofMonth, ofWeek: dayOfWeek.ofWeek, every: undefined };
  return extra.ofMonth.length + extra.ofWeek.length === 0 ? plain : { ...plain, extra };
}

const layout =
  'write minute, hour, day of month, month and day of week, such as "0 3 * * *", or a phrase, such as "daily at 03:00"';

function wrongCount(text: string, found: readonly Column[]): ScheduleProblem {
  const count = found.length;
  if (count < fieldNames.length) {
    const completed = [...found.map((column) => column.text), ...Array(fieldNames.length - count).fill('*')].join(' ');
    const hint = count >= 3 && isSound(completed) ? writeHint(completed) : layout;
    return wholeProblem(text, 'schedule-fields', `found ${plural(count)}, expected five`, hint);
  }
  const sixth = found[5] as Column;
  const seconds = found
    .slice(1, 6)
    .map((column) => column.text)
    .join(' ');
  if (/^[\d*?LW#/,A-Z-]+$/.test(sixth.text)) {
    const message = `found ${plural(count)}, expected five: cron counts in minutes, so seconds and years are not supported`;
    return wholeProblem(text, 'schedule-fields', message, isSound(seconds) ? writeHint(seconds) : layout);
  }
  const message = `found ${sixth.text} after the five fields, expected nothing`;
  const instead = text.slice(0, sixth.offset).trimEnd();
  const hint = isSound(instead) ? writeHint(instead) : layout;
  return { offset: sixth.offset, length: text.trimEnd().length - sixth.offset, code: 'schedule-fields', message, hint };
}

function isSound(text: string): boolean {
  return readFields(text).ok;
}

function plural(count: number): string {
  return count === 1 ? 'one field' : `${count} fields`;
}
