import type { Source } from './document.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import { partOf } from './written.ts';

/**
 * What is wrong with `moved:`. A job that was renamed twice may stand there twice: `{a: b, b: c}`.
 * @param names of the jobs of the file and of all that it includes.
 */
export function movedProblems(source: Source, names: ReadonlySet<string>): readonly Problem[] {
  const entries = Object.entries(partOf(source.value, 'moved'));
  const moved = new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  return [...moved].flatMap(([from, to]): readonly Problem[] => {
    const objection = objectionTo({ from, to }, moved, names);
    if (objection === undefined) return [];
    const { part, ...finding } = objection;
    return [{ ...source.place(['moved', from], part), severity: 'error', code: 'moved-job', ...finding }];
  });
}

interface Objection {
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint: string;
}

function objectionTo(
  { from, to }: { readonly from: string; readonly to: string },
  moved: ReadonlyMap<string, string>,
  names: ReadonlySet<string>,
): Objection | undefined {
  if (returns(from, moved)) {
    const message = `found names that lead back to ${from}, expected a new name at the end`;
    return { part: 'value', message, hint: 'keep the line with the name that the job has now' };
  }
  if (names.has(from)) {
    const message = `found the old name ${from}, which a job still has`;
    return { part: 'key', message, hint: `remove this line, or give that job the name ${to}` };
  }
  if (names.has(to) || moved.has(to)) return undefined;
  const near = nearest(to, [...names]);
  const hint = near === undefined ? 'name a job of this file' : `did you mean ${near}?`;
  return { part: 'value', message: `found the new name ${to}, which no job has`, hint };
}

/** Whether a name becomes itself again. */
function returns(from: string, moved: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (let name = moved.get(from); name !== undefined && !seen.has(name); name = moved.get(name)) {
    if (name === from) return true;
    seen.add(name);
  }
  return false;
}
