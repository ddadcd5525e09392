import assert from 'node:assert/strict';
import { chmodSync, chownSync, linkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { CronName } from '../../../src/crontab/cron/cron.ts';
import { ownAccount } from '../../../src/job/account.ts';
import { spoolFile } from '../../../src/upkeep/health/spool.ts';
import { skipWithout } from '../../schedule/requirement.ts';
import { isRoot, newRoot } from './rig.ts';

const account = { user: 'ann', uid: ownAccount().uid };

function spoolOf(t: TestContext, folder = '/var/spool/cron/crontabs') {
  const root = newRoot(t, { [`${folder}/ann`]: '* * * * * true\n' });
  const [path, directory] = [join(root, folder, 'ann'), join(root, folder)];
  const look = (cron: CronName = 'debian') => spoolFile({ account, cron, root });
  return { path, directory, look };
}

suite('the table in the spool', () => {
  test('is taken as crontab(1) leaves it', (t) => {
    const { look } = spoolOf(t);
    assert.equal(look()?.state, 'ok');
  });

  test('is nothing to speak of where it is not there', (t) => {
    const { look, path } = spoolOf(t);
    rmSync(path);
    assert.equal(look(), undefined);
  });

  test('must have the one mode that Debian’s cron takes, while cronie minds only what others may do', (t) => {
    const debian = spoolOf(t);
    chmodSync(debian.path, 0o640);
    assert.match(debian.look()?.message ?? '', /cron does not take the table .*: its mode is 0640/);
    assert.match(debian.look()?.remedy ?? '', /^as root: chmod 600 /);
    const cronie = spoolOf(t, '/var/spool/cron');
    chmodSync(cronie.path, 0o644);
    assert.equal(cronie.look('cronie')?.state, 'ok');
    chmodSync(cronie.path, 0o660);
    assert.equal(cronie.look('cronie')?.state, 'problem');
  });

  test('must have one name', (t) => {
    const { look, path } = spoolOf(t);
    linkSync(path, `${path}.bak`);
    assert.match(look()?.message ?? '', /it has 2 names/);
    assert.equal(look('busybox')?.state === 'problem', !isRoot, 'BusyBox counts no names, and wants root’s files');
  });

  test('must be a file', (t) => {
    const { look, path } = spoolOf(t);
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    assert.match(look()?.message ?? '', /it is no file/);
  });

  test('must not be another account’s', { skip: skipWithout(isRoot, 'root') }, (t) => {
    const { look, path } = spoolOf(t);
    chownSync(path, 4_711, 0);
    assert.match(look()?.message ?? '', /belongs to another account \(uid 4711\)/);
    assert.match(look()?.remedy ?? '', /chown ann /);
  });

  test('is not safe in a folder that everybody may write to', (t) => {
    const { look, directory } = spoolOf(t);
    chmodSync(directory, 0o1777);
    assert.match(look()?.message ?? '', /everybody can put a table into .* \(mode 1777\)/);
    chmodSync(directory, 0o1730);
    assert.equal(look()?.state, 'ok');
  });
});
