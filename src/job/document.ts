import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Finding, Place } from './problem.ts';
import { type Trap, traps } from './traps.ts';
import { expandedSize, follow, type Mapping, type Path, plainData, type Range, type Tree } from './tree.ts';
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

/** Reads one YAML text. What is wrong with it is among the problems; it never throws for what the text holds. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const rows = text.split('\n');
  const at = placer(file, rows, lines);
  const broken = [...document.errors, ...document.warnings].map((error): Place & Finding => {
    const place = at(error.pos);
    const { column, ...finding } = yamlFinding(error.code, error.message, place);
    return { ...place, ...(column === undefined ? {} : { column }), ...finding };
  });
  const found: Trap[] = [];
  const tree = buildTree(document, text, found);
  const endless = expandedSize(tree) > mostValues;
  if (endless) found.push({ range: tree.range, finding: explodes });

  const placed = ({ range, finding }: Trap) => ({ ...at(range), ...finding });

  return {
    file,
    value: endless ? null : plainData(tree),
    problems: [...firstOfEachLine(broken), ...found.map(placed), ...traps(tree).map(placed)],
    place: (path, part) => at(partRange(tree, path, part)),
  };
}

const explodes: Finding = {
  severity: 'error',
  code: 'yaml-aliases',
  message: `aliases of aliases make more than ${mostValues.toLocaleString('en')} values of this file`,
  hint: 'write the repeated part once, under defaults:',
};

const circular: Finding = {
  severity: 'error',
  code: 'yaml-aliases',
  message: 'found an alias of something that contains the alias itself',
  hint: 'remove the alias',
};

const keyExpected: Finding = {
  severity: 'error',
  code: 'yaml-key',
  message: 'found a list or mapping as a key, expected a word',
  hint: 'put the key in quotes',
};

function placer(file: string, rows: readonly string[], lines: LineCounter): (range: Range) => Place {
  return ([start, end]) => {
    const { line, col } = lines.linePos(start);
    const source = (rows[Math.max(1, line) - 1] ?? '').replace(/\r$/, '');
    const column = Math.max(1, Math.min(col, source.length + 1));
    const length = Math.max(1, Math.min(end - start, source.length - column + 1));
    return { file, line: Math.max(1, line), column, length, source };
  };
}

/** The parser's nodes as a tree; what only they can tell (repeated keys, circles) is added to `found`. */
function buildTree(document: Document, text: string, found: Trap[]): Tree {
  const done = new Map<Node, Tree>();
  const open = new Set<Node>();
  const nothing = (range: Range): Tree => ({ kind: 'scalar', value: null, written: '', plain: true, range });

  const build = (node: Node | null | undefined, fallback: Range): Tree => {
    const target = isAlias(node) ? node.resolve(document) : node;
    if (!target) return nothing(fallback);
    const known = done.get(target);
    if (known) return known;
    const range: Range = target.range ? [target.range[0], target.range[1]] : fallback;
    if (open.has(target)) {
      found.push({ range: node?.range ? [node.range[0], node.range[1]] : range, finding: circular });
      return nothing(range);
    }
    open.add(target);
    const tree = convert(target, range);
    open.delete(target);
    done.set(target, tree);
    return tree;
  };

  const convert = (node: Node, range: Range): Tree => {
    if (isMap<Node, Node | null>(node)) return { kind: 'mapping', entries: entries(node.items, range), range };
    if (isSeq<Node>(node)) return { kind: 'sequence', items: node.items.map((item) => build(item, range)), range };
    if (!isScalar(node)) return nothing(range);
    const { value, type } = node;
    const simple = ['string', 'number', 'boolean'].includes(typeof value) ? (value as string | number | boolean) : null;
    return { kind: 'scalar', value: simple, written: text.slice(...range), plain: type === 'PLAIN', range };
  };

  const entries = (pairs: readonly Pair<Node, Node | null>[], around: Range): Mapping['entries'] => {
    const map = new Map<string, { key: Range; value: Tree }>();
    for (const { key, value } of pairs) {
      const range: Range = key.range ? [key.range[0], key.range[1]] : around;
      if (!isScalar(key)) {
        found.push({ range, finding: keyExpected });
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : text.slice(...range);
      const first = map.get(name);
      if (first) found.push({ range, finding: repeated(name, text, first.key) });
      else map.set(name, { key: range, value: build(value, range) });
    }
    return map;
  };

  return build(document.contents, [0, 0]);
}

function repeated(name: string, text: string, first: Range): Finding {
  const line = text.slice(0, first[0]).split('\n').length;
  return {
    severity: 'error',
    code: 'duplicate-key',
    message: `found the key ${JSON.stringify(name)} again; it stands first in line ${line}`,
    hint: 'remove or rename one of the two',
  };
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
