import { columns, readFields } from './expression.ts';
import { nicknameProblem, nicknames } from './nickname.ts';
import { phraseFields } from './phrase.ts';
import { problemOf, wholeProblem } from './problem.ts';
import type { Parsed } from './schedule.ts';

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
 */
export function parseSchedule(text: string): Parsed {
  if (text.trim() === '') return { ok: false, problem: emptyProblem(text) };
  switch (notationOf(text)) {
    case 'nickname':
      return parseNickname(text);
    case 'phrase':
      return parsePhrase(text);
    case 'fields': {
      const read = readFields(text);
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
  return fields === undefined ? { ok: false, problem: nicknameProblem(text) } : compiled(text, fields);
}

function parsePhrase(text: string): Parsed {
  const fields = phraseFields(text);
  return typeof fields === 'string' ? compiled(text, fields) : { ok: false, problem: problemOf(text, fields) };
}

/** The schedule of a text that stands for fields; those are ours, so a problem in them is a bug. */
function compiled(text: string, fields: string): Parsed {
  const read = readFields(fields);
  if (!read.ok) throw new Error(`${text} was compiled to ${fields}: ${read.problem.message}`);
  return { ok: true, schedule: { kind: 'calendar', text, fields: read.fields } };
}
