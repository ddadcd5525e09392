import assert from 'node:assert/strict';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { it } from 'node:test';
import { build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** What is loaded only once there is something to tell, a start was missed although cron runs, or a table has changed. */
const later = ['src/notify/mail.ts', 'src/upkeep/missed/table-evidence.ts', 'src/upkeep/drift/table-drift.ts'];

async function imports(entry: string): Promise<Metafile['inputs']> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: join(root, 'dist'),
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
  });
  return metafile.inputs;
}

/** Every package on the way from a file, each with the file that imports it. */
function packages(inputs: Metafile['inputs'], entry: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = new Set([entry]);
  for (const file of files) {
    for (const { path, external } of inputs[file]?.imports ?? []) {
      if (external !== true && !later.includes(path)) files.add(path);
      if (external === true && !builtinModules.includes(path.replace('node:', ''))) found.set(path, file);
    }
  }
  return found;
}

for (const entry of ['src/wrapper.ts', 'src/tick.ts']) {
  it(`loads no library but better-sqlite3 for ${entry}, until there is something to tell`, async () => {
    assert.deepEqual([...packages(await imports(entry), entry)], [['better-sqlite3', 'src/store/sqlite.ts']]);
  });
}
