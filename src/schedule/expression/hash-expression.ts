import type { FieldName } from '../schedule.ts';
import { columns, type ReadFields, readFields } from './expression.ts';
import { readField } from './field.ts';
import { fieldNames } from './field-range.ts';
import { type Choice, choiceBy } from './hash.ts';
import { isSpread } from './hash-element.ts';

/** Reads five fields, each `H` in them settled by a name. What a name could be refused for is refused for all. */
export function readHashed(text: string, name: string): ReadFields {
  for (const choose of choices(text)) {
    const read = readFields(text, choose);
    if (read.ok) continue;
    if (read.problem.code !== 'schedule-never') return read;
    const message = `${read.problem.message}; it is one of those that H may stand for`;
    return { ok: false, problem: { ...read.problem, message } };
  }
  return readFields(text, choiceBy(name));
}

/**
 * Every way to settle the `H`s in the month and day of week of a text; none where it has no such field. An `H` in the day
 * of month is a date that every month has, and that falls on every weekday: with it there is nothing to try.
 */
function* choices(text: string): Generator<Choice> {
  const found = columns(text).map((column) => hasSpread(column.text));
  const [, , date, month, weekday] = found;
  if (date || !(month || weekday)) return;
  for (let ofMonth = 0; ofMonth < (month ? 12 : 1); ofMonth++) {
    for (let ofWeek = 0; ofWeek < (weekday ? 7 : 1); ofWeek++) {
      const chosen: Partial<Record<FieldName, number>> = { month: ofMonth, dayOfWeek: ofWeek };
      yield (field, places) => (chosen[field] ?? 0) % places;
    }
  }
}

function hasSpread(field: string): boolean {
  return field.split(',').some(isSpread);
}

/**
 * Five fields with the numbers that each `H` stands for by a name, such as `17 3 * * *` for `H 3 * * *`; undefined for a
 * text without an `H`, or one that is no schedule.
 */
export function hashed(text: string, name: string): string | undefined {
  const found = columns(text).map((column) => column.text);
  if (!found.some(hasSpread) || !readHashed(text, name).ok) return undefined;
  const choose = choiceBy(name);
  return fieldNames.map((field, index) => settled(found[index] ?? '', field, choose)).join(' ');
}

function settled(text: string, name: FieldName, choose: Choice): string {
  const elements = text.split(',').map((element) => {
    if (!isSpread(element)) return element;
    const read = readField(element, name, choose);
    return 'code' in read ? element : listOf(read.field.values);
  });
  return elements.join(',');
}

/** Values as a list, or as a range with a step where that is much shorter. */
function listOf(values: readonly number[]): string {
  const [first = 0, second = 0, last = 0] = [values[0], values[1], values.at(-1)];
  return values.length <= 6 ? values.join(',') : `${first}-${last}/${second - first}`;
}
