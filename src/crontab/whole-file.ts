import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import { type Standing, writeNewFile } from '../job/new-file.ts';
import { syncDirectory } from '../job/sync-directory.ts';

/** More than any cron takes, and than a file that others fill may have of our memory. */
const largest = 16 * 1024 * 1024;

/** A file as it was read. */
export interface WholeFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/**
 * The file of a table; undefined where there is none. Its directory must be there, so that a slip in the path is no empty
 * table.
 * @throws UserError for a symbolic link, and for anything that is no regular file.
 */
export function readWhole(path: string): WholeFile | undefined {
  let file: number | undefined;
  try {
    // Without waiting for the other end of a pipe, which is refused below.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UserError(`cannot use ${path} as a table: it is not a regular file`);
    if (stats.size > largest) throw new UserError(`cannot use ${path} as a table: it is larger than 16 MiB`);
    return { bytes: readFileSync(file), stats };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && isDirectory(dirname(path))) return undefined;
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function unreadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = errorCode(error);
  if (code === 'ENOENT') {
    return new UserError(`cannot read the table ${path}: there is no directory ${dirname(path)}`, 'make it first');
  }
  if (code !== 'ELOOP') return new UserError(`cannot read the table: ${errorMessage(error)}`);
  return new UserError(
    `cannot use ${path} as a table: it is a symbolic link`,
    'put a file in its place, or name the one that it leads to',
  );
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Puts a file in the place of another at once, and on the disk before: a crash leaves the one or the other.
 * @param standing whose it is to be; the caller's, with mode 0600, where it is not given.
 * @throws UserError when that fails; the old file is as it was then.
 */
export function replaceWhole(path: string, bytes: Buffer, standing: Standing | undefined): void {
  // No cron reads a file whose name begins with a dot, should this be its spool.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    writeNewFile(temporary, bytes, standing ?? { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw notWritten(error);
  }
  sweep(path);
  syncDirectory(dirname(path));
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Milliseconds; a file that is younger may be on its way to its place. */
const longestWrite = 60_000;

/** Removes what writes of the same file have left that were killed. */
function sweep(path: string): void {
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  try {
    const now = lstatSync(path).mtimeMs;
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(start) || !uuid.test(name.slice(start.length))) continue;
      if (lstatSync(join(folder, name)).mtimeMs < now - longestWrite) discard(join(folder, name));
    }
  } catch {
    // Somebody else was quicker, or the folder may not be listed: what is written is written.
  }
}

/** Removes a file, for good where the disk keeps its word. Throws as {@link replaceWhole} does. */
export function removeWhole(path: string): void {
  try {
    rmSync(path);
  } catch (error) {
    throw notWritten(error);
  }
  syncDirectory(dirname(path));
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Why it could not be written is what is told.
  }
}

function notWritten(error: unknown): UserError {
  const hint =
    errorCode(error) === 'EACCES' ? 'the table is as it was; root may write there' : 'the table is as it was';
  return new UserError(`cannot write the table: ${errorMessage(error)}`, hint);
}
