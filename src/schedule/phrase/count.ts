import type { Flaw } from '../expression/flaw.ts';
import { calendarMeaning, type Meaning } from '../expression/meaning.ts';
import { type Clause, clausePlace, type Phrase, strayClause, stretch } from './clauses.ts';
import { exampleDate, readDate } from './date.ts';
import { timeFields, timeOfDay, type Word, weekdayOf, wordFlaw } from './vocabulary.ts';

/** So many days or weeks as a phrase has them, `2 weeks`; a count of days is one of the calendar. */
interface DayCount {
  readonly days: number;
  readonly inWeeks: boolean;
  readonly written: string;
  readonly place: Pick<Flaw, 'offset' | 'length'>;
}

const dayMs = 86_400_000;
const mostDays = 366;

/** The days of `every 2d`, `every 3 days` or `every 2 weeks`; undefined for another head, and for plain `every 1d`. */
export function countOf({ head, name, clauses }: Phrase): DayCount | undefined {
  const [, written, count, unit] = /^every ((\d{1,7}) ?(d|days?|w|weeks?))$/.exec(name) ?? [];
  if (written === undefined || unit === undefined) return undefined;
  const inWeeks = unit.startsWith('w');
  const days = Number(count) * (inWeeks ? 7 : 1);
  if (days === 1 && clauses.from === undefined) return undefined;
  return { days, inWeeks, written, place: stretch(head[1] as Word, head.at(-1) as Word) };
}

/** The schedule of every so many days from a date on, at times of the day. */
export function countedMeaning(count: DayCount, phrase: Phrase): Meaning | Flaw {
  const { from, on, at } = phrase.clauses;
  const flaw = badCount(count) ?? strayClause(phrase, ['from', 'on', 'at']) ?? (on && onWeekday(count, on, from));
  if (flaw !== undefined) return flaw;
  if (from === undefined) return uncounted(count);
  const date = readFrom(from);
  if (typeof date !== 'number') return date;
  const times = at === undefined ? '0 0' : timeFields(at.words);
  if (typeof times !== 'string') return times;
  const every = { days: count.days, from: date / dayMs };
  return calendarMeaning(`${times} * * *`, { extra: { ofMonth: [], ofWeek: [], every } });
}

function badCount({ days, inWeeks, written, place }: DayCount): Flaw | undefined {
  if (days >= 1 && days <= mostDays) return undefined;
  const [least, most] = inWeeks ? ['1w', '52w'] : ['1d', `${mostDays}d`];
  const message = `found every ${written}, expected ${least} to ${most}`;
  return { ...place, code: 'schedule-interval', message, instead: days === 0 ? least : most };
}

function uncounted({ written, place }: DayCount): Flaw {
  return {
    ...place,
    code: 'schedule-interval',
    message: `found every ${written} without a date, expected from and the date from which it counts`,
    instead: `${written} from ${exampleDate}`,
  };
}

function readFrom({ words: [day, time, further] }: Clause): number | Flaw {
  const date = readDate(day);
  if (typeof date !== 'number' || time === undefined) return date;
  if (timeOfDay(time.text) !== undefined && further === undefined) {
    const message = `found ${time.text} after the date, expected at before a time of day`;
    return wordFlaw(time, 'schedule-phrase', message, `at ${time.text}`);
  }
  return wordFlaw(time, 'schedule-phrase', `found ${time.text} after the date, expected nothing more or at and a time`);
}

/** `every 2 weeks on mon`: the date decides on the weekday. */
function onWeekday(count: DayCount, on: Clause, from: Clause | undefined): Flaw {
  const message = `found on after every ${count.written}, expected from alone: the weekday is that of its date`;
  const flaw = { ...clausePlace(on), code: 'schedule-phrase', message } as const;
  const weekday = on.words.length === 1 ? weekdayOf(on.words[0].text) : undefined;
  if (!count.inWeeks || weekday === undefined || from !== undefined) return { ...flaw, instead: undefined };
  return {
    ...flaw,
    instead: `from ${new Date(Date.parse(exampleDate) + ((weekday + 6) % 7) * dayMs).toISOString().slice(0, 10)}`,
  };
}
