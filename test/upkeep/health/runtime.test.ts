import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { lastingRuntime, runtimeOf, whyFleeting } from '../../../src/upkeep/health/runtime.ts';
import { newPath } from '../../store/rig.ts';
import { writeFile } from '../../temporary.ts';
import { verdict } from './rig.ts';

/** A launcher in the place of cronwright's. */
function launcher(t: TestContext, script: string) {
  const folder = newPath(t);
  mkdirSync(folder);
  return { path: writeFile(folder, 'cronwright', `#!/bin/sh\n${script}\n`, 0o755), state: undefined };
}

suite('the Node.js that cron starts', () => {
  const environment = { PATH: '/usr/bin:/bin', HOME: '/nowhere', SHELL: '/bin/sh', COLOUR: 'green' };

  test('is the one that the launcher finds in cron’s environment, not that of this process', async (t) => {
    process.env.OF_THE_SHELL = 'set';
    t.after(() => delete process.env.OF_THE_SHELL);
    const says = launcher(t, '[ "$1 $2" = "run --probe" ] && echo "/opt/$COLOUR$OF_THE_SHELL/node v24.21.0"');
    assert.deepEqual(await runtimeOf(says, environment), { node: '/opt/green/node', version: 'v24.21.0' });
  });

  test('is not known where the launcher does not say, or cannot be started', async (t) => {
    assert.equal(await runtimeOf(launcher(t, 'exit 0'), environment), undefined);
    assert.equal(await runtimeOf({ path: '/nowhere/cronwright', state: undefined }, environment), undefined);
  });

  test('is shown where it lasts', () => {
    const runtime = { node: '/usr/bin/node', version: 'v24.21.0' };
    const [found, ...others] = lastingRuntime({ path: '/usr/bin/cronwright', state: undefined }, runtime);
    assert.deepEqual(verdict(found), ['ok', 'cron starts cronwright with Node.js v24.21.0, /usr/bin/node']);
    assert.deepEqual(others, []);
  });

  test('is worth a look, and so is the launcher, where a version manager keeps it', () => {
    const node = '/home/ann/.nvm/versions/node/v24.1.0/bin/node';
    const path = '/home/ann/.nvm/versions/node/v24.1.0/lib/node_modules/cronwright/bin/cronwright';
    const found = lastingRuntime({ path, state: undefined }, { node, version: 'v24.1.0' });
    assert.deepEqual(
      found.map(({ state, message }) => [state, message]),
      [path, node].map((one) => [
        'warning',
        `cron starts ${one}, and nvm uninstall takes it away; then no job starts any more`,
      ]),
    );
    assert.equal(lastingRuntime({ path, state: undefined }, undefined).length, 1);
  });
});

suite('a program', () => {
  const fleeting = [
    '/home/ann/.nvm/versions/node/v24.1.0/bin/node',
    '/run/user/1000/fnm_multishells/4711_1700000000/bin/node',
    '/home/ann/.local/share/fnm/node-versions/v24.1.0/installation/bin/node',
    '/home/ann/.volta/tools/image/node/24.1.0/bin/node',
    '/root/.asdf/installs/nodejs/24.1.0/bin/node',
    '/home/ann/.local/share/mise/installs/node/24.1.0/bin/node',
    '/home/ann/.nodenv/versions/24.1.0/bin/node',
    '/home/ann/n/bin/node',
    '/home/ann/.n/n/versions/node/24.1.0/bin/node',
    '/home/ann/.npm/_npx/0123456789abcdef/node_modules/cronwright/bin/cronwright',
    '/tmp/cronwright/bin/cronwright',
    '/var/tmp/node',
    '/dev/shm/node',
  ];
  const lasting = [
    '/usr/bin/node',
    '/usr/local/bin/node',
    '/usr/local/lib/node_modules/cronwright/bin/cronwright',
    '/opt/cronwright/node_modules/node/bin/node',
    '/home/ann/shop/node_modules/cronwright/bin/cronwright',
    '/home/n/bin/node',
    '/srv/tmp/node',
  ];

  for (const path of fleeting) {
    test(`does not stay at ${path}`, () => assert.ok(whyFleeting(path)));
  }

  for (const path of lasting) {
    test(`stays at ${path}`, () => assert.equal(whyFleeting(path), undefined));
  }
});
