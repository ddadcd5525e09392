import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage, UserError } from '../errors.ts';
import { distrustOf } from './trusted-directory.ts';

/** What `${NAME}` may stand for. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, or `$${` for a literal `${`. A bare `$NAME` is left to the shell that may see it. */
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The names that `text` refers to as `${NAME}`, each once, in their order. */
export function referencedNames(text: string): readonly string[] {
  return [...new Set([...text.matchAll(reference)].flatMap((match) => match[1] ?? []))];
}

/**
 * `text` with each `${NAME}` replaced by its value; `$${` yields `${`.
 * @throws UserError naming the variable that is not set. The text itself is not repeated: it may be secret.
 */
export function expand(text: string, variables: Variables): string {
  return text.replace(reference, (_whole, name: string | undefined) => {
    if (name === undefined) return '${';
    const value = variables[name];
    if (value !== undefined) return value;
    throw new UserError(`\${${name}} is not set`, `set ${name} in an env-file: that the job or the file names`);
  });
}

const assignment = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;

/** A value without its surrounding quotes: literal in single ones, with `\n`, `\"` and `\\` in double ones. */
function unquote(value: string): string {
  const text = value.trim();
  if (text.length < 2 || text.at(0) !== text.at(-1)) return text;
  if (text.startsWith("'")) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\([n"\\])/g, (_all, char: string) => (char === 'n' ? '\n' : char));
}

/** What an env-file may hold. */
export interface EnvFileRules {
  /** Which names are refused; none, if not given. */
  readonly refuse?: (name: string) => boolean;
  /** The account beside root and one's own whose word it may be: that of the task. */
  readonly reader?: number;
}

/**
 * The variables of an env-file's text: `NAME=value` lines, blank lines and lines that begin with `#`.
 * @throws UserError naming the first line that is neither, or whose name is refused. The line's text is not repeated:
 * it may hold a secret.
 */
export function parseEnvFile(text: string, path: string, { refuse }: EnvFileRules = {}): Record<string, string> {
  const variables: Record<string, string> = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const match = assignment.exec(line.trimStart());
    if (match?.[1] === undefined) {
      throw new UserError(`${path}:${index + 1}: the line is not NAME=value`, 'write one NAME=value a line');
    }
    if (refuse?.(match[1])) throw refused(match[1], `${path}:${index + 1}`);
    variables[match[1]] = unquote(match[2] ?? '');
  }
  return variables;
}

function refused(name: string, place: string): UserError {
  const message = `${place}: ${name} can change what root executes, and the job has user:`;
  return new UserError(message, `remove the line, and set it within command:, as in env ${name}=… program`);
}

/**
 * Reads an env-file. It may hold passwords, so others must not be able to read or write it (mode 0600).
 * @throws UserError when it cannot be read, is open to others, or has a line that is no assignment or is refused.
 */
export function readEnvFile(path: string, rules: EnvFileRules = {}): Record<string, string> {
  let file: number | undefined;
  try {
    // A named pipe must not hold the wrapper until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > largest) throw new UserError(`${path} is no file of at most 1 MiB`);
    if ((stat.mode & 0o077) !== 0) {
      const found = (stat.mode & 0o777).toString(8).padStart(4, '0');
      throw new UserError(`${path} has mode ${found}: others can reach the secrets in it`, `chmod 600 ${path}`);
    }
    const why = distrust(path, stat.uid, rules.reader);
    if (why !== undefined)
      throw new UserError(`${path} is not taken: ${why}`, 'keep it where its owner alone can write');
    return parseEnvFile(readFileSync(file, 'utf8'), path, rules);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot read the env-file: ${errorMessage(error)}`, 'check env-file: in the jobs file');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const largest = 1024 * 1024;

/**
 * What belongs to the account of the task tells it nothing new, wherever the path led. Anything else must be one's own,
 * where nobody could have put a link to it: else an account has root read to it whatever root keeps in a file of this form.
 */
function distrust(path: string, owner: number, reader: number | undefined): string | undefined {
  const own = process.geteuid?.() ?? owner;
  if (owner === reader) return undefined;
  if (owner !== own && owner !== 0) return `it belongs to another account (uid ${owner})`;
  return own === 0 ? distrustOf(dirname(path), 0) : undefined;
}
