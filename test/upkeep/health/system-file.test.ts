import assert from 'node:assert/strict';
import { chmodSync, chownSync, linkSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { systemFile } from '../../../src/upkeep/health/system-file.ts';
import { skipWithout } from '../../schedule/requirement.ts';
import { isRoot, newRoot, verdict } from './rig.ts';

const name = 'cronwright-shop';

function systemTable(t: TestContext) {
  const root = newRoot(t, { [`/etc/cron.d/${name}`]: '* * * * * root true\n' });
  const folder = join(root, 'etc/cron.d');
  const path = join(folder, name);
  chmodSync(path, 0o644);
  return { root, folder, path, look: (cron = crons.debian) => systemFile(name, cron, root) };
}

suite('a file of /etc/cron.d', () => {
  test('is missed where it is not there', (t) => {
    const root = newRoot(t);
    assert.deepEqual(verdict(systemFile(name, crons.debian, root)), [
      'problem',
      `there is no ${root}/etc/cron.d/${name}`,
    ]);
  });

  test('is read by no cron that does not look there', (t) => {
    const { look } = systemTable(t);
    const { message, remedy } = look(crons.busybox);
    assert.match(message, /^BusyBox crond does not look into \/etc\/cron\.d/);
    assert.equal(remedy, 'cronwright sync --target user');
  });

  suite('of root', { skip: skipWithout(isRoot, 'root') }, () => {
    test('is taken as sync leaves it', (t) => {
      const { look, path } = systemTable(t);
      assert.deepEqual(verdict(look()), ['ok', `cron takes ${path} as it is`]);
    });

    test('is not taken where others own it, may write to it, or have another name for it', (t) => {
      const owned = systemTable(t);
      chownSync(owned.path, 4_711, 0);
      assert.match(owned.look().message, /belongs to another account \(uid 4711\)/);
      const open = systemTable(t);
      chmodSync(open.path, 0o664);
      assert.match(open.look().message, /others may write to it \(mode 0664\)/);
      const linked = systemTable(t);
      linkSync(linked.path, `${linked.path}.bak`);
      assert.match(linked.look().message, /it has 2 names/);
      const link = systemTable(t);
      renameSync(link.path, `${link.path}.moved`);
      symlinkSync(`${link.path}.moved`, link.path);
      assert.match(link.look().message, /it is no file/);
    });

    test('is not safe in a folder that others may write to', (t) => {
      const { look, folder } = systemTable(t);
      chmodSync(folder, 0o777);
      assert.match(look().message, /others than root can put tables into/);
    });
  });
});
