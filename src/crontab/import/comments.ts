import { readAssignment } from './assignment.ts';
import type { TableLine } from './table-lines.ts';

/** What the comments around an entry say. */
export interface Described {
  /** One line of at most 500 characters; empty where nothing describes it. */
  readonly description: string;
  /** The comments that belong to this entry alone, as they stand. */
  readonly own: readonly string[];
}

/**
 * The comments right above an entry describe it. They belong to it alone unless another entry follows without a blank
 * line or a comment between: then they may be the heading of both.
 */
export function describe(lines: readonly TableLine[], entry: TableLine): Described {
  const above = commentsAbove(lines, entry);
  const said = above.map(({ text = '' }) => wordsOf(text)).filter((words) => words !== '');
  const next = lines[entry.number];
  const shared = next?.kind === 'entry' && !next.ours;
  const inline = inlineComment(entry.text ?? '');
  const description = said.length > 0 ? said.join(' ') : inline;
  return {
    description: oneLine(description),
    own: shared || said.length === 0 ? [] : above.flatMap(({ text }) => text ?? []),
  };
}

/** Up to the first that is no prose: a commented-out entry, or the heading that tables begin with. */
function commentsAbove(lines: readonly TableLine[], entry: TableLine): readonly TableLine[] {
  const above: TableLine[] = [];
  for (let index = entry.number - 2; index >= 0; index--) {
    const line = lines[index];
    if (line?.kind !== 'comment' || line.ours || !isProse(line.text)) break;
    above.unshift(line);
  }
  return above;
}

/** Lines that Debian's and others' templates begin with, or that name the columns. */
const boilerplate =
  /^(?:m\s+h\s+dom\b|min(?:ute)?\s+hour\b|(?:\*\s+){4}\*|\S*\s*(?:edit this file to|do not edit|installed on|cron version|for more information see the manual)|\(.*(?:installed on|cron version))/i;
/** Drawings of the five columns, as many tables have them. */
const drawing = /^[|│┌└├─.\s'`-]*(?:[|│┌└├]|[.'`-]{4,})/;

/** More of one is not looked at. */
const longestComment = 1_000;

function isProse(text: string | undefined): boolean {
  if (text === undefined || text.includes('\r')) return false;
  const words = text.slice(0, longestComment).replace(/^[ \t]*#[ \t]*/, '');
  return !(isRuler(words) || boilerplate.test(words) || drawing.test(words) || isEntry(words) || isManagers(words));
}

/** It parts the table, and what is above it speaks of more than the next entry. */
function isRuler(words: string): boolean {
  return /^[-#=*+_~][-#=*+_~\s]+$/.test(words);
}

function isEntry(words: string): boolean {
  const times = /^(?:@[a-z]+|[\d*][\d*,/-]*[ \t]+[\d*][\d*,/-]*(?:[ \t]+[\w*][\w*,/-]*){3})[ \t]+\S/;
  return times.test(words) || (/^[A-Z_]+[ \t]*=/.test(words) && readAssignment(words) !== undefined);
}

/** What other programs write to find their entries again is no description; it stays beside the entry all the same. */
function isManagers(words: string): boolean {
  return /^(?:Begin|End) Whenever generated tasks|^HEADER:|^Lines below here are managed by Salt/.test(words);
}

function wordsOf(comment: string): string {
  const words = comment
    .slice(0, longestComment)
    .replace(/^[ \t]*#+[ \t]*/, '')
    .replace(/[ \t#=*-]+$/, '');
  const named = /^(?:Ansible|Puppet Name|SALT_CRON_IDENTIFIER)[ \t]*:[ \t]*(.*)$/.exec(words)?.[1];
  return named ?? words.replace(/^[=*-]+[ \t]*/, '');
}

/** The comment that a shell sees at the end of a command without quotes. */
function inlineComment(line: string): string {
  return /^[^'"`\\#]*[ \t]#+[ \t]*([^'"`]*)$/.exec(line)?.[1]?.trim() ?? '';
}

const longest = 500;

function oneLine(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim();
  const characters = [...line];
  return line.length <= longest ? line : `${characters.slice(0, longest / 2).join('')}…`;
}
