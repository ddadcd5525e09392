import { findBlock, foreignLines, readable, type TableText } from './block.ts';
import type { BlockOwner } from './marker.ts';

/** An environment line of a table. */
export interface Assignment {
  readonly name: string;
  /** Without quotes around it. */
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

/** `name = value` of crontab(5), blanks around the sign, each side perhaps in quotes. */
const assignment = /^\s*("[^"]*"|'[^']*'|[^\s="'#][^\s=]*)\s*=(.*)$/s;

function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  return inner ?? text;
}

/**
 * The foreign environment in force for the lines of a block, in the table's order, the last of each name: an environment
 * line holds for all entries below it. A block that is not there yet will stand at the end.
 */
export function environmentAbove(text: TableText, owner: BlockOwner): readonly Assignment[] {
  const start = findBlock(text, owner)?.start ?? text.lines.length;
  const found = new Map<string, Assignment>();
  for (const { index, line } of foreignLines(text)) {
    if (index >= start) break;
    const [, left, right] = assignment.exec(readable(line)) ?? [];
    if (left === undefined || right === undefined) continue;
    const name = unquoted(left);
    found.delete(name);
    found.set(name, { name, value: unquoted(right.trim()), line: index + 1 });
  }
  return [...found.values()];
}

/** A line of others that runs something. */
export interface ForeignEntry {
  /** 1-based. */
  readonly line: number;
  /** Without its line end; invalid UTF-8 is replaced. */
  readonly text: string;
}

/** The foreign lines that run something: no blanks, comments or environment. */
export function foreignEntries(text: TableText): readonly ForeignEntry[] {
  const entries = foreignLines(text).filter(({ line }) => !/^\s*(?:#|$)/.test(line) && !assignment.test(line));
  return entries.map(({ index, line }) => ({ line: index + 1, text: readable(line) }));
}
