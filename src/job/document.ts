import type { Finding, Place } from './problem.ts';
import { quickTree } from './quick-tree.ts';
import { tolerantTree } from './tolerant-tree.ts';
import { type Trap, traps } from './traps.ts';
import { expandedSize, follow, type Path, plainData, type Range, type Tree } from './tree.ts';
import { yamlFinding } from './yaml-errors.ts';

/** Which characters of an entry are meant: its key, its value, or some characters within a one-line text. */
export type Part = 'key' | 'value' | { readonly offset: number; readonly length: number };

/** A YAML text as plain data, with the way back from a path to its place. */
export interface Source {
  readonly file: string;
  /** Null for an empty document. */
  readonly value: unknown;
  readonly problems: readonly (Place & Finding)[];
  place(path: Path, part: Part): Place;
}

/** More values than this come from aliases of aliases, not from a person. */
const mostValues = 2_000_000;

/**
 * Reads one YAML text. What is wrong with it is among the problems; it never throws for what the text holds.
 *
 * Two parsers share the work. js-yaml needs a third of the time and stops at the first thing it does not understand;
 * then yaml, which goes on behind an error, reads the text again to say all that is wrong.
 */
export function readSource(text: string, file: string): Source {
  const at = placer(file, text);
  const quick = quickTree(text);
  const { tree, objections, traps: found } = quick ? { tree: quick, objections: [], traps: [] } : tolerantTree(text);
  const broken = objections.map(({ code, message, range }): Place & Finding => {
    const place = at(range);
    const { column, ...finding } = yamlFinding(code, message, place);
    return { ...place, ...(column === undefined ? {} : { column }), ...finding };
  });
  const endless = expandedSize(tree) > mostValues;
  const trapped = [...found, ...(endless ? [{ range: tree.range, finding: explodes }] : []), ...traps(tree)];
  const placed = ({ range, finding }: Trap) => ({ ...at(range), ...finding });
  return {
    file,
    value: endless ? null : plainData(tree),
    problems: [...firstOfEachLine(broken), ...trapped.map(placed)],
    place: (path, part) => at(partRange(tree, path, part)),
  };
}

const explodes: Finding = {
  severity: 'error',
  code: 'yaml-aliases',
  message: `aliases of aliases make more than ${mostValues.toLocaleString('en')} values of this file`,
  hint: 'write the repeated part once, under defaults:',
};

/** From offsets to lines and columns. */
function placer(file: string, text: string): (range: Range) => Place {
  let starts: readonly number[] | undefined;
  return ([start, end]) => {
    starts ??= lineStarts(text);
    const index = lineAt(starts, start);
    const from = starts[index] ?? 0;
    const source = text.slice(from, (starts[index + 1] ?? text.length + 1) - 1).replace(/\r$/, '');
    const column = Math.min(start - from + 1, source.length + 1);
    const length = Math.max(1, Math.min(end - start, source.length - column + 1));
    return { file, line: index + 1, column, length, source };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last line that begins at the offset or before. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function partRange(tree: Tree, path: Path, part: Part): Range {
  const { key, value } = follow(tree, path);
  if (part === 'key') return key ?? value.range;
  if (part === 'value') return value.range[1] > value.range[0] ? value.range : (key ?? value.range);
  const lead = value.kind === 'scalar' ? value.written.indexOf(String(value.value)) : -1;
  if (lead < 0) return value.range;
  const start = value.range[0] + lead + part.offset;
  return [start, start + part.length];
}

/** One slip of the pen can make the parser object several times on a line; the first objection is the cause. */
function firstOfEachLine(problems: readonly (Place & Finding)[]): readonly (Place & Finding)[] {
  const seen = new Set<number>();
  return problems.filter(({ line }) => !seen.has(line) && seen.add(line));
}
