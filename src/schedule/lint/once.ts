import type { Problem } from '../../job/problem.ts';
import type { LintCode, Remark } from './case.ts';
import { few } from './few.ts';

/** Whoever has more findings of a kind than this has seen what there is to see. */
const mostOfKind = 20;

/** A finding with the other jobs that have it at the same place, such as a setting under `defaults:`. */
interface Shared {
  readonly problem: Problem;
  readonly others: string[];
}

/** Remarks as warnings: one for each place and kind, and not too many of a kind. */
export function placedOnce(remarks: readonly Remark[]): readonly Problem[] {
  return [...Map.groupBy(remarks, ({ code }) => code)].flatMap(([code, found]) => {
    const places = sharedPlaces(found);
    const shown = places.slice(0, mostOfKind).map(withOthers);
    const hidden = places.length - shown.length;
    return hidden === 0
      ? shown
      : [...shown.slice(0, -1), ...shown.slice(-1).map((last) => withHidden(last, code, hidden))];
  });
}

function sharedPlaces(remarks: readonly Remark[]): readonly Shared[] {
  const places = new Map<string, Shared>();
  for (const { job, place, ...words } of remarks) {
    const problem: Problem = { ...place(), severity: 'warning', ...words };
    const key = `${problem.line}:${problem.column}:${problem.file}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, { problem, others: [] });
    else if (job !== undefined) known.others.push(job);
  }
  return [...places.values()];
}

function withOthers({ problem, others }: Shared): Problem {
  const names = [...new Set(others)];
  if (names.length === 0) return problem;
  return { ...problem, message: `${problem.message}; the like holds for ${few(names)}` };
}

function withHidden(problem: Problem, code: LintCode, hidden: number): Problem {
  return { ...problem, message: `${problem.message} (${code} at ${hidden} more places, not shown)` };
}
