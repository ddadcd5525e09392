import type { DateSpan } from './job.ts';

const dayMs = 86_400_000;

/**
 * Spans in their order, none overlapping another. A day that several name has the names of all, and days in a row with
 * one name are one span.
 */
export function mergedSpans(spans: readonly DateSpan[]): readonly DateSpan[] {
  const borders = [...new Set(spans.flatMap(({ from, to }) => [from, dayAfter(to)]))].sort();
  const starting = Map.groupBy(spans, ({ from }) => from);
  const ending = Map.groupBy(spans, ({ to }) => dayAfter(to));
  const open = new Map<string, number>();
  const merged: DateSpan[] = [];
  for (const [index, from] of borders.entries()) {
    for (const { name } of starting.get(from) ?? []) open.set(name, (open.get(name) ?? 0) + 1);
    for (const { name } of ending.get(from) ?? []) close(open, name);
    const next = borders[index + 1];
    if (open.size === 0 || next === undefined) continue;
    append(merged, { from, to: dayBefore(next), name: namesOf(open.keys()) });
  }
  return merged;
}

/** Counted by name, because one event that comes daily may last for years. */
function close(open: Map<string, number>, name: string): void {
  const left = (open.get(name) ?? 0) - 1;
  if (left > 0) open.set(name, left);
  else open.delete(name);
}

/** Dates have four digits of a year, which sort as texts; the last of all is followed by none. */
function dayAfter(date: string): string {
  return date === '9999-12-31' ? '9999-12-32' : moved(date, dayMs);
}

function dayBefore(date: string): string {
  return date === '9999-12-32' ? '9999-12-31' : moved(date, -dayMs);
}

function moved(date: string, ms: number): string {
  return new Date(Date.parse(date) + ms).toISOString().slice(0, 10);
}

function namesOf(open: Iterable<string>): string {
  return [...open]
    .filter((name) => name !== '')
    .sort()
    .join(', ');
}

function append(merged: DateSpan[], span: DateSpan): void {
  const last = merged.at(-1);
  const continues = last !== undefined && last.name === span.name && dayAfter(last.to) === span.from;
  if (continues) merged[merged.length - 1] = { ...last, to: span.to };
  else merged.push(span);
}
