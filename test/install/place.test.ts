import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { crons } from '../../src/crontab/cron/crons.ts';
import { exitStatus, UserError } from '../../src/errors.ts';
import { type AskedPlace, lockOf, placeOf, tableOf } from '../../src/install/place.ts';
import type { JobName } from '../../src/job/job.ts';
import { defaultStateDirectory } from '../../src/store/state.ts';
import { skipWithout } from '../schedule/requirement.ts';

const isRoot = userInfo().uid === 0;
const launcherPath = '/usr/local/bin/cronwright';
const asked = { project: 'shop' as JobName, launcherPath, state: '/srv/state', at: 1_700_000_000_000 };

function targetOf(change: Partial<AskedPlace>): string {
  const { target, table } = placeOf({ ...asked, ...change });
  assert.equal(table.label, target);
  return target;
}

function refusal(message: RegExp, exit: number = exitStatus.failed) {
  return (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.equal(error.exit, exit);
    return true;
  };
}

suite('the place of a project', () => {
  test('is where it is installed, the own crontab before, and another where one is named', () => {
    assert.equal(targetOf({}), 'user');
    assert.equal(targetOf({ installed: 'file:/srv/tab' }), 'file:/srv/tab');
    assert.equal(targetOf({ installed: 'file:/srv/tab', target: 'user' }), 'user');
    assert.equal(targetOf({ target: 'file:/srv/other/../tab' }), 'file:/srv/tab');
  });

  test('has the launcher, the clock and the cron of its lines', () => {
    const { launcher, host } = placeOf({ ...asked, cron: crons.busybox });
    assert.deepEqual(launcher, { path: launcherPath, state: '/srv/state' });
    assert.deepEqual([host.at, host.cron], [asked.at, crons.busybox]);
  });

  test('may be a file of its own in /etc/cron.d, where lines are root’s', { skip: skipWithout(isRoot, 'root') }, () => {
    const { target, table, launcher } = placeOf({ ...asked, target: 'cron.d' });
    assert.deepEqual([target, table.system], ['cron.d:cronwright-shop', true]);
    assert.deepEqual(launcher, { path: launcherPath, state: '/srv/state', user: 'root' });
    assert.equal(targetOf({ installed: target }), target);
  });

  test('is never the file of another project there', () => {
    const message = /^the project shop cannot be installed into the file of another, cron\.d:cronwright-mail$/;
    assert.throws(() => placeOf({ ...asked, target: 'cron.d:cronwright-mail' }), refusal(message));
  });

  test('takes root in /etc/cron.d', { skip: skipWithout(isRoot, 'root') }, () => {
    const module = pathToFileURL(`${import.meta.dirname}/../../src/install/place.ts`).href;
    const call = `placeOf(${JSON.stringify({ ...asked, target: 'cron.d' })})`;
    const code = `import { placeOf } from ${JSON.stringify(module)}; process.setuid(65534);
      try { ${call} } catch ({ message, exit }) { console.log(message, exit) }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    assert.equal(stdout, 'it takes root to install into a file in /etc/cron.d 3\n');
  });

  test('is not the crontab of somebody as whom nobody acts', () => {
    const message = /^it takes root to install into the crontab of ann$/;
    assert.throws(() => placeOf({ ...asked, target: 'user:ann' }), refusal(message, exitStatus.denied));
  });
});

suite('the table of a label', () => {
  test('is of every kind that is written or read', () => {
    const labels = ['user', 'user:ann', 'cron.d:cronwright-shop', 'file:/srv/tab', '/etc/crontab', '/etc/cron.d/php'];
    const tables = labels.map(tableOf);
    assert.deepEqual(
      tables.map(({ label }) => label),
      labels,
    );
    assert.deepEqual(
      tables.map(({ system }) => system),
      [false, false, true, false, true, true],
    );
  });

  test('is none for other words', () => {
    for (const label of ['', 'cron.d', 'ann']) assert.throws(() => tableOf(label), refusal(/^found the target/));
  });
});

suite('the lock of a table', () => {
  const environment = { HOME: '/home/ann' };

  test('is the same whatever the state directory, but for a file', () => {
    const usual = defaultStateDirectory(environment);
    for (const target of ['user', 'cron.d:cronwright-shop', '/etc/crontab'])
      assert.equal(lockOf(target, '/srv/state', environment).directory, usual);
    assert.equal(lockOf('file:/srv/tab', '/srv/state', environment).directory, '/srv/state');
  });

  test('is one for each table, under a name that can be a file’s', () => {
    const names = ['user', 'file:/srv/a', 'file:/srv/b'].map((target) => lockOf(target, '/srv', environment).name);
    assert.equal(new Set(names).size, 3);
    for (const name of names) assert.match(name, /^table-[0-9a-f]{16}$/);
  });
});
