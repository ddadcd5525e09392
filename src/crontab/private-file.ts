import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives a program a table as a file that nobody else can read, gone when `work` is done. */
export async function inPrivateFile<T>(table: Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'cronwright-table-'));
  try {
    const path = join(directory, 'table');
    writeFileSync(path, table, { mode: 0o600 });
    return await work(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
