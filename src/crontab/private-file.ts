import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownRights, type Rights } from './rights.ts';

/**
 * Gives a program a table as a file that nobody else can read, gone when `work` is done.
 * @param rights those with which the program reads it: where others could put a link in its place, it would read what they
 * may not.
 */
export async function inPrivateFile<T>(
  table: Buffer,
  work: (path: string) => Promise<T>,
  rights: Rights = ownRights,
): Promise<T> {
  const directory = rights(() => mkdtempSync(join(tmpdir(), 'cronwright-table-')));
  try {
    const path = join(directory, 'table');
    rights(() => writeFileSync(path, table, { mode: 0o600 }));
    return await work(path);
  } finally {
    rights(() => rmSync(directory, { recursive: true, force: true }));
  }
}
