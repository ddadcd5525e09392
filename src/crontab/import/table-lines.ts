import { isUtf8 } from 'node:buffer';
import { readTableText } from '../block.ts';
import type { Cron } from '../cron/cron.ts';
import { readAssignment, type Variable } from './assignment.ts';

/** A line of a table as a cron sees it, one character for each byte and without its line feed. */
export interface TableLine {
  readonly kind: 'blank' | 'comment' | 'assignment' | 'entry';
  /** 1-based. */
  readonly number: number;
  readonly bytes: string;
  /** Decoded; undefined where it is no UTF-8. */
  readonly text: string | undefined;
  /** Present for an assignment alone. */
  readonly variable?: Variable | undefined;
  /** It stands within a block of cronwright. */
  readonly ours: boolean;
  /** A line feed ends it. */
  readonly ended: boolean;
}

/** The lines of a table. @throws UserError where the markers of cronwright's blocks are damaged. */
export function tableLines(table: Buffer, cron: Cron): readonly TableLine[] {
  const { lines, blocks } = readTableText(table);
  return lines.map((line, index): TableLine => {
    const ours = blocks.some(({ start, end }) => start <= index && index < end);
    const ended = line.endsWith('\n');
    const bytes = ended ? line.slice(0, -1) : line;
    const text = decoded(bytes);
    return { number: index + 1, bytes, text, ours, ended, ...kindOf(bytes, cron) };
  });
}

function kindOf(bytes: string, cron: Cron): Pick<TableLine, 'kind' | 'variable'> {
  const line = bytes.replace(/^[ \t]+/, '');
  if (line === '') return { kind: 'blank' };
  if (line.startsWith('#')) return { kind: 'comment' };
  // Debian's cron cuts a longer one without a word.
  const variable = readAssignment(line.slice(0, cron.longestVariable), cron);
  return variable === undefined ? { kind: 'entry' } : { kind: 'assignment', variable };
}

/** Bytes as the text that they are; undefined where they are none. */
export function decoded(bytes: string): string | undefined {
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer) ? buffer.toString() : undefined;
}
