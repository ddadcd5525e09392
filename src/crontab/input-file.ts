import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Does `work` with a file that holds what a program is to read, and has no name any more. Of a pipe the program would take
 * for the whole what has come through when this process is killed, and for nothing what has not begun to.
 * @param work gets its descriptor, which is closed once it returns: what it has started keeps its own.
 * @throws the system's error where there is no room for it.
 */
export function withInputFile<T>(input: Buffer, work: (file: number) => T): T {
  const path = join(tmpdir(), `.cronwright-input-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  try {
    rmSync(path);
    // Each at its place, so that the reader, who shares the position, begins at the beginning.
    for (let at = 0; at < input.length; at += writeSync(file, input, at, input.length - at, at));
    return work(file);
  } finally {
    closeSync(file);
  }
}
