/** A word of a command, where no expansion can change it. */
export interface ShellWord {
  /** Without its quotes. */
  readonly value: string;
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** A piece of a plain word: bare, in single quotes, in double quotes without expansions, or one escaped character. */
const piece = /([^\s'"\\$`;&|<>()*?[\]{}~#!]|(?<=\S)[~#!])|'([^']*)'|"([^"\\$`!]*)"|\\([^\n])/y;

/** The word of a command at an offset, past blanks; undefined where there is none, or none that is plain. */
export function wordAt(text: string, offset: number): ShellWord | undefined {
  const start = offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0);
  let value = '';
  let end = start;
  for (;;) {
    piece.lastIndex = end;
    const match = piece.exec(text);
    if (match === null) break;
    value += match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    end = piece.lastIndex;
  }
  const next = text.at(end);
  if (end === start || !(next === undefined || /[\s;&|<>)]/.test(next))) return undefined;
  return { value, start, end };
}

/** The plain words of a command from an offset on, as far as they go. */
export function plainWords(text: string, offset: number): readonly ShellWord[] {
  const words: ShellWord[] = [];
  for (let word = wordAt(text, offset); word !== undefined; word = wordAt(text, word.end)) words.push(word);
  return words;
}

/** Quoted pieces of a command, each whole; what is left between them is seen by the shell. */
const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"|\\./gs;

/** Whether a text is one simple command, perhaps with redirections: nothing in it starts or joins another one. */
export function isSimple(text: string): boolean {
  const bare = text.replace(quoted, 'x').replace(/\d*[<>]&\d*-?|&>>?|>\|/g, ' ');
  return !/[;&|()`\n'"]|(?:^|\s)[{}!](?:\s|$)|\$\(/.test(bare);
}
