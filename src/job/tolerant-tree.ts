import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import type { Finding } from './problem.ts';
import type { Trap } from './traps.ts';
import type { Mapping, Range, Tree } from './tree.ts';

/** An objection of the parser: its code and message, and the characters it names. */
export interface Objection {
  readonly code: string;
  readonly message: string;
  readonly range: Range;
}

/** A text read as far as it goes, with everything that was wrong on the way. */
export interface TolerantTree {
  readonly tree: Tree;
  readonly objections: readonly Objection[];
  /** What is valid YAML and not wanted: repeated keys, keys that are no words, circles. */
  readonly traps: readonly Trap[];
}

/** Reads a YAML text whatever it holds. */
export function tolerantTree(text: string): TolerantTree {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  const builder = new TreeBuilder(document, text);
  const tree = builder.build(document.contents, [0, 0]);
  const objections = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    return { code, message, range: [pos[0], pos[1]] as const };
  });
  return { tree, objections, traps: builder.traps };
}

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
