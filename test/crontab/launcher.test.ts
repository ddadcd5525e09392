import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { probeLauncher } from '../../src/crontab/launcher.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { directory } from './rig.ts';

const asRoot = {
  skip: skipWithout(userInfo().uid === 0 && existsSync('/usr/bin/setpriv'), 'root, and setpriv of util-linux'),
};

describe('the probe of a launcher', () => {
  it('is content with a command that starts', async () => {
    assert.deepEqual(await probeLauncher('/bin/true run --probe'), { ok: true });
  });

  it('starts it as cron does: nothing else in the environment, at home', async (t) => {
    const seen = join(directory(t), 'seen');
    const probe = await probeLauncher(`env >${seen}; pwd >>${seen}`);
    assert.deepEqual(probe, { ok: true });
    // The shell itself adds PWD, and some add _ and SHLVL.
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    const own = lines.filter((line) => !/^(?:PWD|_|SHLVL|OLDPWD)=/.test(line));
    const { username } = userInfo();
    assert.deepEqual(own.sort(), [
      existsSync(homedir()) ? homedir() : '/',
      `HOME=${homedir()}`,
      `LOGNAME=${username}`,
      'PATH=/usr/bin:/bin',
      'SHELL=/bin/sh',
    ]);
  });

  it('takes over what the table sets above the line, its shell too', async (t) => {
    const shell = join(directory(t), 'shell');
    writeFileSync(shell, '#!/bin/sh\necho "my shell: $2 $MODE" >&2; exit 4\n', { mode: 0o755 });
    const probe = await probeLauncher('/bin/true', { environment: { SHELL: shell, MODE: 'x', LOGNAME: 'nobody' } });
    assert.deepEqual(probe, {
      ok: false,
      problem: '"/bin/true", started as cron would start it, ended with status 4: my shell: /bin/true x',
    });
  });

  it('starts it for a user without a home directory as well, as cron does', async () => {
    assert.deepEqual(await probeLauncher('/bin/true', { environment: { HOME: '/nonexistent' } }), { ok: true });
  });

  it(
    'lets nothing that another account’s table sets have a say in what root starts to become it',
    asRoot,
    async (t) => {
      const place = directory(t);
      chmodSync(place, 0o777);
      const words = ['/usr/bin/setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
      // The loader of the GNU C library notes for each program what it loads, in a file of that program's user.
      const environment = { LD_DEBUG: 'files', LD_DEBUG_OUTPUT: join(place, 'loaded'), IFS: 'x', MODE: 'two words' };
      const command = `echo "$LD_DEBUG $MODE $LOGNAME" >${place}/seen`;
      assert.deepEqual(await probeLauncher(command, { environment, become: { words, rights: (work) => work() } }), {
        ok: true,
      });
      assert.equal(readFileSync(join(place, 'seen'), 'utf8'), `files two words ${userInfo().username}\n`);
      for (const name of readdirSync(place)) assert.equal(statSync(join(place, name)).uid, 65_534, name);
    },
  );

  it('says what keeps it from starting', async (t) => {
    const path = join(directory(t), 'cronwright');
    writeFileSync(path, '#!/usr/bin/env no-such-runtime\n', { mode: 0o755 });
    const probe = await probeLauncher(`${path} run --probe`);
    assert.ok(!probe.ok);
    assert.match(
      probe.problem,
      /^".*\/cronwright run --probe", started as cron would start it, ended with status 127: .*no-such-runtime/,
    );
  });

  it('says so when it does not end', async () => {
    const probe = await probeLauncher('/bin/sleep 600', { timeout: 200 });
    assert.ok(!probe.ok);
    assert.match(probe.problem, /did not end within 0\.2 s/);
  });

  it('says so when the shell is missing', async () => {
    const probe = await probeLauncher('/bin/true', { environment: { SHELL: '/nowhere/sh' }, cwd: '/' });
    assert.deepEqual(probe, {
      ok: false,
      problem: 'the shell /nowhere/sh (in /), started as cron would start it, was not found',
    });
  });
});
