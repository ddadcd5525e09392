import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';

/**
 * Does `work` with a file that holds what a program is to read, and has no name any more. Of a pipe the program would take
 * for the whole what has come through when this process is killed, and for nothing what has not begun to.
 * @param work gets its descriptor, which is closed once it returns: what it has started keeps its own.
 * @throws the system's error where there is no room for it.
 */
export function withInputFile<T>(input: Buffer, work: (file: number) => T): T {
  const file = openNameless(tmpdir());
  try {
    // Each at its place, so that the reader, who shares the position, begins at the beginning.
    for (let at = 0; at < input.length; at += writeSync(file, input, at, input.length - at, at));
    return work(file);
  } finally {
    closeSync(file);
  }
}

/** open(2), the same on x64 and arm64; Node.js has no name for it. */
const temporaryFlag = 0o20000000;

function openNameless(folder: string): number {
  try {
    return openSync(folder, temporaryFlag | constants.O_DIRECTORY | constants.O_RDWR, 0o600);
  } catch (error) {
    // Not every file system has files without a name.
    if (!['EOPNOTSUPP', 'EISDIR', 'EINVAL'].includes(errorCode(error) ?? '')) throw error;
    return openUnnamed(join(folder, `.cronwright-input-${randomUUID()}`));
  }
}

function openUnnamed(path: string): number {
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return file;
}
