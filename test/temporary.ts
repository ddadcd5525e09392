import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A directory of its own for one test file, gone when the file is done. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-test-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Writes a file and returns its path. */
export function writeFile(directory: string, name: string, content: string | Buffer, mode = 0o644): string {
  const path = join(directory, name);
  writeFileSync(path, content, { mode });
  return path;
}
