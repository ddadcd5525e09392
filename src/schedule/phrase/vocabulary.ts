import { fieldRanges } from '../expression/field-range.ts';
import type { Flaw } from '../expression/flaw.ts';
import type { ScheduleCode } from '../schedule.ts';

/** A word of a phrase, in lower case, at its place. */
export interface Word {
  readonly offset: number;
  readonly text: string;
}

/** The words of a phrase; commas separate like blanks. */
export function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(/[^ \t,]+/g), (match) => ({ offset: match.index, text: match[0].toLowerCase() }));
}

/** A flaw that marks one word. */
export function wordFlaw(word: Word, code: ScheduleCode, message: string, instead?: string): Flaw {
  return { offset: word.offset, length: word.text.length, code, message, instead };
}

const fullDays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The day of the week that a word names in three letters or in full, in the singular or plural; Sunday is 0. */
export function weekdayOf(word: string): number | undefined {
  const short = fieldRanges.dayOfWeek.names.indexOf(word);
  const index = short >= 0 ? short : fullDays.findIndex((name) => word === name || word === `${name}s`);
  return index >= 0 ? index : undefined;
}

const groups: Readonly<Record<string, string>> = { weekday: '1-5', weekdays: '1-5', weekend: '0,6', weekends: '0,6' };

/** The days of the week that words name, as a field; `weekdays` and `weekends` among them. */
export function weekdayList(words: readonly Word[]): string | Flaw {
  const days: (number | string)[] = [];
  for (const word of words) {
    const day = Object.hasOwn(groups, word.text) ? groups[word.text] : weekdayOf(word.text);
    if (day === undefined) {
      return wordFlaw(word, 'schedule-phrase', `found ${word.text}, expected days of the week such as mon, thu`);
    }
    days.push(day);
  }
  return days.join(',');
}

/** The days of the month that words such as `1` or `15th` name, as a field. */
export function dateList(words: readonly Word[]): string | Flaw {
  const wrong = words.find((word) => !(dateOf(word) >= 1 && dateOf(word) <= 31));
  return wrong === undefined ? words.map(dateOf).join(',') : badDate(wrong);
}

/** NaN for a word that is no number. */
function dateOf(word: Word): number {
  return Number(/^(\d+)(?:st|nd|rd|th)?$/.exec(word.text)?.[1] ?? Number.NaN);
}

function badDate(word: Word): Flaw {
  const message = `found ${word.text}, expected days of the month, 1 to 31`;
  const day = dateOf(word);
  if (Number.isNaN(day)) return wordFlaw(word, 'schedule-phrase', message);
  return wordFlaw(word, 'schedule-range', message, day === 0 ? '1' : '31');
}

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** The minute and hour fields of times of day such as `02:30`. Two fields cannot hold every set of times. */
export function timeFields(words: readonly Word[]): string | Flaw {
  const times: TimeOfDay[] = [];
  for (const word of words) {
    const time = timeOfDay(word.text);
    if (time === undefined) return badTime(word);
    times.push(time);
  }
  const minutes = new Set(times.map((time) => time.minute));
  const hours = new Set(times.map((time) => time.hour));
  const distinct = new Set(times.map((time) => time.hour * 60 + time.minute));
  if (distinct.size === minutes.size * hours.size) return `${[...minutes].join(',')} ${[...hours].join(',')}`;
  const [first, last] = [words[0] as Word, words.at(-1) as Word];
  return {
    offset: first.offset,
    length: last.offset + last.text.length - first.offset,
    code: 'schedule-time',
    message: `found ${words.map((word) => word.text).join(', ')}, expected times with the same minute or the same hour`,
    instead: undefined,
    advice: 'give the job a list of schedules, one for each time',
  };
}

/** The time that a word such as `02:30` names. */
export function timeOfDay(text: string): TimeOfDay | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text);
  const [hour, minute] = [Number(match?.[1] ?? 24), Number(match?.[2])];
  return hour < 24 && minute < 60 ? { hour, minute } : undefined;
}

/** The flaw of a word that is no time of day. */
export function badTime(word: Word): Flaw {
  return wordFlaw(
    word,
    'schedule-time',
    `found ${word.text}, expected a time from 00:00 to 23:59`,
    meantTime(word.text),
  );
}

/** What `9`, `9am`, `9:30pm` and `24:00` mean on a clock of 24 hours. */
function meantTime(text: string): string | undefined {
  if (text === '24:00') return '00:00';
  const [, hours, minutes = '00', half] = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0);
  const meant = `${String(hour).padStart(2, '0')}:${minutes}`;
  return timeOfDay(meant) === undefined ? undefined : meant;
}
