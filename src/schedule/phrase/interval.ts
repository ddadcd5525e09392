import type { Flaw } from '../expression/flaw.ts';
import { calendarMeaning, type Meaning } from '../expression/meaning.ts';
import type { DayWindow, Interval } from '../schedule.ts';
import { usualStart } from '../words/interval-words.ts';
import { type Clause, clausePlace, type Phrase, strayClause, stretch } from './clauses.ts';
import { readDate } from './date.ts';
import { intervalFields, intervalMinutes, longestInterval, nearestIntervals, wholeInterval } from './even.ts';
import { badTime, timeOfDay, type Word, weekdayList, wordFlaw } from './vocabulary.ts';
import { missesFields, missesInterval, readWindow } from './window.ts';

/** The minutes of `every 15m`, `hourly` and their like, 1 or more and whole; undefined for another head. */
export function minutesOf({ head, name }: Phrase): number | Flaw | undefined {
  if (name === 'every minute') return 1;
  if (name === 'hourly' || name === 'every hour') return 60;
  if (!/^every \d/.test(name)) return undefined;
  const written = name.slice('every '.length);
  const place = stretch(head[1] as Word, head.at(-1) as Word);
  const minutes = intervalMinutes(written);
  const flaw = { ...place, code: 'schedule-interval' } as const;
  if (minutes === undefined) {
    const message = `found ${written}, expected an interval such as 15m or 2h`;
    return { ...flaw, message, instead: undefined };
  }
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= longestInterval) return minutes;
  const message = `found every ${written}, expected whole minutes, from 1m to ${longestInterval / 60}h`;
  return { ...flaw, message, instead: wholeInterval(minutes) };
}

/** The schedule of every so many minutes: even ones by the clock, others by the time that elapses. */
export function intervalMeaning(minutes: number, phrase: Phrase): Meaning | Flaw {
  const { between } = phrase.clauses;
  const window = between && readWindow(between);
  if (window !== undefined && 'code' in window) return window;
  const fields = phrase.clauses.from === undefined ? intervalFields(minutes) : undefined;
  return fields === undefined ? elapsed(minutes, phrase, window) : even(fields, phrase, window);
}

/** By the clock, in the hours and on the days that are asked for. */
function even(fields: string, phrase: Phrase, between: DayWindow | undefined): Meaning | Flaw {
  const takesAt = phrase.name === 'hourly' || phrase.name === 'every hour';
  const stray = strayClause(phrase, takesAt ? ['between', 'on', 'at'] : ['between', 'on']);
  if (stray !== undefined) return stray;
  const { on, at } = phrase.clauses;
  const minutes = at && minuteList(at);
  if (minutes !== undefined && typeof minutes !== 'string') return minutes;
  const days = on === undefined ? '*' : weekdayList(on.words);
  if (typeof days !== 'string') return days;
  const [minute, hour] = fields.split(' ');
  const meaning = calendarMeaning(`${minutes ?? minute} ${hour} * * ${days}`, between && { between });
  if (between === undefined) return meaning;
  return missesFields(meaning.fields, between, phrase.clauses.between as Clause) ?? meaning;
}

/** The minutes of `at :05 and :35`, as a field. */
function minuteList({ words }: Clause): string | Flaw {
  const wrong = words.find((word) => !/^:[0-5]\d$/.test(word.text));
  if (wrong === undefined) return words.map((word) => Number(word.text.slice(1))).join(',');
  return wordFlaw(wrong, 'schedule-time', `found ${wrong.text}, expected a minute from :00 to :59`);
}

/** By elapsed time, from a moment on the wall on. */
function elapsed(minutes: number, phrase: Phrase, between: DayWindow | undefined): Meaning | Flaw {
  const { from: start } = phrase.clauses;
  const flaw = strayDays(minutes, phrase) ?? strayTime(phrase);
  if (flaw !== undefined) return flaw;
  const from = start === undefined ? usualStart : readStart(start);
  if (typeof from !== 'number') return from;
  const interval: Interval = between === undefined ? { minutes, from } : { minutes, from, between };
  const missed = between && missesInterval(interval, between, phrase.clauses.between as Clause);
  return missed ?? { kind: 'interval', interval };
}

/** What counts the time that elapses knows no days. */
function strayDays(minutes: number, { name, clauses: { on, from } }: Phrase): Flaw | undefined {
  if (on === undefined) return undefined;
  const message = `found on after ${name}${from === undefined ? '' : ' from a date'}, expected no days: it counts the time that elapses`;
  const near = from === undefined ? nearestIntervals(minutes) : [];
  const advice =
    near.length === 0
      ? 'leave out from, and it goes by the clock'
      : `on follows an interval that divides the hour or the day evenly, such as ${near.join(' or ')}`;
  return { ...wordFlaw(on.keyword, 'schedule-phrase', message), advice };
}

function strayTime(phrase: Phrase): Flaw | undefined {
  const { from, at } = phrase.clauses;
  const stray = strayClause(phrase, ['from', 'between']);
  if (stray === undefined || at === undefined || from?.words.length !== 1) return stray;
  const [time, further] = at.words;
  // `from 2026-01-05 at 08:00` lacks nothing but the habit.
  return further === undefined && timeOfDay(time.text) !== undefined
    ? { ...stray, length: time.offset - at.keyword.offset, instead: '' }
    : stray;
}

/** Reads the moment of `from 2026-01-05 08:00` as milliseconds of wall time. */
function readStart(clause: Clause): number | Flaw {
  const [day, time, further] = clause.words;
  const words = clause.words.map((word) => word.text).join(' ');
  if (/^\d{1,2}:\d\d to \d{1,2}:\d\d$/.test(words)) {
    const message = `found from ${words}, expected between and two times, or from and a date`;
    const instead = `between ${words.replace('to', 'and')}`;
    return { ...clausePlace(clause), code: 'schedule-phrase', message, instead };
  }
  const date = readDate(day);
  if (typeof date !== 'number' || time === undefined) return date;
  const start = timeOfDay(time.text);
  if (start === undefined) return badTime(time);
  if (further !== undefined)
    return wordFlaw(further, 'schedule-phrase', `found ${further.text}, expected one date and one time`);
  return date + (start.hour * 60 + start.minute) * 60_000;
}
