import { isUtf8 } from 'node:buffer';
import { UserError } from '../../errors.ts';
import { linesOf, readTableText, type TableText, withoutLineFeed } from '../block.ts';
import type { Cron, Excess } from './cron.ts';

/** What a cron would not take as it stands. */
export interface TableBreach {
  /** 1-based; null for the table as a whole. */
  readonly line: number | null;
  /** A sentence without its full stop: what was found and what becomes of it. */
  readonly message: string;
  /** What mends it. */
  readonly remedy: string;
}

/** Which table it is. */
export interface TableKind {
  /** Its lines name an account between time and command. */
  readonly system: boolean;
  /** It is root's, for whom some crons have other bounds. */
  readonly root: boolean;
}

/**
 * What a cron would refuse or cut in a table, as far as that is certain; the table as a whole first, then in the
 * order of the lines. What is cut of a line of others is theirs, and not told.
 */
export function breachesOf(table: Buffer, cron: Cron, kind: TableKind): readonly TableBreach[] {
  const lines = linesOf(table).map(withoutLineFeed);
  const ours = ownLines(table);
  return [
    ...sizeBreaches(lines, cron, kind),
    ...encodingBreaches(table, cron),
    ...lines.flatMap((line, index) => {
      const breach = lineBreach(line, cron, kind);
      if (breach === undefined || (breach.excess === 'cut' && !ours.has(index))) return [];
      return [{ line: index + 1, message: breach.message, remedy: breach.remedy }];
    }),
  ];
}

/** The places of the lines within our blocks. */
function ownLines(table: Buffer): ReadonlySet<number> {
  const blocks = readTable(table)?.blocks ?? [];
  return new Set(blocks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index)));
}

function readTable(table: Buffer): TableText | undefined {
  try {
    return readTableText(table);
  } catch (error) {
    // Damaged markers are told of where the table is read for its blocks.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const comment = /^[ \t]*(?:#|$)/;
/** `name = value` of crontab(5), either side perhaps in quotes. */
const variable = /^[ \t]*(?:"[^"]*"|'[^']*'|[^\s"'#=][^\s=]*)[ \t]*=/;

function isEntry(line: string): boolean {
  return !comment.test(line) && !variable.test(line);
}

function sizeBreaches(lines: readonly string[], cron: Cron, { system, root }: TableKind): readonly TableBreach[] {
  const { unit, most, mostOfRoot, mostVariables, mostBetween, beyond, ofSystem } = cron.table;
  if (system && !ofSystem) return [];
  const entries = unit === 'lines' ? lines.length : lines.filter(isEntry).length;
  const sizes = [
    {
      counted: entries,
      most: root ? mostOfRoot : most,
      what: unit === 'lines' ? 'lines, comments included' : 'entries',
      remedy: 'remove jobs or lines of others, or install some of the jobs for another user',
    },
    {
      counted: lines.filter((line) => variable.test(line)).length,
      most: mostVariables,
      what: 'environment lines',
      remedy: 'remove some of them, or write them into the scripts that need them',
    },
    {
      counted: longestBetween(lines),
      most: mostBetween,
      what: 'bytes of comments and blank lines in one place',
      remedy: 'shorten the comments there',
    },
  ];
  return sizes
    .filter((size) => size.counted > size.most)
    .map(({ counted, most: takes, what, remedy }) => {
      const found = `the table has ${counted} ${what}, and ${cron.title} takes at most ${takes}`;
      return { line: null, message: `${found}: ${fate(beyond, 'table')}`, remedy };
    });
}

/** Bytes that are passed over, line feeds included, before the next entry is found: its first character is among them. */
function longestBetween(lines: readonly string[]): number {
  let [longest, here] = [0, 0];
  for (const line of lines) {
    const isComment = comment.test(line);
    here += isComment ? line.length + 1 : line.length - line.trimStart().length + 1;
    longest = Math.max(longest, here);
    if (!isComment) here = 0;
  }
  return longest;
}

function encodingBreaches(table: Buffer, { title, utf8 }: Cron): readonly TableBreach[] {
  if (!utf8 || isUtf8(table)) return [];
  const line = linesOf(table).findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  const message = `it is no UTF-8, and ${title} stops at that: no table of this host is read any more`;
  return [{ line: line + 1, message, remedy: 'write that line in UTF-8' }];
}

interface LineBreach {
  readonly excess: Excess;
  readonly message: string;
  readonly remedy: string;
}

function lineBreach(line: string, cron: Cron, kind: TableKind): LineBreach | undefined {
  if (comment.test(line)) return undefined;
  if (variable.test(line)) {
    return breach(
      'environment line',
      line.trim().length,
      { most: cron.longestVariable, beyond: cron.longVariable },
      cron,
    );
  }
  const length = commandOf(line, kind)?.length ?? 0;
  return breach('command', length, { most: cron.longestCommand, beyond: cron.longCommand }, cron);
}

function breach(
  what: string,
  length: number,
  { most, beyond }: { readonly most: number; readonly beyond: Excess },
  { title }: Cron,
): LineBreach | undefined {
  if (length <= most) return undefined;
  const message = `its ${what} has ${length} bytes, and ${title} takes at most ${most}: ${fate(beyond, what)}`;
  return { excess: beyond, message, remedy: `shorten the ${what}; a long command belongs into a script` };
}

/** Five fields or a nickname, and in a system table the account. */
const start = {
  own: /^[ \t]*(?:@\S+|(?:\S+[ \t]+){4}\S+)[ \t]+/,
  system: /^[ \t]*(?:@\S+|(?:\S+[ \t]+){4}\S+)[ \t]+\S+[ \t]+/,
} as const;

/** The command of an entry as entry.c of cron finds it: everything up to the line feed. */
function commandOf(line: string, { system }: TableKind): string | undefined {
  const found = start[system ? 'system' : 'own'].exec(line);
  return found === null ? undefined : line.slice(found[0].length);
}

function fate(excess: Excess, what: string): string {
  return excess === 'refused' ? 'it refuses the whole table' : `it leaves out the rest of the ${what}, without a word`;
}
