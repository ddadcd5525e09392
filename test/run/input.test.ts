import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { fixture, lacking } from './rig.ts';
import { finish, program, refused, shell } from './start.ts';

const directory = temporaryDirectory();

test('A task reads the text that it is given, whatever its length', async () => {
  for (const length of [0, 1, 200_000]) {
    const text = 'zwölf\n'.repeat(length);
    const { stdout } = await finish({ ...program(fixture('reads-stdin')), stdin: { kind: 'text', text } });
    assert.equal(stdout.trim(), String(7 * length));
  }
});

test('A task need not read the text that it is given', async () => {
  const stdin = { kind: 'text', text: 'x'.repeat(1_000_000) } as const;
  assert.equal((await finish({ ...program('true'), stdin })).status, 0);
  assert.equal((await finish({ ...shell('head -c 3; exec <&-; sleep 0'), stdin })).stdout, 'xxx');
});

test('A task reads the file that it is given, and the text, also by name', async () => {
  const path = writeFile(directory, 'input', 'from a file\n');
  for (const stdin of [{ kind: 'file', path } as const, { kind: 'text', text: 'from a file\n' } as const]) {
    assert.equal((await finish({ ...program('cat'), stdin })).stdout, 'from a file\n');
    assert.equal((await finish({ ...program('cat', '/dev/stdin'), stdin })).stdout, 'from a file\n');
  }
});

test('A device is a standard input too', async () => {
  const stdin = { kind: 'file', path: '/dev/zero' } as const;
  assert.equal((await finish({ ...program('head', '-c', '3'), stdin })).stdout, '\0\0\0');
});

const asRoot = { skip: process.getuid?.() === 0 ? lacking('setpriv') : 'only root can run a task as another user' };

test('A task that changes its user can still read its text by name', asRoot, async () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
  const stdin = { kind: 'text', text: 'secret' } as const;
  const mask = process.umask(0o077);
  const { stdout } = await finish({ ...program('setpriv', ...nobody, 'cat', '/dev/stdin'), stdin });
  process.umask(mask);
  assert.equal(stdout, 'secret');
});

const fifo = join(directory, 'fifo');
execFileSync('mkfifo', [fifo]);
const refusals = [
  [join(directory, 'absent'), 'does not exist'],
  [directory, 'is a directory'],
  [fifo, 'is not a file'],
  ['/etc/passwd/file', 'cannot be read (ENOTDIR)'],
] as const;
for (const [path, problem] of refusals) {
  test(`A standard input that ${problem} keeps the task from starting, and is named`, async () => {
    assert.deepEqual(await refused({ ...program('true'), stdin: { kind: 'file', path } }), {
      kind: 'not-started',
      cause: 'other',
      message: `its standard input ${path} ${problem}`,
    });
  });
}
