import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { withLock } from '../../src/store/store.ts';
import { companion, newPath, race } from './rig.ts';

suite('a lock', () => {
  test('lets one process at a time do its work', async (t) => {
    const directory = newPath(t);
    mkdirSync(directory, { mode: 0o700 });
    const file = join(directory, 'number');
    writeFileSync(file, '0');
    await race(t, 4, 'counts-under-lock', [directory, file]);
    assert.equal(readFileSync(file, 'utf8'), '40');
  });

  test('is refused with a word for people while another process keeps it, and free after kill -9', async (t) => {
    const directory = newPath(t);
    const other = companion(t, 'holds-lock', directory);
    assert.equal(await other.line(), 'holding');
    const mine = () => withLock({ directory, name: 'table', patience: 1 }, async () => 'mine');
    await assert.rejects(mine, { name: 'UserError', message: /another cronwright is doing the same/, hint: /fuser/ });
    assert.equal(await withLock({ directory, name: 'other-table', patience: 1 }, async () => 'free'), 'free');
    other.child.kill('SIGKILL');
    await once(other.child, 'exit');
    assert.equal(await mine(), 'mine');
  });

  test('is free again when the work fails, and hands the failure on', async (t) => {
    const directory = newPath(t);
    const lock = { directory, name: 'table', patience: 1 };
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error('of the work'))),
      { message: 'of the work' },
    );
    assert.equal(await withLock(lock, async () => 7), 7);
    assert.equal(statSync(join(directory, 'table.lock')).mode & 0o777, 0o600);
  });
});
