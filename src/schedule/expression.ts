import { readField } from './field.ts';
import { fieldNames, fieldRanges } from './field-range.ts';
import { neverFires } from './never.ts';
import { problemOf, wholeProblem, writeHint } from './problem.ts';
import type { Field, Fields, ScheduleProblem } from './schedule.ts';

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

/** Reads the five fields of crontab(5) in `text`; offsets of a problem count from its start. */
export function readFields(text: string): ReadFields {
  const found = columns(text);
  if (found.length !== fieldNames.length) return { ok: false, problem: wrongCount(text, found) };
  const fields: Partial<Record<keyof Fields, Field>> = {};
  for (const [index, name] of fieldNames.entries()) {
    const column = found[index] as Column;
    const field = readField(column.text, fieldRanges[name]);
    if ('code' in field)
      return { ok: false, problem: problemOf(text, { ...field, offset: field.offset + column.offset }) };
    fields[name] = field;
  }
  const read = fields as Fields;
  const never = neverFires(read);
  if (never === undefined) return { ok: true, fields: read };
  const { offset, text: days } = found[2] as Column;
  return { ok: false, problem: problemOf(text, { ...never, offset, length: days.length }) };
}

const layout =
  'write minute, hour, day of month, month and day of week, such as "0 3 * * *", or a phrase, such as "daily at 03:00"';

function wrongCount(text: string, found: readonly Column[]): ScheduleProblem {
  const count = found.length;
  if (count < fieldNames.length) {
    const completed = [...found.map((column) => column.text), ...Array(fieldNames.length - count).fill('*')].join(' ');
    const hint = count >= 3 && readFields(completed).ok ? writeHint(completed) : layout;
    return wholeProblem(text, 'schedule-fields', `found ${plural(count)}, expected five`, hint);
  }
  const sixth = found[5] as Column;
  const seconds = found
    .slice(1, 6)
    .map((column) => column.text)
    .join(' ');
  if (/^[\d*?LW#/,A-Z-]+$/.test(sixth.text)) {
    const message = `found ${plural(count)}, expected five: cron counts in minutes, so seconds and years are not supported`;
    return wholeProblem(text, 'schedule-fields', message, readFields(seconds).ok ? writeHint(seconds) : layout);
  }
  const message = `found ${sixth.text} after the five fields, expected nothing`;
  const instead = text.slice(0, sixth.offset).trimEnd();
  const hint = readFields(instead).ok ? writeHint(instead) : layout;
  return { offset: sixth.offset, length: text.trimEnd().length - sixth.offset, code: 'schedule-fields', message, hint };
}

function plural(count: number): string {
  return count === 1 ? 'one field' : `${count} fields`;
}
