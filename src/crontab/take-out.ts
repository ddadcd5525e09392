import type { JobId, Replaced } from '../job/job.ts';
import { foreignLines, readable, type TableText } from './block.ts';

/** A line that is taken out of a table, because a job takes its place. */
export interface TakenLine {
  readonly job: JobId;
  /** 1-based, in the table as it is. */
  readonly line: number;
  /** Without its line end; invalid UTF-8 is replaced. */
  readonly text: string;
}

/**
 * The lines of a table that jobs take the place of: the comments and the entry as they stand one below the other, or the
 * entry alone where somebody has changed what is above it. Only lines of others count, and each is taken once.
 */
export function takenLines(text: TableText, replaces: readonly Replaced[]): readonly TakenLine[] {
  if (replaces.length === 0) return [];
  const free = new Map(foreignLines(text).map(({ index, line }) => [index, lineText(line)]));
  const places = Map.groupBy(free.keys(), (index) => free.get(index) ?? '');
  const taken = replaces.flatMap(({ job, lines }) => {
    const place = placeOf(lines, free, places);
    if (place === undefined) return [];
    return Array.from({ length: place.end - place.start }, (_, offset): TakenLine => {
      const index = place.start + offset;
      const line = { job, line: index + 1, text: free.get(index) ?? '' };
      free.delete(index);
      return line;
    });
  });
  return taken.sort((a, b) => a.line - b.line);
}

/** A line as a person writes it: a carriage return in front of the line feed is no part of that. */
export function lineText(line: string): string {
  return readable(line).replace(/\r$/, '');
}

/** Where lines stand in a table: the first, and the one behind the last. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

function placeOf(
  lines: readonly string[],
  free: ReadonlyMap<number, string>,
  places: ReadonlyMap<string, readonly number[]>,
): Stretch | undefined {
  const entry = lines.at(-1) ?? '';
  const ends = (places.get(entry) ?? []).filter((index) => free.has(index));
  const isWhole = (end: number) => lines.every((line, offset) => free.get(end - lines.length + 1 + offset) === line);
  const whole = ends.find(isWhole);
  const end = whole ?? ends[0];
  if (end === undefined) return undefined;
  return { start: whole === undefined ? end : end - lines.length + 1, end: end + 1 };
}

/** A table without some of its lines, by their numbers counted from 0; none of them is in a block. */
export function withoutLines({ lines, blocks }: TableText, indices: ReadonlySet<number>): TableText {
  if (indices.size === 0) return { lines, blocks };
  const sorted = [...indices].sort((a, b) => a - b);
  const above = (start: number) => sorted.filter((index) => index < start).length;
  return {
    lines: lines.filter((_, index) => !indices.has(index)),
    blocks: blocks.map((block) => {
      const shift = above(block.start);
      return { ...block, start: block.start - shift, end: block.end - shift };
    }),
  };
}
