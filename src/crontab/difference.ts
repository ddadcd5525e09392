import { linesOf } from './block.ts';

/** A line of two tables that are compared, with its line feed as far as it has one; one character stands for one byte. */
export interface ComparedLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly line: string;
}

/** Lines of a table: the first one's number, 1-based, and how many; of none the number of the line before them. */
export interface LineSpan {
  readonly start: number;
  readonly count: number;
}

/** A stretch in which two tables differ, with the unchanged lines around it, as in a unified diff (POSIX diff -u). */
export interface Hunk {
  readonly before: LineSpan;
  readonly after: LineSpan;
  readonly lines: readonly ComparedLine[];
}

/** So many unchanged lines are shown around a change. */
const context = 3;

/** In what two tables differ, in their order; empty where they are equal. */
export function differenceBetween(before: Buffer, after: Buffer): readonly Hunk[] {
  return hunks(comparedLines(linesOf(before), linesOf(after)));
}

function comparedLines(before: readonly string[], after: readonly string[]): readonly ComparedLine[] {
  const compared: ComparedLine[] = [];
  let [atBefore, atAfter] = [0, 0];
  for (const pair of [...commonPairs(before, after), { before: before.length, after: after.length }]) {
    for (const line of before.slice(atBefore, pair.before)) compared.push({ kind: 'removed', line });
    for (const line of after.slice(atAfter, pair.after)) compared.push({ kind: 'added', line });
    const line = before[pair.before];
    if (line !== undefined) compared.push({ kind: 'same', line });
    [atBefore, atAfter] = [pair.before + 1, pair.after + 1];
  }
  return compared;
}

/** Where an equal line stands in both tables, counted from 0. */
interface Pair {
  readonly before: number;
  readonly after: number;
}

/** The lines that stay, by their places: what is equal at both ends, and between them a longest common subsequence. */
function commonPairs(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const between = longestCommon(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [
    ...Array.from({ length: head }, (_, index) => ({ before: index, after: index })),
    ...between.map((pair) => ({ before: pair.before + head, after: pair.after + head })),
    ...Array.from({ length: tail }, (_, index) => {
      return { before: before.length - tail + index, after: after.length - tail + index };
    }),
  ];
}

/** A common subsequence, its last pair first. */
interface Chain extends Pair {
  readonly rest: Chain | undefined;
}

/** The algorithm of Hunt and Szymanski (1977): quick where few lines stand there more than once, as in a crontab. */
function longestCommon(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const places = matchingPlaces(before, after);
  /** For each length the common subsequence of that length that ends first in `after`. */
  const best: Chain[] = [];
  for (const [index, line] of before.entries()) {
    for (const place of places.get(line) ?? []) {
      const length = firstNotBefore(best, place);
      best[length] = { before: index, after: place, rest: best[length - 1] };
    }
  }
  const pairs: Pair[] = [];
  for (let chain = best.at(-1); chain !== undefined; chain = chain.rest) pairs.push(chain);
  return pairs.reverse();
}

/** Beyond so many pairs of equal lines only those are looked at that stand there once: the work stays bounded. */
const mostPairs = 2_000_000;

/** Where each line stands in `after`, the last place first. */
function matchingPlaces(before: readonly string[], after: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = Map.groupBy(after.keys().toArray().reverse(), (index) => after[index] ?? '');
  const pairs = before.reduce((sum, line) => sum + (places.get(line)?.length ?? 0), 0);
  if (pairs <= mostPairs) return places;
  return new Map([...places].filter(([, found]) => found.length === 1));
}

/** How many of the chains, whose ends ascend, end before a place. */
function firstNotBefore(chains: readonly Chain[], place: number): number {
  let [low, high] = [0, chains.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chains[middle]?.after ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hunks(compared: readonly ComparedLine[]): readonly Hunk[] {
  const found: Hunk[] = [];
  let [before, after, from] = [0, 0, 0];
  for (const [start, end] of stretches(compared)) {
    const skipped = start - from;
    const lines = compared.slice(start, end);
    const hunk = {
      before: span(before + skipped, lines, 'added'),
      after: span(after + skipped, lines, 'removed'),
      lines,
    };
    found.push(hunk);
    [before, after, from] = [before + skipped + hunk.before.count, after + skipped + hunk.after.count, end];
  }
  return found;
}

/** The changes with the lines around them, from the first to behind the last; those that would touch are one. */
function stretches(compared: readonly ComparedLine[]): readonly (readonly [start: number, end: number])[] {
  const found: [start: number, end: number][] = [];
  for (const [index, { kind }] of compared.entries()) {
    if (kind === 'same') continue;
    const [start, end] = [Math.max(0, index - context), Math.min(compared.length, index + 1 + context)];
    const last = found.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else found.push([start, end]);
  }
  return found;
}

/** @param left how many lines of this side come before. */
function span(left: number, lines: readonly ComparedLine[], ofOther: 'added' | 'removed'): LineSpan {
  const count = lines.filter(({ kind }) => kind !== ofOther).length;
  return { start: count === 0 ? left : left + 1, count };
}
