import type { Flaw } from '../expression/flaw.ts';
import { joined } from '../words/lists.ts';
import { type Word, wordFlaw, wordsOf } from './vocabulary.ts';

/** The words that begin a clause of a phrase. */
export const keywords = ['from', 'between', 'on', 'at'] as const;
export type Keyword = (typeof keywords)[number];

/** A keyword and what follows it, without `and` and `the`; at least one word. */
export interface Clause {
  readonly keyword: Word;
  readonly words: readonly [Word, ...Word[]];
}

/** A phrase in its parts: `<head> [from <date>] [between <times>] [on <days>] [at <times>]`, the clauses in any order. */
export interface Phrase {
  readonly head: readonly Word[];
  /** The words of the head, with a blank between them. */
  readonly name: string;
  readonly clauses: Readonly<Partial<Record<Keyword, Clause>>>;
}

/** Takes a phrase to pieces; a clause that is empty or comes twice is a flaw. */
export function phraseOf(text: string): Phrase | Flaw {
  const words = wordsOf(text);
  const starts = words.flatMap((word, index) => (isKeyword(word.text) ? [index] : []));
  const head = words.slice(0, starts[0] ?? words.length);
  const clauses: Partial<Record<Keyword, Clause>> = {};
  for (const [index, start] of starts.entries()) {
    const [keyword, ...rest] = words.slice(start, starts[index + 1]) as [Word, ...Word[]];
    const name = keyword.text as Keyword;
    const [first, ...further] = rest.filter(({ text }) => text !== 'and' && text !== 'the');
    if (first === undefined) return emptyClause(keyword, name);
    if (clauses[name] !== undefined)
      return wordFlaw(keyword, 'schedule-phrase', `found ${name} twice, expected it once`);
    clauses[name] = { keyword, words: [first, ...further] };
  }
  return { head, name: head.map((word) => word.text).join(' '), clauses };
}

function isKeyword(word: string): word is Keyword {
  return (keywords as readonly string[]).includes(word);
}

const follows: Readonly<Record<Keyword, string>> = {
  from: 'a date such as 2026-01-05',
  between: 'two times such as 08:00 and 18:00',
  on: 'days such as mon, thu or 1, 15',
  at: 'a time such as 04:00',
};

function emptyClause(keyword: Word, name: Keyword): Flaw {
  return wordFlaw(keyword, 'schedule-phrase', `found nothing after ${name}, expected ${follows[name]}`);
}

/** The flaw of a phrase with a clause that its head does not take; undefined where all are taken. */
export function strayClause({ name, clauses }: Phrase, taken: readonly Keyword[]): Flaw | undefined {
  const stray = keywords.find((keyword) => clauses[keyword] !== undefined && !taken.includes(keyword));
  const clause = stray && clauses[stray];
  if (clause === undefined) return undefined;
  const expected = taken.length === 0 ? 'nothing' : `nothing but ${joined(taken)}`;
  const flaw = wordFlaw(clause.keyword, 'schedule-phrase', `found ${stray} after ${name}, expected ${expected} there`);
  const advice = advices[stray as Keyword];
  return advice === undefined ? flaw : { ...flaw, advice };
}

const advices: Readonly<Partial<Record<Keyword, string>>> = {
  from: 'from counts an interval such as every 2d; the job has start: for the date from which it runs',
  at: 'at follows daily, weekdays, weekends, weekly, monthly and yearly',
  between: 'between follows an interval such as every 15m, or hourly',
};

/** From one word to another, as a place. */
export function stretch(first: Word, last: Word): Pick<Flaw, 'offset' | 'length'> {
  return { offset: first.offset, length: last.offset + last.text.length - first.offset };
}

/** A clause with its keyword, as a place. */
export function clausePlace({ keyword, words }: Clause): Pick<Flaw, 'offset' | 'length'> {
  return stretch(keyword, words.at(-1) ?? keyword);
}
