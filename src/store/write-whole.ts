import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../errors.ts';
import { syncDirectory } from '../job/sync-directory.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/** The name of what is written beside a file, to take its place. A kill may leave it behind. */
const partSuffix = '.part';

/**
 * Puts a text in the place of a file, for its owner alone: a kill or a power loss leaves the old file or the new one.
 * @throws the system's error; the old file is as it was then.
 */
export function replaceFile(directory: string, path: string, text: string): void {
  const part = `${path}${partSuffix}`;
  try {
    writeNew(part, text);
    renameSync(part, path);
  } catch (error) {
    discard(part);
    throw error;
  }
  syncDirectory(directory);
}

function writeNew(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeFully(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Adds a text to a file, made as needed, for its owner alone. A kill may leave the beginning of the text.
 * @throws the system's error; the file is as it was then.
 */
export function appendToFile(path: string, text: string): void {
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  const { size } = fstatSync(file);
  try {
    writeFully(file, text);
    fdatasyncSync(file);
  } catch (error) {
    ftruncateSync(file, size);
    if (size === 0) discard(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** write(2) may take less than it is given, as on a disk that is about to be full. */
function writeFully(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Removes a file if it is there and can be removed. */
export function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
