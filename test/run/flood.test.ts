import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const mebibyte = 1024 * 1024;

test('A task that writes 200 MiB without a newline costs less than 16 MiB of memory', () => {
  const program = fileURLToPath(new URL('flood.ts', import.meta.url));
  const { grownKiB, stdout } = JSON.parse(execFileSync(process.execPath, [program, '200'], { encoding: 'utf8' }));
  assert.deepEqual(stdout, { bytes: 200 * mebibyte, omitted: 200 * mebibyte - 128 * 1024 });
  assert.ok(grownKiB < 16 * 1024, `the process grew by ${grownKiB} KiB`);
});
