import { readable } from './block.ts';
import type { Drift, DriftKind } from './drift.ts';
import { isComment, jobOf, type LineForm, startOf, subjectOf } from './start-of-line.ts';

/** A line of a table, without its line feed, and its number, 1-based. */
export interface Numbered {
  readonly line: string;
  readonly number: number;
}

/** Lines by what they are about; each is taken out when it is known what became of it. */
type Pool = Map<string, Numbered[]>;

interface Lines {
  readonly entries: Pool;
  readonly comments: Pool;
}

/** The lines outside of every block that start cronwright or did so, by what they start. */
export interface Outside extends Lines {
  readonly form: LineForm;
}

/** Takes from the lines outside of every block those that are about cronwright. */
export function outsideLines(lines: readonly Numbered[], form: LineForm): Outside {
  return { form, ...pooled(lines, (line) => startOf(line, form)) };
}

/**
 * In what the lines of a block are not the wanted ones. Lines outside of it that are about the same are taken as what
 * became of them, or as a second one of them.
 */
export function blockDrift(wanted: readonly string[], inside: readonly Numbered[], outside: Outside): readonly Drift[] {
  const count = new Map<string, number>();
  for (const line of wanted) count.set(line, (count.get(line) ?? 0) + 1);
  const surplus = inside.filter(({ line }) => !takeOne(count, line));
  const missing = wanted.filter((line) => takeOne(count, line));
  const own = pooled(surplus, (line) => subjectOf(line) ?? line);
  const lost = missing.map((line) => whatBecameOf(line, own, outside));
  return [...lost, ...leftOver(own, new Set(wanted.map(subjectOf))), ...wanted.flatMap((line) => again(line, outside))];
}

function pooled(lines: readonly Numbered[], about: (line: string) => string | undefined): Lines {
  const pools: Lines = { entries: new Map(), comments: new Map() };
  for (const one of lines) {
    const key = about(one.line);
    const pool = isComment(one.line) ? pools.comments : pools.entries;
    const others = key === undefined ? undefined : pool.get(key);
    if (others !== undefined) others.push(one);
    else if (key !== undefined) pool.set(key, [one]);
  }
  return pools;
}

function takeOne(count: Map<string, number>, line: string): boolean {
  const left = count.get(line) ?? 0;
  if (left > 0) count.set(line, left - 1);
  return left > 0;
}

/** What cron still runs counts for more than what it does not. */
function whatBecameOf(line: string, own: Lines, outside: Outside): Drift {
  const subject = subjectOf(line) ?? line;
  const start = startOf(line, outside.form) ?? line;
  const edited = take(own.entries, subject, line);
  if (edited !== undefined) return drift('edited', line, edited);
  const moved = take(outside.entries, start, line);
  if (moved !== undefined) return drift('moved-out', line, moved);
  const comment = take(own.comments, subject, line) ?? take(outside.comments, start, line);
  return drift(comment === undefined ? 'deleted' : 'commented-out', line, comment);
}

/** The line itself, else the first that is about the same. */
function take(pool: Pool, about: string, line: string): Numbered | undefined {
  const found = pool.get(about) ?? [];
  const same = found.findIndex((one) => one.line === line);
  return found.splice(Math.max(0, same), 1)[0];
}

function leftOver({ entries, comments }: Lines, subjects: ReadonlySet<string | undefined>): readonly Drift[] {
  const found = [...entries.values(), ...comments.values()].flat();
  return found
    .toSorted((one, other) => one.number - other.number)
    .map((one) => {
      const isAgain = !isComment(one.line) && subjects.has(subjectOf(one.line));
      return drift(isAgain ? 'duplicated' : 'added', null, one);
    });
}

function again(line: string, { form, entries }: Outside): readonly Drift[] {
  const found = entries.get(startOf(line, form) ?? line) ?? [];
  return found.splice(0).map((one) => drift('duplicated', null, one));
}

function drift(kind: DriftKind, wanted: string | null, found: Numbered | undefined): Drift {
  return {
    kind,
    job: jobOf(wanted ?? found?.line ?? ''),
    wanted,
    found: found === undefined ? null : readable(found.line),
    line: found?.number ?? null,
  };
}
