import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNewFile } from '../../src/job/new-file.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();
const { uid, gid } = userInfo();

function modeOf(path: string): number {
  return statSync(path).mode & 0o7777;
}

test('A new file has the mode that is asked for, less what the umask takes', (t) => {
  const before = process.umask(0o027);
  t.after(() => process.umask(before));
  const path = join(directory, 'own');
  writeNewFile(path, 'jobs:\n', { mode: 0o644 });
  assert.deepEqual([readFileSync(path, 'utf8'), modeOf(path)], ['jobs:\n', 0o640]);
});

test('A new file has the mode of another one whatever the umask, and its owner', (t) => {
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  const path = join(directory, 'given');
  writeNewFile(path, Buffer.from('x'), { uid, gid, mode: 0o100664 });
  assert.equal(modeOf(path), 0o664);
});

test('A new file becomes that of another account', { skip: skipWithout(uid === 0, 'root') }, () => {
  const path = join(directory, 'theirs');
  writeNewFile(path, 'x', { uid: 65_534, gid: 65_533, mode: 0o640 });
  const stats = statSync(path);
  assert.deepEqual([stats.uid, stats.gid, modeOf(path)], [65_534, 65_533, 0o640]);
});

test('A file that is there already is not written', () => {
  const path = writeFile(directory, 'old', 'old');
  assert.throws(() => writeNewFile(path, 'new', { mode: 0o600 }), { code: 'EEXIST' });
  assert.equal(readFileSync(path, 'utf8'), 'old');
});
