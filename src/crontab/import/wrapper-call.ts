import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Offer, OfferedSettings } from './imported.ts';
import type { ShellWord } from './shell-words.ts';
import { type Wrapper, wrappers } from './wrappers.ts';

/** A wrapper at the start of some words, and where what it starts begins. */
export interface WrapperFound {
  readonly wrapper: Offer['wrapper'];
  readonly settings: OfferedSettings;
  /** Of flock(1), the file. */
  readonly lock: string | undefined;
  /** The offset of the command; behind `-c`, of what follows the one word that holds it. */
  readonly end: number;
  /** The word behind `-c`. */
  readonly inner: ShellWord | undefined;
}

/** A call of a wrapper at the start of some words. */
export interface WrapperCall {
  /** Its options by their long names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The words behind its options: operands first, then the command. */
  readonly rest: readonly ShellWord[];
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Takes the options off a call as getopt(3) does, up to the first operand; undefined where one is not among those known. */
export function readCall(name: string, words: readonly ShellWord[], options: Options): WrapperCall | undefined {
  const count = countOptions(words.slice(1), wrappers.get(name) as Wrapper);
  const args = words.slice(1, 1 + count).map(({ value }) => value);
  try {
    return { options: parseArgs({ args, options, strict: true }).values, rest: words.slice(1 + count) };
  } catch {
    return undefined;
  }
}

function countOptions(words: readonly ShellWord[], { valued }: Wrapper): number {
  let index = 0;
  for (; words[index]?.value.startsWith('-'); index++) {
    if (words[index]?.value === '--') return index + 1;
    if (valued.includes(words[index]?.value ?? '')) index++;
  }
  return index;
}
