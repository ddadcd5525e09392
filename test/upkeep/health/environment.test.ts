import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ownAccount } from '../../../src/job/account.ts';
import type { Revision } from '../../../src/store/registry.ts';
import { environmentsOf, wrapperVariables } from '../../../src/upkeep/health/environment.ts';
import { installJobs, jobOf, morning, newPath, newStore, settingsOf } from '../../store/rig.ts';
import { writeFile } from '../../temporary.ts';
import { verdict } from './rig.ts';

const account = ownAccount();
const world = { account, variables: { PATH: '/usr/bin:/bin' } };

suite('the environment of jobs', () => {
  test('is nothing to speak of where no job asks for any', () => {
    assert.deepEqual(environmentsOf([jobOf('backup')], world), []);
  });

  test('can be made of closed env-files and of what they hold', (t) => {
    const folder = newPath(t);
    mkdirSync(folder, { mode: 0o700 });
    const file = writeFile(folder, 'secrets.env', 'PASSWORD=hidden\n', 0o600);
    const job = jobOf('backup', { envFiles: [file], env: { URL: 'db://${PASSWORD}@db' } });
    assert.deepEqual(environmentsOf([job], world).map(verdict), [
      ['ok', 'what env: and env-file: of the jobs name is there'],
    ]);
  });

  test('cannot be made of an env-file that is gone or open: told once, with the jobs and the remedy', (t) => {
    const folder = newPath(t);
    mkdirSync(folder, { mode: 0o700 });
    const file = writeFile(folder, 'secrets.env', 'PASSWORD=hidden\n', 0o600);
    chmodSync(file, 0o644);
    const jobs = ['one', 'two'].map((name) => jobOf(name, { envFiles: [file] }));
    const [found, ...others] = environmentsOf(jobs, world);
    assert.match(found?.message ?? '', /has mode 0644: .*, so these do not start: shop\/one, shop\/two$/);
    assert.deepEqual([found?.remedy, others], [`chmod 600 ${file}`, []]);
    const gone = jobOf('three', { envFiles: [join(folder, 'gone.env')] });
    assert.match(environmentsOf([gone], world)[0]?.message ?? '', /no such file/);
  });

  test('lacks what only the shell of a person has', () => {
    const job = jobOf('backup', { env: { URL: 'db://${CRONWRIGHT_TEST_PASSWORD}@db' } });
    assert.match(environmentsOf([job], world)[0]?.message ?? '', /CRONWRIGHT_TEST_PASSWORD.* is not set/);
    const set = { ...world, variables: { ...world.variables, CRONWRIGHT_TEST_PASSWORD: 'known' } };
    assert.equal(environmentsOf([job], set)[0]?.state, 'ok');
  });
});

suite('the variables of the wrapper', () => {
  const revision = (target: string): Revision => {
    const about = { id: 1, project: 'shop' as never, file: '', createdAt: morning, createdBy: 'ann' };
    return { ...about, settings: settingsOf({ target }) };
  };

  test('are those of this process where no cron reads the table', async (t) => {
    const store = newStore(t);
    const table = join(store.directory, '../table');
    writeFileSync(table, 'A=1\n');
    installJobs(store, [jobOf('backup')]);
    assert.equal(await wrapperVariables(store, revision(`file:${table}`), world), world.variables);
  });
});
