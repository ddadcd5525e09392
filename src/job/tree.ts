/** Offsets into the text: the first character, and the one behind the last. */
export type Range = readonly [start: number, end: number];

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it stands in the text, quotes included. */
  readonly written: string;
  /** Written without quotes, so that YAML itself chose its type. */
  readonly plain: boolean;
  readonly range: Range;
}

export interface Mapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, { readonly key: Range; readonly value: Tree }>;
  readonly range: Range;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Tree[];
  readonly range: Range;
}

/** A YAML document with its places. What an alias repeats is the same object again, so a tree is never larger than its text. */
export type Tree = Scalar | Mapping | Sequence;

/** Where in a document: mapping keys and list indexes from the root. */
export type Path = readonly (string | number)[];

export function children(tree: Tree): readonly Tree[] {
  if (tree.kind === 'scalar') return [];
  return tree.kind === 'sequence' ? tree.items : [...tree.entries.values()].map((entry) => entry.value);
}

/** The entry at a path, or the last one on the way that exists: its value, and its key where it has one. */
export function follow(tree: Tree, path: Path): { readonly key: Range | undefined; readonly value: Tree } {
  let found: { readonly key: Range | undefined; readonly value: Tree } = { key: undefined, value: tree };
  for (const step of path) {
    const next = child(found.value, step);
    if (next === undefined) break;
    found = { key: next.key ?? found.key, value: next.value };
  }
  return found;
}

function child(tree: Tree, step: string | number): { key: Range | undefined; value: Tree } | undefined {
  if (tree.kind === 'mapping') return tree.entries.get(String(step));
  const item = tree.kind === 'sequence' ? tree.items[Number(step)] : undefined;
  return item && { key: undefined, value: item };
}

/**
 * The same as plain data: mappings without a prototype (a key `__proto__` is a key), lists, scalars. What the tree
 * shares, the data shares.
 */
export function plainData(tree: Tree, done = new Map<Tree, unknown>()): unknown {
  if (tree.kind === 'scalar') return tree.value;
  const known = done.get(tree);
  if (known !== undefined) return known;
  const data = tree.kind === 'sequence' ? tree.items.map((item) => plainData(item, done)) : record(tree, done);
  done.set(tree, data);
  return data;
}

function record(mapping: Mapping, done: Map<Tree, unknown>): Record<string, unknown> {
  const data: Record<string, unknown> = Object.create(null);
  for (const [key, { value }] of mapping.entries) data[key] = plainData(value, done);
  return data;
}

/** How many values a reader meets who follows every alias; it grows exponentially where aliases are nested. */
export function expandedSize(tree: Tree, done = new Map<Tree, number>()): number {
  const known = done.get(tree);
  if (known !== undefined) return known;
  let size = 1;
  for (const value of children(tree)) size += expandedSize(value, done);
  done.set(tree, size);
  return size;
}
