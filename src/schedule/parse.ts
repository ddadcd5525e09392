import { columns } from './expression/expression.ts';
import { readHashed } from './expression/hash-expression.ts';
import { calendarMeaning } from './expression/meaning.ts';
import { nicknameProblem, nicknames } from './expression/nickname.ts';
import { readPhrase } from './phrase/phrase.ts';
import { correctionIn, problemOf, wholeProblem, writeHint } from './problem.ts';
import type { Parsed, ScheduleProblem } from './schedule.ts';

/** The three ways to write a schedule. */
export const notations = ['fields', 'nickname', 'phrase'] as const;
export type Notation = (typeof notations)[number];

/** Which way a text is written. No minute field begins with a long word, and no phrase with a character or a short one. */
export function notationOf(text: string): Notation {
  const [first] = columns(text);
  if (first?.text.startsWith('@')) return 'nickname';
  return first !== undefined && /^[A-Za-z]{4,}\b/.test(first.text) ? 'phrase' : 'fields';
}

/**
 * Reads a schedule: the five fields of crontab(5), one of its nicknames, or a phrase such as `every 15m`.
 * What some cron takes without meaning it, such as `22-2`, is a problem here.
 * @param name what an `H` is settled by: the full name of a job; without one, the text.
 */
export function parseSchedule(text: string, name: string = text): Parsed {
  const parsed = parseOnce(text, name);
  return parsed.ok ? parsed : { ok: false, problem: { ...parsed.problem, hint: settledHint(text, parsed.problem) } };
}

/** Each correction mends one flaw; behind so many more the first one is shown as it is. */
const mostFlaws = 8;

/** A hint whose corrected expression is sound, also where the text has further flaws. */
function settledHint(text: string, { hint }: ScheduleProblem): string | undefined {
  const first = correctionIn(hint);
  if (hint === undefined || first === undefined) return hint;
  if (first === text.replace(/^[ \t]+|[ \t]+$/g, '')) return undefined;
  let correction: string | undefined = first;
  for (let count = 0; count < mostFlaws && correction !== undefined; count++) {
    const parsed = parseOnce(correction, correction);
    if (parsed.ok) return hint.slice(0, -writeHint(first).length) + writeHint(correction);
    correction = correctionIn(parsed.problem.hint);
  }
  return hint;
}

function parseOnce(text: string, name: string): Parsed {
  if (text.trim() === '') return { ok: false, problem: emptyProblem(text) };
  switch (notationOf(text)) {
    case 'nickname':
      return parseNickname(text);
    case 'phrase':
      return parsePhrase(text);
    case 'fields': {
      const read = readHashed(text, name);
      return read.ok ? { ok: true, schedule: { kind: 'calendar', text, fields: read.fields } } : read;
    }
  }
}

function emptyProblem(text: string) {
  const hint = 'write five fields, such as "0 3 * * *", or a phrase, such as "daily at 03:00"';
  return wholeProblem(text, 'schedule-empty', 'found nothing, expected a schedule', hint);
}

function parseNickname(text: string): Parsed {
  const word = text.replace(/^[ \t]+|[ \t]+$/g, '');
  if (word === '@reboot') return { ok: true, schedule: { kind: 'reboot', text } };
  const fields = Object.hasOwn(nicknames, word) ? nicknames[word] : undefined;
  if (fields === undefined) return { ok: false, problem: nicknameProblem(text) };
  return { ok: true, schedule: { ...calendarMeaning(fields), text } };
}

function parsePhrase(text: string): Parsed {
  const meaning = readPhrase(text);
  if ('code' in meaning) return { ok: false, problem: problemOf(text, meaning) };
  return { ok: true, schedule: { ...meaning, text } };
}
