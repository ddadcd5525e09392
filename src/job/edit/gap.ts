import { UserError } from '../../errors.ts';
import { quickTree } from '../quick-tree.ts';
import { tolerantTree } from '../tolerant-tree.ts';
import type { Mapping, Range, Tree } from '../tree.ts';

/** A place in the text of a jobs file at which jobs can be added. */
export interface Gap {
  /** The offset at which the new lines begin. */
  readonly at: number;
  /** The characters that make way: an empty value such as `{}`. They stand before `at`. */
  readonly drop: Range;
  /** Lines above the new jobs: `jobs:` where there is none. */
  readonly above: readonly string[];
  /** Blanks before the name of a job, and further ones for each level below. */
  readonly column: number;
  readonly step: number;
  /** Whether a blank line is to stand above the first of them. */
  readonly apart: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

/** A line of the text: its offsets, and how far it is indented. */
interface Line {
  readonly start: number;
  /** Behind its line end. */
  readonly end: number;
  readonly text: string;
  readonly indent: number;
}

/**
 * Where jobs can be added to a text, the best place first: behind the last job and the comments that are indented as it is.
 * Blank lines there belong to the job only where it ends with a text that keeps them (`|+`).
 * @throws UserError where the text has no lines for jobs, as within braces.
 */
export function gapsIn(text: string): readonly Gap[] {
  const tree = quickTree(text) ?? tolerantTree(text).tree;
  const lines = linesOf(text);
  if (tree.kind !== 'mapping') return [atEnd(text, lines, lines.length)];
  if (text[tree.range[0]] === '{') throw inBraces('the whole file stands');
  const jobs = tree.entries.get('jobs');
  const none: Range = [0, 0];
  if (jobs === undefined) return [atEnd(text, lines, endOf(lines, 0))];
  const until = nextKey(tree, jobs.key, lines);
  if (isEmpty(jobs.value)) {
    const drop = emptyRange(text, jobs.key);
    return behind({ text, lines, from: lineAt(lines, Math.max(jobs.key[1], drop[1])), until, column: 1 }, false).map(
      (place) => ({ ...place, drop, column: 2, step: 2 }),
    );
  }
  const { column, step, last, apart } = layoutOf(text, jobs, lines);
  return behind({ text, lines, from: last, until, column }, apart).map((place) => ({
    ...place,
    drop: none,
    column,
    step,
  }));
}

function inBraces(what: string): UserError {
  return new UserError(
    `cannot add jobs to the jobs file: ${what} in braces`,
    'write each job below jobs: on lines of its own, and try again',
  );
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return (text.match(/[^\n]*\n|[^\n]+/g) ?? []).map((whole) => {
    const line = { start, end: start + whole.length, text: whole.trimEnd(), indent: whole.search(/[^ ]|$/) };
    start = line.end;
    return line;
  });
}

/** The index of the line that holds an offset. */
function lineAt(lines: readonly Line[], offset: number): number {
  return Math.max(
    0,
    lines.findLastIndex(({ start }) => start <= offset),
  );
}

/** They end a document, or begin one: a comment may stand behind either (YAML 1.2.2, 9.1). */
const endSign = /^\.\.\.(?:\s|$)/;
const startSign = /^---(?:\s|$)/;

/** The index of the line behind the document: that of `...` or a further `---`, or the one behind the last. */
function endOf(lines: readonly Line[], from: number): number {
  const marker = lines.findIndex(
    ({ text }, index) => index > from && (endSign.test(text) || (startSign.test(text) && hasContent(lines, index))),
  );
  return marker === -1 ? lines.length : marker;
}

/** Whether anything but comments and directives stands above a line. */
function hasContent(lines: readonly Line[], until: number): boolean {
  return lines.slice(0, until).some(({ text }) => text !== '' && !/^[#%]|^---/.test(text));
}

/** The index of the line of the key that follows `jobs`, or behind the document. */
function nextKey(root: Mapping, jobs: Range, lines: readonly Line[]): number {
  const later = [...root.entries.values()].map(({ key }) => key[0]).filter((start) => start > jobs[0]);
  return later.length === 0 ? endOf(lines, lineAt(lines, jobs[0])) : lineAt(lines, Math.min(...later));
}

function isEmpty(value: Tree): boolean {
  return value.kind === 'mapping' ? value.entries.size === 0 : value.kind === 'scalar' && value.value === null;
}

/** An empty value that is written out, with the blanks before it. */
function emptyRange(text: string, key: Range): Range {
  const colon = text.indexOf(':', key[1]) + 1;
  const [written] = /^[ \t]*(?:\{[ \t]*\}|~|null\b)/i.exec(text.slice(colon)) ?? [''];
  return [colon, colon + written.length];
}

/** How the jobs stand in the file, by the ones that are there. */
function layoutOf(text: string, { key, value }: { key: Range; value: Tree }, lines: readonly Line[]) {
  if (value.kind !== 'mapping') throw new UserError('jobs: is no mapping of job names to jobs', 'cronwright validate');
  const keys = [...value.entries.values()];
  const [first, lastJob] = [keys[0]?.key[0] ?? 0, keys.at(-1)?.key[0] ?? 0];
  if (text[value.range[0]] === '{') throw inBraces('jobs: stands');
  if (first < key[0]) throw new UserError('jobs: repeats another part of the file (*)', 'write the jobs below jobs:');
  const line = lines[lineAt(lines, first)];
  const column = first - (line?.start ?? 0);
  if (line?.indent !== column) throw inBraces('jobs: stands');
  const last = lineAt(lines, lastJob);
  return { column, step: stepOf(keys, column, lines), last, apart: keys.length === 1 || standsApart(lines, last) };
}

/** The indentation of the keys of a job, by the first that has them on lines of their own; else that of the jobs. */
function stepOf(jobs: readonly { key: Range; value: Tree }[], column: number, lines: readonly Line[]): number {
  for (const { key, value } of jobs) {
    if (value.kind !== 'mapping') continue;
    const [inner] = value.entries.values();
    const line = lines[lineAt(lines, inner?.key[0] ?? 0)];
    if (inner === undefined || line === undefined || inner.key[0] < key[1]) continue;
    if (line.indent === inner.key[0] - line.start && line.indent > column) return line.indent - column;
  }
  return column;
}

/** Whether a blank line stands above a job and the comments that belong to it. */
function standsApart(lines: readonly Line[], index: number): boolean {
  let above = index - 1;
  while (lines[above]?.text.trimStart().startsWith('#')) above -= 1;
  return lines[above]?.text === '';
}

interface Region {
  readonly text: string;
  readonly lines: readonly Line[];
  /** Indexes of the lines from the last thing that is known to belong to the jobs to the first that does not. */
  readonly from: number;
  readonly until: number;
  /** Comments that are indented as far belong to the jobs. */
  readonly column: number;
}

type Behind = Pick<Gap, 'at' | 'above' | 'apart' | 'lineEnd'>;

function behind({ text, lines, from, until, column }: Region, apart: boolean): readonly Behind[] {
  const region = lines.slice(from, until);
  const content = region.findLastIndex(
    (line) => line.text !== '' && (line.indent >= column || !/^ *#/.test(line.text)),
  );
  const last = from + Math.max(0, content);
  const next = lines.findIndex((line, index) => index > last && line.text !== '');
  const blank = next === -1 ? lines.length - 1 : next - 1;
  const place = (index: number) => ({ at: lines[index]?.end ?? text.length, above: [], lineEnd: lineEndOf(text) });
  return [
    { ...place(last), apart },
    { ...place(Math.max(last, Math.min(blank, until - 1))), apart: false },
  ];
}

function atEnd(text: string, lines: readonly Line[], until: number): Gap {
  const last = lines.slice(0, until).findLastIndex((line) => line.text !== '');
  const at = lines[last]?.end ?? 0;
  const above = [...(last === -1 ? [] : ['']), 'jobs:'];
  return { at, drop: [0, 0], above, column: 2, step: 2, apart: false, lineEnd: lineEndOf(text) };
}

function lineEndOf(text: string): Gap['lineEnd'] {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}
