import type { Cron } from '../cron/cron.ts';

/** An entry in its parts. */
export interface Entry {
  /** Five fields, or a nickname alone. */
  readonly times: readonly string[];
  /** The account that a system table names; empty in a crontab. */
  readonly user: string;
  /** What follows, to the end of the line: `%` and backslashes as they stand. */
  readonly command: string;
  /** It begins with the sign by which cronie is told to write nothing about it into the log. */
  readonly unlogged: boolean;
}

const word = /^[^ \t]+/;
const blanks = /^[ \t]+/;

/** Takes a line to pieces as load_entry() of cron does; undefined where a piece is missing. */
export function readEntry(line: string, cron: Cron, system: boolean): Entry | undefined {
  const text = line.replace(blanks, '');
  const unlogged = cron.name === 'cronie' && text.startsWith('-');
  const taken = takeWords(unlogged ? text.slice(1).replace(blanks, '') : text, system);
  if (taken === undefined) return undefined;
  const { words, rest } = taken;
  return {
    times: system ? words.slice(0, -1) : words,
    user: system ? (words.at(-1) ?? '') : '',
    command: rest,
    unlogged,
  };
}

function takeWords(text: string, system: boolean): { words: readonly string[]; rest: string } | undefined {
  const count = (text.startsWith('@') ? 1 : 5) + (system ? 1 : 0);
  const words: string[] = [];
  let rest = text;
  while (words.length < count) {
    const found = word.exec(rest)?.[0];
    if (found === undefined) return undefined;
    words.push(found);
    rest = rest.slice(found.length).replace(blanks, '');
  }
  return { words, rest };
}
