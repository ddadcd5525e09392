import type { FieldName, MonthDay, NthWeekday } from '../schedule.ts';
import type { FieldRange } from './field-range.ts';
import { type Flaw, impreciseWord, outOfRange } from './flaw.ts';

/** A day that a field names beyond numbers: counted from the end of the month, or by its weekday. */
export type DayElement = MonthDay | NthWeekday;

/** `L`, `L-3`, `LW`, `15W`, and what is near to them. No other element begins with an `L` or ends in a `W`. */
const monthDayShape = /^(?:L\b.*|L?W|WL|\d+W)$/i;
/** `5#3`, `fri#3`, `5L`, `friL`, and what is near to them. */
const nthWeekdayShape = /^(?:.*#.*|\d+L|(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*L|L\d)$/i;

/** Reads a day such as `L`, `15W` or `5#3`; undefined for an element of another kind. */
export function readDay(element: string, name: FieldName, range: FieldRange): DayElement | Flaw | undefined {
  const ofWeek = nthWeekdayShape.test(element);
  if (!ofWeek && !monthDayShape.test(element)) return undefined;
  if (name === 'dayOfMonth' && !ofWeek) return readMonthDay(element, range);
  if (name === 'dayOfWeek' && ofWeek) return readNthWeekday(element, range);
  return misplaced(element, ofWeek, range);
}

const monthDayExamples = 'expected L, L-3, LW or 15W';

function readMonthDay(element: string, range: FieldRange): MonthDay | Flaw {
  const text = element.toUpperCase();
  if (text === 'L') return { kind: 'last', before: 0 };
  if (text === 'LW') return { kind: 'last-weekday' };
  const [, before, date] = /^(?:L-(\d+)|(\d+)W)$/.exec(text) ?? [];
  if (before !== undefined) return readBefore(Number(before), element);
  if (date === undefined) {
    const instead = text === 'WL' ? 'LW' : undefined;
    return whole(element, 'schedule-value', `${inThe(range)}, ${monthDayExamples}`, instead);
  }
  const day = Number(date);
  if (day >= 1 && day <= 31) return { kind: 'nearest-weekday', day };
  return whole(element, 'schedule-range', `${inThe(range)}, expected 1W to 31W`, day === 0 ? '1W' : '31W');
}

function readBefore(before: number, element: string): MonthDay | Flaw {
  if (before >= 1 && before <= 30) return { kind: 'last', before };
  return whole(
    element,
    'schedule-range',
    'in the day of month field, expected L-1 to L-30, so many days before the last',
    before === 0 ? 'L' : 'L-30',
  );
}

function readNthWeekday(element: string, range: FieldRange): NthWeekday | Flaw {
  const [, day = '', nth] = /^(\w*)(?:#(\w*)|L)$/i.exec(element) ?? [];
  const weekday = day === '' ? undefined : weekdayOf(day, range);
  if (weekday === undefined) return whole(element, 'schedule-value', nthExpected(range), swapped(element));
  if (typeof weekday !== 'number') return weekday;
  if (nth === undefined) return { weekday, nth: 'last' };
  if (/^[1-5]$/.test(nth)) return { weekday, nth: Number(nth) };
  if (!/^\d+$/.test(nth)) {
    return whole(element, 'schedule-value', nthExpected(range), /^L$/i.test(nth) ? `${day}L` : undefined);
  }
  const message = `${inThe(range)}, expected ${day}#1 to ${day}#5, or ${day}L for the last of a month`;
  return whole(element, 'schedule-range', message, Number(nth) === 0 ? `${day}#1` : `${day}L`);
}

function nthExpected(range: FieldRange): string {
  return `${inThe(range)}, expected a weekday and its number, such as 5#3 or fri#3, or friL for the last`;
}

/** `L5`, as some schedulers write `5L`. */
function swapped(element: string): string | undefined {
  return /^L[0-7]$/i.test(element) ? `${element.slice(1)}L` : undefined;
}

/** Sunday is 0. */
function weekdayOf(word: string, range: FieldRange): number | Flaw {
  const index = range.names.indexOf(word.toLowerCase());
  if (index >= 0) return index;
  if (!/^\d+$/.test(word)) return impreciseWord(word, 0, range);
  return Number(word) <= range.high ? Number(word) % 7 : outOfRange(word, 0, range);
}

function misplaced(element: string, ofWeek: boolean, range: FieldRange): Flaw {
  const message = ofWeek
    ? `${inThe(range)}, expected it in the day of week field, the fifth`
    : `${inThe(range)}, expected it in the day of month field, the third`;
  if (range.title !== 'day of week' || !/^L$/i.test(element)) return whole(element, 'schedule-day', message, undefined);
  return whole(element, 'schedule-day', `${message}, or a weekday before it, such as friL`, undefined);
}

function inThe({ title }: FieldRange): string {
  return `in the ${title} field`;
}

function whole(element: string, code: Flaw['code'], rest: string, instead: string | undefined): Flaw {
  return { offset: 0, length: element.length, code, message: `found ${element} ${rest}`, instead };
}
