import { type JobId, jobId } from '../job/job.ts';
import { readable } from './block.ts';

/** A line of a block that is not as it was installed. */
export interface Drift {
  readonly kind: 'edited' | 'deleted' | 'added';
  /** Whose line it is; null for the tick's and for a line that names no job. */
  readonly job: JobId | null;
  /** As installed; null for an added line. */
  readonly wanted: string | null;
  /** As it stands in the table, with invalid UTF-8 replaced; null for a deleted line. */
  readonly found: string | null;
}

/** Compares the lines of a block with the installed ones. Their order has no meaning to cron and is no drift. */
export function drifts(wanted: readonly string[], found: readonly string[]): readonly Drift[] {
  const missing = without(wanted, found);
  const surplus = Map.groupBy(without(found, wanted), subject);
  const drift: Drift[] = [];
  for (const line of missing) {
    const other = surplus.get(subject(line))?.shift();
    const instead = other === undefined ? null : readable(other);
    drift.push({ kind: instead === null ? 'deleted' : 'edited', job: jobOf(line), wanted: line, found: instead });
  }
  for (const line of [...surplus.values()].flat()) {
    drift.push({ kind: 'added', job: jobOf(line), wanted: null, found: readable(line) });
  }
  return drift;
}

/** The lines that stand oftener in the first list than in the second. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** The end of a line that cronwright wrote: what it starts, and for which job. It outlives a change of time or path. */
const ending = /(?:(--scheduled|--at-boot) (\S+)|tick)\s*$/;

function subject(line: string): string {
  const [, verb, job] = ending.exec(line) ?? [];
  if (verb !== undefined) return `${verb} ${job}`;
  return ending.test(line) ? 'tick' : line;
}

function jobOf(line: string): JobId | null {
  const name = ending.exec(line)?.[2];
  return (name === undefined ? undefined : jobId(name)) ?? null;
}
