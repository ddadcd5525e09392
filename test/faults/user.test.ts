import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { LogView } from '../../src/terminal/views.ts';
import { builtProgram } from '../e2e/program.ts';
import { skipUnlessMounts, skipUnlessRoot } from '../store/spool-rig.ts';
import { type Ground, newGround } from './ground.ts';

const launcher = builtProgram();

/** An account with two supplementary groups, in user and group files that stand in the places of the system's. */
const accounts = (path: string) => `
mkdir -m 0750 '${path}/home' && chown 64123:64123 '${path}/home'
cp /etc/passwd '${path}/passwd' && echo 'clerk:x:64123:64123::${path}/home:/bin/sh' >>'${path}/passwd'
cp /etc/group '${path}/group' && printf 'clerk:x:64123:\\ncrew:x:64124:clerk\\npress:x:64125:clerk\\n' >>'${path}/group'
for name in passwd group; do mount --bind '${path}/'$name /etc/$name; done`;

/** Runs a job as that account, started by root with a secret in its environment. Returns what it wrote, and its log. */
async function runAsClerk(t: TestContext, command: string, settings: object = {}) {
  const ground = await newGround(t, launcher);
  chmodSync(ground.path, 0o755);
  await ground.mounts.change(accounts(ground.path));
  await ground.installJob({
    schedule: '* * * * *',
    user: 'clerk',
    command: command.replaceAll('STATE', ground.state),
    ...settings,
  });
  const env = { PATH: '/usr/bin:/bin', HOME: '/root', ROOT_SECRET: 'of root', CRONWRIGHT_SECRET: 'of root' };
  const { status, err } = await ground.asCron(env).ended;
  const log = await logOf(ground);
  const text = (stream: string) =>
    log.output
      .filter((piece) => piece.stream === stream)
      .map((piece) => piece.text)
      .join('');
  return { ground, status, err, log, out: text('stdout'), complaints: text('stderr') };
}

async function logOf(ground: Ground): Promise<LogView> {
  const [run] = await ground.runs();
  return ground.log(run?.run ?? '');
}

describe('a job of another account', { skip: skipUnlessRoot || skipUnlessMounts, concurrency: 2 }, () => {
  it('has the user, the groups and the home directory of that account', async (t) => {
    const { status, out, ground } = await runAsClerk(t, 'id -un; id -gn; id -Gn; pwd; echo "$HOME $USER $LOGNAME"');
    assert.equal(status, 0);
    const home = `${ground.path}/home`;
    assert.deepEqual(out.split('\n'), ['clerk', 'clerk', 'clerk crew press', home, `${home} clerk clerk`, '']);
  });

  it('has no rights of root left to come back to', async (t) => {
    const { out } = await runAsClerk(t, "grep -E '^(Uid|Gid|CapPrm|CapEff|CapAmb):' /proc/self/status");
    assert.match(out, /^Uid:(\t64123){4}\nGid:(\t64123){4}\nCapPrm:\t0+\nCapEff:\t0+\nCapAmb:\t0+\n$/);
  });

  it('gets nothing of the environment of root, and what every task is told', async (t) => {
    const { out } = await runAsClerk(t, 'env');
    const names = out.split('\n').map((line) => line.split('=')[0]);
    assert.doesNotMatch(out, /of root|\/root/);
    const told = ['CRONWRIGHT_JOB', 'CRONWRIGHT_RUN', 'CRONWRIGHT_SLOT', 'CRONWRIGHT_ATTEMPT', 'CRONWRIGHT_EVENTS'];
    assert.deepEqual(names.filter((name) => name?.startsWith('CRONWRIGHT_')).sort(), told.toSorted());
  });

  it('can read neither the database nor the spool nor the copy of the jobs', async (t) => {
    const look =
      'ls STATE; ls STATE/spool; cat STATE/cronwright.db; ls STATE.installed; cat STATE.installed/shop.jsonl';
    const { out, complaints } = await runAsClerk(t, look);
    assert.equal(out, '');
    assert.equal(complaints.match(/Permission denied/g)?.length, 5, complaints);
  });

  it('has four descriptors, and may open its streams and its events by name', async (t) => {
    const command = `ls /proc/$$/fd; echo out >/dev/stdout; echo err >/dev/stderr
echo '{"level": "info", "message": "by name"}' >/dev/fd/3; echo '{"progress": 1}' >"$CRONWRIGHT_EVENTS"`;
    const { status, out, complaints, log } = await runAsClerk(t, command);
    assert.deepEqual({ status, out, complaints }, { status: 0, out: '0\n1\n2\n3\nout\n', complaints: 'err\n' });
    assert.deepEqual(
      log.events.map(({ message }) => message),
      ['by name'],
    );
  });

  it('is ended with all that it started, though the wrapper is root', async (t) => {
    const { status, log } = await runAsClerk(t, 'setsid sleep 1000 & sleep 1000', { timeout: '1s', grace: '200ms' });
    assert.equal(status, 124);
    assert.equal(log.run.state, 'timed-out');
  });

  for (const [what, settings, why] of [
    ['a directory that it may not enter', { cwd: '/root' }, /its directory \/root cannot be entered/],
    ['a program that is not there', { command: ['/no/such/program'] }, /\/no\/such\/program was not found/],
    ['a program that it may not execute', { command: ['/etc/passwd'] }, /\/etc\/passwd may not be executed/],
  ] as const) {
    it(`says of ${what} just that`, async (t) => {
      const { log } = await runAsClerk(t, 'true', settings);
      assert.equal(log.run.state, 'failed');
      assert.match(log.run.reason ?? '', why);
    });
  }

  it('that is gone since it was installed is told apart', async (t) => {
    const { ground } = await runAsClerk(t, 'true');
    await ground.mounts.change('umount /etc/passwd');
    const { status } = await ground.cronwright(['run', '--at-boot', `shop/${ground.job}`]);
    assert.equal(status, 125);
    const { run } = await logOf(ground);
    assert.match(run.reason ?? '', /there is no user clerk/);
  });
});
