import { isDate } from '../../job/date.ts';
import type { Flaw } from '../expression/flaw.ts';
import { type Word, wordFlaw } from './vocabulary.ts';

/** A Monday, to show what a date looks like. */
export const exampleDate = '2026-01-05';

/** Reads a date such as `2026-01-05` as milliseconds of wall time. */
export function readDate(word: Word): number | Flaw {
  if (isDate(word.text)) return Date.parse(`${word.text}T00:00Z`);
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2})$/.exec(word.text) ?? [];
  if (date !== undefined) {
    return wordFlaw(word, 'schedule-time', `found ${word.text}, expected a date alone`, `${date} ${time}`);
  }
  const [, year, month] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word.text) ?? [];
  const expected = year === undefined ? `a date such as ${exampleDate}` : 'a date that exists';
  const message = `found ${word.text}, expected ${expected}`;
  return wordFlaw(word, 'schedule-time', message, lastDate(Number(year), Number(month)));
}

/** The last day of a month, which a date behind it means; undefined for what is no month. */
function lastDate(year: number, month: number): string | undefined {
  if (!(month >= 1 && month <= 12)) return undefined;
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
