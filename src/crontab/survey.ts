import { UserError } from '../errors.ts';
import type { JobName } from '../job/job.ts';
import { blockLines, findBlock, foreignLines, readTableText, type TableText, withoutLineFeed } from './block.ts';
import { blockDrift, type Numbered, outsideLines } from './block-drift.ts';
import { readBrokenTable } from './broken-blocks.ts';
import type { Drift } from './drift.ts';
import { type BlockOwner, beginMarker } from './marker.ts';
import { formOf } from './start-of-line.ts';
import { isTickOfOthers } from './ticks.ts';

/** What a table should hold of a project. */
export interface Expected {
  readonly project: JobName;
  /** The lines of its jobs; none where it has no jobs, and then the tick is not expected either. */
  readonly lines: readonly string[];
  /** The line of the tick. */
  readonly tick: string;
  /** What serves in its place just as well: the ticks of other projects in the table. */
  readonly otherTicks?: readonly string[];
  /** The table as it was written last; undefined where nobody knows. */
  readonly written?: Buffer | undefined;
}

/** What became of a project in a table. */
export interface Survey {
  readonly drift: readonly Drift[];
  /** Why sync does not write the table as it stands, with what mends that; undefined where it would. */
  readonly refusal: UserError | undefined;
}

/** In what a table is not as it was installed for a project, whatever was done to it. It never throws. */
export function surveyTable(table: Buffer, expected: Expected): Survey {
  try {
    return { drift: driftOf(readTableText(table), expected), refusal: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const broken = readBrokenTable(table);
    return { drift: [...broken.markers(expected.project), ...driftIn(broken, expected)], refusal: error };
  }
}

/** The same, of a table whose markers are sound. The order of lines has no meaning to cron and is no drift. */
export function driftOf(text: TableText, expected: Expected): readonly Drift[] {
  return driftIn(partsOf(text), expected);
}

/** The lines of a table by what they belong to. */
interface Parts {
  /** All of them, without line feeds. */
  readonly lines: readonly string[];
  /** Those between the markers of a block; undefined where there is none. */
  inside(owner: BlockOwner): readonly Numbered[] | undefined;
  readonly outside: readonly Numbered[];
}

function partsOf(text: TableText): Parts {
  return {
    lines: text.lines.map(withoutLineFeed),
    outside: foreignLines(text).map(({ line, index }) => ({ line, number: index + 1 })),
    inside(owner) {
      const start = findBlock(text, owner)?.start ?? 0;
      return blockLines(text, owner)?.map((line, index) => ({ line, number: start + index + 2 }));
    },
  };
}

function driftIn(parts: Parts, expected: Expected): readonly Drift[] {
  const { project, lines, tick } = expected;
  const outside = outsideLines(parts.outside, formOf(tick));
  const inside = parts.inside(project);
  const found = blockDrift(lines, inside ?? [], outside);
  const isLost = inside === undefined && lines.length > 0;
  const ofProject = isLost ? lostBlock(found, parts.lines, expected) : found;
  if (lines.length === 0 || ofProject.some(({ kind }) => kind === 'table-replaced')) return ofProject;
  const ticking = (parts.inside(undefined) ?? []).filter(({ line }) => !isTickOfOthers(line, tick, parts.lines));
  return [...ofProject, ...blockDrift([tickOf(expected, ticking)], ticking, outside)];
}

const whole = { job: null, wanted: null, found: null, line: null } as const;

/** A project loses its lines with one stroke; some of them, or what became of them, may stand elsewhere in the table. */
function lostBlock(
  found: readonly Drift[],
  lines: readonly string[],
  { project, written }: Expected,
): readonly Drift[] {
  const isScattered = found.some(({ kind }) => kind !== 'deleted');
  if (isScattered) return [{ ...whole, kind: 'marker', wanted: beginMarker(project) }, ...found];
  const isReplaced = written !== undefined && !hasLineOf(lines, written);
  return [{ ...whole, kind: isReplaced ? 'table-replaced' : 'block-gone' }];
}

function hasLineOf(lines: readonly string[], written: Buffer): boolean {
  const before = new Set(written.toString('latin1').split('\n'));
  return lines.some((line) => line.trim() !== '' && before.has(line));
}

function tickOf({ tick, otherTicks = [] }: Expected, found: readonly Numbered[]): string {
  return [tick, ...otherTicks].find((line) => found.some((one) => one.line === line)) ?? tick;
}
