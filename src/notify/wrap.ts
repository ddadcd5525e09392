/**
 * Characters that take two columns of a terminal, near enough to Unicode's East Asian Width. A function, for the same
 * reason as in printable.ts.
 */
const wide = () =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
/** Characters that take none. */
const narrow = () => /[\p{M}\u200C\u200D]/u;

/** How many columns a terminal needs for a text without control characters. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

function columnsOfOne(character: string): number {
  if (character <= '~') return 1;
  if (narrow().test(character)) return 0;
  return wide().test(character) ? 2 : 1;
}

/** A line as pieces of at most `width` columns, cut wherever the width ends: nothing of it is changed or left out. */
export function cut(line: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let room = width;
  for (const character of line) {
    const columns = columnsOfOne(character);
    if (columns > room) {
      pieces.push(piece);
      piece = '';
      room = width;
    }
    piece += character;
    room -= columns;
  }
  return [...pieces, piece];
}

/** A text as lines of at most `width` columns, broken between words, and within a word that is too long for a line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cut(word, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** A text of at most `width` characters, ending in three dots where something was left out. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 3).join('')}...`;
}
