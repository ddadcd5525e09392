import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { environmentUnderCron, variablesAbove } from '../../src/install/cron-environment.ts';
import type { JobName } from '../../src/job/job.ts';
import { install } from '../../src/store/registry.ts';
import { jobOf, morning, newPath, newStore, projectOf, settingsOf } from '../store/rig.ts';

const shop = 'shop' as JobName;
const ann = { user: 'ann', uid: 1234, gid: 1234, home: '/home/ann', shell: '/bin/bash' };
const block = '# BEGIN cronwright shop\n0 9 * * * /usr/bin/cronwright run --scheduled shop/a\n# END cronwright shop\n';

suite('the environment of cron', () => {
  test('is what crontab(5) promises, with what stands above the block, and not below it', async (t) => {
    const store = newStore(t);
    const table = join(newPath(t), '../table');
    writeFileSync(table, `PATH=/opt/bin:/bin\nLOGNAME=root\nHOME="/srv"\n${block}TZ=UTC\n`);
    install(store, {
      project: projectOf([jobOf('a')]),
      settings: settingsOf({ target: `file:${table}` }),
      by: 'ann',
      at: morning,
    });
    assert.deepEqual(await environmentUnderCron(store, shop, ann), {
      PATH: '/opt/bin:/bin',
      HOME: '/srv',
      SHELL: '/bin/sh',
      LOGNAME: 'ann',
    });
  });

  test('is not guessed where the table cannot be read', async (t) => {
    const store = newStore(t);
    const settings = settingsOf({ target: `file:${newPath(t)}/nowhere/table` });
    install(store, { project: projectOf([jobOf('a')]), settings, by: 'ann', at: morning });
    await assert.rejects(environmentUnderCron(store, shop, ann), UserError);
  });

  test('has of a name the last value above the block', () => {
    const table = Buffer.from(`A=1\nA=2\nB='x y'\n${block}A=3\n`);
    assert.deepEqual(variablesAbove(table, shop), { A: '2', B: 'x y' });
  });
});
