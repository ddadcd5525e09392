import { nearest } from '../job/nearest.ts';
import type { Flaw } from './flaw.ts';
import { intervalFields, intervalMinutes, nearestIntervals } from './interval.ts';
import { dateList, timeFields, type Word, weekdayList, weekdayOf, wordFlaw, wordsOf } from './phrase-words.ts';

/** A phrase in its parts: `<head> [on <days>] [at <times>]`. */
interface Phrase {
  readonly head: readonly Word[];
  readonly on: Clause | undefined;
  readonly at: Clause | undefined;
}

interface Clause {
  readonly keyword: Word;
  readonly words: readonly Word[];
}

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

/** The five fields that a phrase such as `weekly on mon at 04:00` stands for. */
export function phraseFields(text: string): string | Flaw {
  const phrase = partsOf(wordsOf(text));
  for (const clause of [phrase.on, phrase.at]) {
    if (clause !== undefined && clause.words.length === 0) return emptyClause(clause.keyword);
  }
  const name = phrase.head.map((word) => word.text).join(' ');
  if (name === 'every minute') return bare(phrase) ?? '* * * * *';
  if (name === 'hourly' || name === 'every hour') return hourlyFields(phrase);
  if (/^every \d/.test(name)) return bare(phrase) ?? everyFields(phrase.head);
  return dayFields(name, phrase);
}

function partsOf(words: readonly Word[]): Phrase {
  const cut = (word: string) => words.findIndex(({ text }) => text === word);
  const [on, at] = [cut('on'), cut('at')];
  const atFrom = at < 0 ? words.length : at;
  const onFrom = on < 0 || on > atFrom ? atFrom : on;
  return { head: words.slice(0, onFrom), on: clause(words.slice(onFrom, atFrom)), at: clause(words.slice(atFrom)) };
}

function clause([keyword, ...words]: readonly Word[]): Clause | undefined {
  return keyword && { keyword, words: words.filter(({ text }) => text !== 'and' && text !== 'the') };
}

function emptyClause(keyword: Word): Flaw {
  const expected = keyword.text === 'at' ? 'a time such as 04:00' : 'days such as mon, thu or 1, 15';
  return wordFlaw(keyword, 'schedule-phrase', `found nothing after ${keyword.text}, expected ${expected}`);
}

/** The flaw of a phrase that has an `on` or `at` where none belongs. */
function bare({ on, at }: Phrase): Flaw | undefined {
  const keyword = (on ?? at)?.keyword;
  if (keyword === undefined) return undefined;
  return wordFlaw(keyword, 'schedule-phrase', `found ${keyword.text}, expected nothing after an interval`);
}

function hourlyFields(phrase: Phrase): string | Flaw {
  if (phrase.on !== undefined || phrase.at === undefined) return bare(phrase) ?? '0 * * * *';
  const minutes: number[] = [];
  for (const word of phrase.at.words) {
    const minute = Number(/^:([0-5]\d)$/.exec(word.text)?.[1] ?? Number.NaN);
    if (Number.isNaN(minute)) {
      return wordFlaw(word, 'schedule-time', `found ${word.text}, expected a minute from :00 to :59`);
    }
    minutes.push(minute);
  }
  return `${minutes.join(',')} * * * *`;
}

function everyFields([, ...interval]: readonly Word[]): string | Flaw {
  const written = interval.map((word) => word.text).join(' ');
  const [first, last] = [interval[0] as Word, interval.at(-1) as Word];
  const span = { offset: first.offset, length: last.offset + last.text.length - first.offset };
  const minutes = intervalMinutes(written);
  if (minutes === undefined) {
    const message = `found ${written}, expected an interval such as 15m or 2h`;
    return { ...span, code: 'schedule-interval', message, instead: undefined };
  }
  const fields = intervalFields(minutes);
  if (fields !== undefined) return fields;
  const near = nearestIntervals(minutes);
  const advice = `the nearest that ${near.length === 1 ? 'does is' : 'do are'} ${near.join(' and ')}`;
  const message = `found every ${written}, expected an interval that divides the hour or the day evenly`;
  return { ...span, code: 'schedule-interval', message, instead: near[0], advice };
}

function dayFields(name: string, { head, on, at }: Phrase): string | Flaw {
  const named = weekdayHead(head);
  const days = named ?? (Object.hasOwn(dayHeads, name) ? dayHeads[name] : undefined) ?? unknownHead(head, name);
  if (typeof days !== 'string') return days;
  const chosen = on === undefined ? days : onDays(name, on);
  if (typeof chosen !== 'string') return chosen;
  const times = at === undefined ? '0 0' : timeFields(at.words);
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

function onDays(name: string, { keyword, words }: Clause): string | Flaw {
  if (name === 'weekly' || name === 'every week') {
    const list = weekdayList(words);
    return typeof list === 'string' ? `* * ${list}` : list;
  }
  if (name === 'monthly' || name === 'every month') {
    const list = dateList(words);
    return typeof list === 'string' ? `${list} * *` : list;
  }
  const message = `found on after ${name}, expected it after weekly or monthly`;
  return wordFlaw(keyword, 'schedule-phrase', message);
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
