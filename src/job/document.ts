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
    logLevel: 'error',
  });
  const rows = text.split('\n');
  const at = placer(file, rows, lines);
  const broken = [...document.errors, ...document.warnings].map((error): Place & Finding => {
    const place = at(error.pos);
    const { column, ...finding } = yamlFinding(error.code, error.message, place);
    return { ...place, ...(column === undefined ? {} : { column }), ...finding };
  });
  const builder = new TreeBuilder(document, text);
  const tree = builder.build(document.contents, [0, 0]);
  const endless = expandedSize(tree) > mostValues;
  const found: Trap[] = endless ? [...builder.traps, { range: tree.range, finding: explodes }] : builder.traps;

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

/** Makes the parser's nodes a tree; what only they can tell (repeated keys, circles) is among its traps. */
class TreeBuilder {
  readonly traps: Trap[] = [];
  readonly #document: Document;
  readonly #text: string;
  readonly #done = new Map<Node, Tree>();
  readonly #open = new Set<Node>();

  constructor(document: Document, text: string) {
    this.#document = document;
    this.#text = text;
  }

  /** @param around the place of what has none of its own, such as an absent value. */
  build(node: Node | null | undefined, around: Range): Tree {
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    if (!target) return nothing(around);
    const known = this.#done.get(target);
    if (known) return known;
    if (this.#open.has(target)) return this.#circle(rangeOf(node, around));
    this.#open.add(target);
    const tree = this.#convert(target, rangeOf(target, around));
    this.#open.delete(target);
    this.#done.set(target, tree);
    return tree;
  }

  #circle(range: Range): Tree {
    this.traps.push({ range, finding: circular });
    return nothing(range);
  }

  #convert(node: Node, range: Range): Tree {
    if (isMap<Node, Node | null>(node)) return { kind: 'mapping', entries: this.#entries(node.items, range), range };
    if (isSeq<Node>(node)) return { kind: 'sequence', items: node.items.map((item) => this.build(item, range)), range };
    if (!isScalar(node)) return nothing(range);
    const written = this.#text.slice(...range);
    return { kind: 'scalar', value: simpleValue(node.value), written, plain: node.type === 'PLAIN', range };
  }

  #entries(pairs: readonly Pair<Node, Node | null>[], around: Range): Mapping['entries'] {
    const entries = new Map<string, { key: Range; value: Tree }>();
    for (const { key, value } of pairs) {
      const range = rangeOf(key, around);
      const name = this.#keyName(key, range);
      const first = name === undefined ? undefined : entries.get(name);
      if (first) this.traps.push({ range, finding: repeated(name ?? '', this.#text, first.key) });
      else if (name !== undefined) entries.set(name, { key: range, value: this.build(value, range) });
    }
    return entries;
  }

  #keyName(key: Node, range: Range): string | undefined {
    if (isScalar(key)) return typeof key.value === 'string' ? key.value : this.#text.slice(...range);
    this.traps.push({ range, finding: keyExpected });
    return undefined;
  }
}

function nothing(range: Range): Tree {
  return { kind: 'scalar', value: null, written: '', plain: true, range };
}

function rangeOf(node: Node | null | undefined, around: Range): Range {
  return node?.range ? [node.range[0], node.range[1]] : around;
}

/** Bigints and dates, which no jobs file needs, count as nothing. */
function simpleValue(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
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
