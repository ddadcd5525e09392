import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes the names in a directory outlast a power loss, where its file system can. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } catch {
    // What the caller wrote is there all the same.
  } finally {
    closeSync(directory);
  }
}
