import { readFlock } from './flock.ts';
import type { DraftCommand, Offer } from './imported.ts';
import { isSimple, plainWords } from './shell-words.ts';
import { readTimeout } from './timeout.ts';
import type { WrapperFound } from './wrapper-call.ts';

/** The parts of an entry that offers are made from. */
export interface Wrapped {
  readonly text: string;
  readonly shell: string;
  /** Files that more entries than this one lock: what they share, a job of its own cannot say. */
  readonly sharedLocks: ReadonlySet<string>;
  /** A text as the job says it. */
  commandOf(text: string): DraftCommand;
}

/** The wrappers around a command that settings can take the place of, the outermost first, up to one that they cannot. */
export function offersFor({ text, shell, sharedLocks, commandOf }: Wrapped): readonly Offer[] {
  const offers: Offer[] = [];
  for (let rest = text; ; ) {
    const found = wrapperOf(rest);
    if (found === undefined || offers.some(({ wrapper }) => wrapper === found.wrapper)) return offers;
    if (!isSimple(rest.slice(found.end)) || sharedLocks.has(found.lock ?? '')) return offers;
    const words = rest.slice(beginning(rest), found.end).trim();
    rest = without(rest, found, shell);
    offers.push({ wrapper: found.wrapper, found: words, settings: found.settings, command: commandOf(rest) });
  }
}

function wrapperOf(text: string): WrapperFound | undefined {
  const words = plainWords(text, beginning(text));
  const program = words[0]?.value.replace(/^(?:\/usr)?\/bin\//, '');
  if (program === 'flock') return readFlock(words);
  return program === 'timeout' ? readTimeout(words) : undefined;
}

const folderFirst = /^[ \t]*cd[ \t]+(?:'[^']*'|"[^"]*"|[^\s;&|'"])+[ \t]*&&[ \t]*/;
const variablesFirst = /^(?:[ \t]*[A-Za-z_]\w*=[\w./:@%+,-]*[ \t]+)*/;

/** Past `cd FOLDER &&`, and past variables that are set for the command alone. */
function beginning(text: string): number {
  const folder = folderFirst.exec(text)?.[0].length ?? 0;
  return folder + (variablesFirst.exec(text.slice(folder))?.[0].length ?? 0);
}

/** What a shell was told in one word stays one, unless it is all there is. */
function without(text: string, { end, inner }: WrapperFound, shell: string): string {
  const [before, behind] = [text.slice(0, beginning(text)), text.slice(end)];
  if (inner === undefined) return before + behind;
  if (before === '' && behind.trim() === '') return inner.value;
  return `${before}${shell} -c ${text.slice(inner.start, inner.end)}${behind}`;
}
