import { stripVTControlCharacters } from 'node:util';

/** A cell: its plain text, and how it is painted once its width is settled. */
export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

const gap = '  ';

/** A column never shrinks below so many characters. */
const narrowest = 8;

/**
 * Rows as aligned columns that fit the width. Where they do not, the widest columns give way, their texts ending in an
 * ellipsis.
 * @param giving the numbers of the columns that give way first, because the others say nothing when they are cut.
 */
export function columns(rows: readonly (readonly Cell[])[], width: number, giving: readonly number[] = []): string {
  const wanted = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => length(row[i]?.text ?? ''))));
  const room = width - gap.length * (wanted.length - 1);
  const widths = shrink(shrink(wanted, room, giving), room, [...wanted.keys()]);
  return rows.map((row) => line(row, widths)).join('\n');
}

function line(row: readonly Cell[], widths: readonly number[]): string {
  const cells = row.map(({ text, paint }, i) => {
    const room = widths[i] ?? 0;
    const cut = clip(text, room);
    const pad = i === row.length - 1 ? '' : ' '.repeat(Math.max(0, room - length(cut)));
    return (paint ? paint(cut) : cut) + pad;
  });
  return cells.join(gap).trimEnd();
}

function shrink(wanted: readonly number[], room: number, giving: readonly number[]): readonly number[] {
  const widths = [...wanted];
  const widthOf = (column: number): number => widths[column] ?? 0;
  for (let over = sum(widths) - room; over > 0; over = sum(widths) - room) {
    const [widest, second] = [...giving].sort((a, b) => widthOf(b) - widthOf(a));
    if (widest === undefined || widthOf(widest) <= narrowest) break;
    const next = second === undefined ? narrowest : widthOf(second);
    widths[widest] = Math.max(narrowest, widthOf(widest) - over, Math.min(next, widthOf(widest) - 1));
  }
  return widths;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function length(text: string): number {
  return [...text].length;
}

/** A text of at most `room` characters. */
export function clip(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join('')}…`;
}

/** A paragraph broken at blanks into lines of at most `width` characters, each behind `indent`. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (length(indent + longer) > width && current !== '') {
      lines.push(indent + current);
      current = word;
    } else current = longer;
  }
  return [...lines, indent + current].join('\n');
}

/** A text that cannot move the cursor or change the terminal: control characters become `\xNN`, but tabs and line feeds. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
