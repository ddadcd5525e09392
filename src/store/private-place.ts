import type { Stats } from 'node:fs';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';

/**
 * What became of looking at a directory, or of making it. A private one belongs to this account and is open to nobody
 * else; its path is without symbolic links.
 */
export type Look =
  | { readonly kind: 'private'; readonly path: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string };

const others = 0o077;
const writableByOthers = 0o022;
const sticky = 0o1000;

/**
 * Whether nobody else has access to a directory or could put another in its place. For root that holds of every
 * directory above it too, as sshd has it for the files it trusts: writable by root alone, or sticky, where others cannot
 * move what is not theirs.
 */
export function lookAt(path: string): Look {
  try {
    // The parent's links are followed once and for all; the last name must be no link itself.
    const slash = path.lastIndexOf('/');
    const real = `${realpathSync.native(path.slice(0, slash) || '/')}${path.slice(slash)}`;
    const reason = flaw(real, lstatSync(real)) ?? flawAbove(real);
    return reason === undefined ? { kind: 'private', path: real } : { kind: 'unusable', reason };
  } catch (error) {
    return refused(error);
  }
}

/** Makes a directory of this account alone, unless it is there. Its parent must be there. */
export function makePrivate(path: string): Look {
  const found = lookAt(path);
  if (found.kind !== 'absent') return found;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return refused(error);
  }
  return lookAt(path);
}

/** The answer that stands for a failed system call. Any other error is a bug and is thrown on. */
function refused(error: unknown): Look {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unusable', reason: errorMessage(error) };
}

function flaw(path: string, stats: Stats): string | undefined {
  if (!stats.isDirectory()) return `${path} is no directory`;
  if (stats.uid !== process.geteuid?.()) return `${path} belongs to another user (id ${stats.uid})`;
  return (stats.mode & others) === 0 ? undefined : `${path} is open to other users`;
}

function flawAbove(path: string): string | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  for (let above = dirname(path); ; above = dirname(above)) {
    const { uid, mode } = lstatSync(above);
    if (uid !== 0) return `${above}, above ${path}, belongs to another user (id ${uid})`;
    if ((mode & writableByOthers) !== 0 && (mode & sticky) === 0) {
      return `${above}, above ${path}, may be changed by other users`;
    }
    if (above === dirname(above)) return undefined;
  }
}

/** The text of a file that nobody but this account can have written; undefined where there is none. */
export function readOwn(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    const own = stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & writableByOthers) === 0;
    return own ? readFileSync(file, 'utf8') : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The names in a directory; none where it cannot be read. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}
