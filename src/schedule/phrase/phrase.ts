import { nearest } from '../../job/nearest.ts';
import type { Flaw } from '../expression/flaw.ts';
import { calendarMeaning, type Meaning } from '../expression/meaning.ts';
import { type Clause, type Phrase, phraseOf, strayClause } from './clauses.ts';
import { countedMeaning, countOf } from './count.ts';
import { intervalMeaning, minutesOf } from './interval.ts';
import { dateList, timeFields, type Word, weekdayList, weekdayOf, wordFlaw } from './vocabulary.ts';

/** The day fields of the heads that take times. */
const dayHeads: Readonly<Record<string, string>> = {
  daily: '* * *',
  'every day': '* * *',
  weekdays: '* * 1-5',
  'every weekday': '* * 1-5',
  weekends: '* * 0,6',
  'every weekend': '* * 0,6',
  weekly: '* * 0',
  'every week': '* * 0',
  monthly: '1 * *',
  'every month': '1 * *',
  yearly: '1 1 *',
  annually: '1 1 *',
  'every year': '1 1 *',
};

const firstWords = ['every', 'hourly', ...Object.keys(dayHeads).filter((head) => !head.includes(' '))];
const examples = '"every 15m", "hourly", "daily at 02:30", "weekdays at 09:00", "weekly on mon at 04:00"';

/** What a phrase such as `weekly on mon at 04:00` or `every 90m` stands for. */
export function readPhrase(text: string): Meaning | Flaw {
  const phrase = phraseOf(text);
  if ('code' in phrase) return phrase;
  const days = countOf(phrase);
  if (days !== undefined) return countedMeaning(days, phrase);
  const minutes = minutesOf(phrase);
  if (minutes !== undefined) return typeof minutes === 'number' ? intervalMeaning(minutes, phrase) : minutes;
  const fields = dayFields(phrase);
  return typeof fields === 'string' ? calendarMeaning(fields) : fields;
}

const weeks = ['weekly', 'every week'];
const months = ['monthly', 'every month'];

function dayFields(phrase: Phrase): string | Flaw {
  const { head, name, clauses } = phrase;
  const named = weekdayHead(head);
  const days = named ?? (Object.hasOwn(dayHeads, name) ? dayHeads[name] : undefined) ?? unknownHead(head, name);
  if (typeof days !== 'string') return days;
  const dated = weeks.includes(name) || months.includes(name);
  const stray = strayClause(phrase, dated ? ['on', 'at'] : ['at']);
  if (stray !== undefined) return stray;
  const chosen = clauses.on === undefined ? days : onDays(name, clauses.on);
  if (typeof chosen !== 'string') return chosen;
  const times = clauses.at === undefined ? '0 0' : timeFields(clauses.at.words);
  return typeof times === 'string' ? `${times} ${chosen}` : times;
}

/** The day fields of `every mon, thu`. */
function weekdayHead([every, ...rest]: readonly Word[]): string | Flaw | undefined {
  const names = rest.filter(({ text }) => text !== 'and');
  if (every?.text !== 'every' || names.length === 0 || !names.some(({ text }) => weekdayOf(text) !== undefined)) {
    return undefined;
  }
  const list = weekdayList(names);
  return typeof list === 'string' ? `* * ${list}` : list;
}

function onDays(name: string, { words }: Clause): string | Flaw {
  const list = weeks.includes(name) ? weekdayList(words) : dateList(words);
  if (typeof list !== 'string') return list;
  return weeks.includes(name) ? `* * ${list}` : `${list} * *`;
}

function unknownHead([first, second]: readonly Word[], name: string): Flaw {
  if (first === undefined) return unreadable({ offset: 0, text: name }, name, undefined);
  if (weekdayOf(first.text) !== undefined) return unreadable(first, first.text, `every ${first.text}`);
  if (second === undefined || !firstWords.includes(first.text)) {
    return unreadable(first, first.text, nearest(first.text, firstWords));
  }
  const seconds = Object.keys(dayHeads).flatMap((head) => head.split(' ')[1] ?? []);
  return unreadable(second, name, nearest(second.text, seconds));
}

function unreadable(word: Word, found: string, instead: string | undefined): Flaw {
  return wordFlaw(word, 'schedule-phrase', `found ${found}, expected a schedule such as ${examples}`, instead);
}
