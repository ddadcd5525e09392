import { UserError } from '../errors.ts';
import { type BlockOwner, beginMarker, endMarker, type Marker, readMarker } from './marker.ts';

/** The lines of a table from one of our markers to the other. */
export interface Block {
  readonly owner: BlockOwner;
  /** Counted from 0: the line of the first marker, and the one behind the last marker. */
  readonly start: number;
  readonly end: number;
}

/** A table as text: lines that are not ours, and blocks that are. */
export interface TableText {
  /** Each with its line feed, as far as it has one; one character stands for one byte, so that no byte is lost. */
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
}

/**
 * Finds the blocks of a table.
 * @throws UserError when markers are unpaired, nested, repeated or damaged: what lies between them is then unknown.
 */
export function readTableText(table: Buffer): TableText {
  const lines = linesOf(table);
  const blocks: Block[] = [];
  let open: Opening | undefined;
  for (const [index, line] of lines.entries()) {
    const marker = readMarker(withoutLineFeed(line));
    if (marker === undefined) continue;
    const objection = objectionTo(marker, open, blocks);
    if (objection !== undefined) throw refusal(lines, index, objection);
    if (open !== undefined) blocks.push({ ...open, end: index + 1 });
    open = open === undefined && marker.kind === 'begin' ? { owner: marker.owner, start: index } : undefined;
  }
  if (open !== undefined) throw refusal(lines, open.start, 'begins a block that does not end');
  return { lines, blocks };
}

/** The lines of a table, each with its line feed as far as it has one; one character stands for one byte. */
export function linesOf(table: Buffer): readonly string[] {
  return table.toString('latin1').match(/[^\n]*\n|[^\n]+/g) ?? [];
}

type Opening = Pick<Block, 'owner' | 'start'>;

function objectionTo(marker: Marker, open: Opening | undefined, blocks: readonly Block[]): string | undefined {
  switch (marker.kind) {
    case 'damaged':
      return 'looks like a marker of cronwright and is none';
    case 'begin': {
      if (open !== undefined) return `begins a block inside the one that begins at line ${open.start + 1}`;
      const earlier = blocks.find((block) => block.owner === marker.owner);
      return earlier && `begins this block a second time; the first is at line ${earlier.start + 1}`;
    }
    case 'end':
      if (open === undefined) return 'ends a block that does not begin';
      return open.owner === marker.owner ? undefined : `does not end the block that begins at line ${open.start + 1}`;
  }
}

function refusal(lines: readonly string[], index: number, objection: string): UserError {
  const text = JSON.stringify(readable(withoutLineFeed(lines[index] ?? '')));
  const remedy = 'edit the table so that each block stands between one pair of lines such as';
  const pair = `"${beginMarker(undefined)} NAME" and "${endMarker(undefined)} NAME", or delete the block whole`;
  return new UserError(
    `line ${index + 1} of the table, ${text}, ${objection}`,
    `${remedy} ${pair}; cronwright sync writes it anew`,
  );
}

export function findBlock({ blocks }: TableText, owner: BlockOwner): Block | undefined {
  return blocks.find((block) => block.owner === owner);
}

/** The lines between a block's markers, without line feeds; undefined where the table has no such block. */
export function blockLines(text: TableText, owner: BlockOwner): readonly string[] | undefined {
  const block = findBlock(text, owner);
  return block && text.lines.slice(block.start + 1, block.end - 1).map(withoutLineFeed);
}

/**
 * The table with one block replaced where it stands, or added at the end; no lines, no block. No other byte changes, with
 * one exception: a last line without a line feed gets it before a block is added, or the two would become one line. It
 * stays when the block is removed.
 */
export function withBlock(text: TableText, owner: BlockOwner, content: readonly string[]): TableText {
  const block = findBlock(text, owner) ?? { owner, start: text.lines.length, end: text.lines.length };
  const inserted =
    content.length === 0 ? [] : [beginMarker(owner), ...content, endMarker(owner)].map((line) => `${line}\n`);
  const before = text.lines.slice(0, block.start);
  const lines = [...(inserted.length > 0 ? ended(before) : before), ...inserted, ...text.lines.slice(block.end)];
  return { lines, blocks: movedBlocks(text.blocks, block, inserted.length) };
}

function ended(lines: readonly string[]): readonly string[] {
  const last = lines.at(-1);
  return last === undefined || last.endsWith('\n') ? lines : [...lines.slice(0, -1), `${last}\n`];
}

/** The blocks after one of them has got another length. */
function movedBlocks(blocks: readonly Block[], changed: Block, length: number): readonly Block[] {
  const shift = length - (changed.end - changed.start);
  const moved = blocks
    .filter(({ owner }) => owner !== changed.owner)
    .map((block) =>
      block.start < changed.start ? block : { ...block, start: block.start + shift, end: block.end + shift },
    );
  return length === 0 ? moved : [...moved, { ...changed, end: changed.start + length }];
}

/** The bytes of a table. */
export function tableBytes({ lines }: TableText): Buffer {
  return Buffer.from(lines.join(''), 'latin1');
}

/** The lines outside every block, without line feeds, each with its number counted from 0. */
export function foreignLines({
  lines,
  blocks,
}: TableText): readonly { readonly index: number; readonly line: string }[] {
  const ours = new Set(blocks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));
  return lines.flatMap((line, index) => (ours.has(index) ? [] : [{ index, line: withoutLineFeed(line) }]));
}

/** A line as it is compared, and as people name it. */
export function withoutLineFeed(line: string): string {
  return line.endsWith('\n') ? line.slice(0, -1) : line;
}

/** Whether lines are the same in whatever order, which has no meaning to cron. */
export function hasSameLines(lines: readonly string[], others: readonly string[]): boolean {
  return lines.length === others.length && lines.toSorted().join('\n') === others.toSorted().join('\n');
}

/** A line of a table as a person reads it: UTF-8, with what is invalid replaced. */
export function readable(line: string): string {
  return Buffer.from(line, 'latin1').toString();
}
