import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accountOf, ownAccount } from '../../src/job/account.ts';
import { ShimReport } from '../../src/run/become.ts';
import { identityOf } from '../../src/run/identity.ts';
import type { ProcessPlan } from '../../src/run/process.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { fixture, lacking } from './rig.ts';
import { finish, program, refused, shell, startElsewhere } from './start.ts';

const asRoot = { skip: process.getuid?.() === 0 ? lacking('setpriv') : 'only root can run a task as another user' };
const nobody = accountOf('nobody');
assert.ok(nobody);
const own = ownAccount();

/** Open to all, unlike the directory that a test file usually has. */
const directory = temporaryDirectory();
chmodSync(directory, 0o755);

function asNobody(plan: ProcessPlan): ProcessPlan {
  return { ...plan, identity: nobody };
}

test('A job without an account, or with that of the wrapper, becomes nobody else', () => {
  assert.equal(identityOf('', own), undefined);
  assert.equal(identityOf(own.user, own), undefined);
});

test('An account that there is not is told', asRoot, () => {
  const end = { kind: 'not-started', cause: 'unknown-user', message: 'there is no user no-such-user' };
  assert.deepEqual(identityOf('no-such-user', own), end);
  assert.deepEqual(identityOf('nobody', own), nobody);
});

test('A task has the real, effective and saved ids of its account, and no group of root', asRoot, async () => {
  const { stdout } = await finish(
    asNobody(program('grep', '-E', '^(Uid|Gid|Groups|CapEff|CapPrm)', '/proc/self/status')),
  );
  const { uid, gid } = nobody;
  assert.match(stdout, new RegExp(`^Uid:(\\t${uid}){4}$`, 'm'));
  assert.match(stdout, new RegExp(`^Gid:(\\t${gid}){4}$`, 'm'));
  assert.match(stdout, new RegExp(`^Groups:\\s*${gid}\\s*$`, 'm'));
  assert.match(stdout, /^CapPrm:\t0+$/m);
  assert.match(stdout, /^CapEff:\t0+$/m);
});

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;
const withMounts = { skip: asRoot.skip || skipWithout(canMount, 'mounts of its own') };

test('A task has the supplementary groups of its account', withMounts, async () => {
  const groups = `${readFileSync('/etc/group', 'utf8')}cronwright-test:x:54321:games,nobody\n`;
  const file = writeFile(directory, 'group', groups);
  const through = ['unshare', '-m', 'sh', '-c', `mount --bind ${file} /etc/group && exec "$@"`, 'sh'];
  const { finished } = await startElsewhere({ argv: ['id', '-G'], user: 'nobody' }, { through });
  assert.deepEqual(finished?.stdout.trim().split(' '), [String(nobody.gid), '54321']);
});

const shells = ['/bin/dash', '/bin/bash', '/bin/busybox', '/bin/ksh'].filter((path) => existsSync(path));
for (const path of shells) {
  test(`${path} finds the way to another account, and tells where it ended`, withMounts, async () => {
    const sh = realpathSync('/bin/sh');
    const through = ['unshare', '-m', path, '-c', `mount --bind ${path} ${sh} && exec "$@"`, 'sh'];
    const causeOf = async (...argv: readonly [string, ...string[]]) =>
      (await startElsewhere({ argv, user: 'nobody', isRefused: true }, { through })).refused?.cause;
    const { finished } = await startElsewhere({ argv: ['id', '-u'], user: 'nobody' }, { through });
    assert.equal(finished?.stdout, `${nobody.uid}\n`);
    assert.equal(await causeOf('no-such-program'), 'not-found');
    assert.equal(await causeOf('/no/such/program'), 'not-found');
    assert.equal(await causeOf('/etc/passwd'), 'not-executable');
  });
}

test('A task under another account has the process, the streams and the descriptors of any other', asRoot, async () => {
  const line = 'echo err >/dev/stderr; echo event >"$CRONWRIGHT_EVENTS"; cut -d " " -f 1,6 /proc/$$/stat; exit 3';
  const { status, stdout, stderr, events, pid } = await finish(asNobody(shell(line)));
  const expected = { status: 3, stdout: `${pid} ${pid}\n`, stderr: 'err\n', events: 'event\n' };
  assert.deepEqual({ status, stdout, stderr, events }, expected);
  const listing = (await finish(asNobody(program('ls', '/proc/self/fd')))).stdout;
  assert.equal(listing, '0\n1\n2\n3\n4\n');
});

test('A task under another account has exactly its environment, whatever the names', asRoot, async () => {
  const env = { PATH: '/usr/bin:/bin', HOME: '/', mark: 'm', input: 'i', step: 's' };
  const { stdout } = await finish(asNobody({ ...program('env'), env, cwd: '/usr' }));
  const ofSomeShells = /^_=/;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .filter((line) => !ofSomeShells.test(line));
  const expected = ['CRONWRIGHT_EVENTS=/dev/fd/3', 'HOME=/', 'PATH=/usr/bin:/bin', 'input=i', 'mark=m', 'step=s'];
  assert.deepEqual(lines.sort(), expected);
});

test(
  'A task under another account starts in its directory, with its mask, its niceness and its input',
  asRoot,
  async () => {
    const path = writeFile(directory, 'input', 'of the file\n');
    const settings = { cwd: directory, umask: 0o077, nice: 2, stdin: { kind: 'file', path } } as const;
    const { stdout } = await finish(asNobody({ ...shell('cat; pwd; umask; nice'), ...settings }));
    assert.equal(stdout, `of the file\n${directory}\n0077\n2\n`);
    const stdin = { kind: 'text', text: 'of the job\n' } as const;
    assert.equal((await finish(asNobody({ ...program('cat', '/dev/stdin'), stdin }))).stdout, 'of the job\n');
  },
);

test('A program gets its arguments as they are under another account, too', asRoot, async () => {
  const { stdout } = await finish(asNobody(program('printf', '%s\\n', '$HOME', '*', 'a b', "it's", '')));
  assert.equal(stdout, "$HOME\n*\na b\nit's\n\n");
});

test('The PATH of a task does not decide what root executes', asRoot, async () => {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  for (const name of ['setpriv', 'sh']) writeFile(bin, name, '#!/bin/sh\necho taken\n', 0o755);
  const { stdout } = await finish(asNobody({ ...shell('id -u'), env: { PATH: `${bin}:/usr/bin:/bin` } }));
  assert.equal(stdout, `${nobody.uid}\n`);
});

const closed = join(directory, 'closed');
mkdirSync(closed, { mode: 0o700 });
const secret = writeFile(closed, 'secret', 'secret\n', 0o644);
const unreadable = writeFile(directory, 'unreadable', 'secret\n', 0o600);
const notOurs = writeFile(directory, 'not-ours', '#!/bin/sh\n', 0o700);

const refusals: readonly (readonly [string, ProcessPlan, string, string])[] = [
  [
    'A directory that is closed to it',
    { ...shell('true'), cwd: closed },
    'bad-cwd',
    `its directory ${closed} cannot be entered by nobody`,
  ],
  [
    'A directory that is not there',
    { ...shell('true'), cwd: '/no/such' },
    'bad-cwd',
    'its directory /no/such does not exist',
  ],
  [
    'A name that is not on PATH',
    program('no-such-program'),
    'not-found',
    'no-such-program was not found on PATH (/usr/bin:/bin)',
  ],
  ['A path that is not there', program('/no/such/program'), 'not-found', '/no/such/program was not found'],
  [
    'A script whose interpreter is not there',
    program(writeFile(directory, 'no-interpreter', '#!/nonexistent/interpreter\n', 0o755)),
    'not-found',
    `the program that the first line of ${join(directory, 'no-interpreter')} names was not found`,
  ],
  ['A program that is closed to it', program(notOurs), 'not-executable', `${notOurs} may not be executed by nobody`],
  ['A directory in place of a program', program('/usr'), 'not-executable', '/usr may not be executed by nobody'],
  [
    'An input that is closed to it',
    { ...program('cat'), stdin: { kind: 'file', path: unreadable } },
    'other',
    `its standard input ${unreadable} cannot be read by nobody`,
  ],
  [
    'An input in a directory that is closed to it',
    { ...program('cat'), stdin: { kind: 'file', path: secret } },
    'other',
    `its standard input ${secret} cannot be read by nobody`,
  ],
];
for (const [what, plan, cause, message] of refusals) {
  test(`${what} keeps a task under another account from starting: ${cause}`, asRoot, async () => {
    assert.deepEqual(await refused(asNobody(plan)), { kind: 'not-started', cause, message });
  });
}

test('A home directory that only its account can enter is good for its task', asRoot, async () => {
  const home = join(directory, 'home');
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, nobody.uid, nobody.gid);
  assert.equal((await finish(asNobody({ ...shell('pwd'), cwd: home }))).stdout, `${home}\n`);
});

test('An account that cannot be had is an end of its own', asRoot, async () => {
  const powerless = ['setpriv', '--bounding-set', '-setuid,-setgid'];
  const wish = { argv: ['true'], user: 'nobody', isRefused: true } as const;
  const { refused: end } = await startElsewhere(wish, { through: powerless });
  assert.equal(end?.cause, 'other');
  assert.match(end?.message ?? '', /^setpriv could not become nobody: it exited with status \d+$/);
});

test('The statuses of a task are its own, also those by which a shell says that it found nothing', asRoot, async () => {
  for (const status of [1, 2, 125, 126, 127]) {
    assert.equal((await finish(asNobody(shell(`exit ${status}`)))).status, status);
  }
  assert.equal((await finish(asNobody(shell('kill -KILL $$')))).status, undefined);
});

test('What the shell reports is told from what the task says, wherever the bytes are split', () => {
  const mark = '0b9e0b4e-3d9e-4a8e-9a53-1f3a3c8b8f6e';
  const text = `${mark} begun\n0b9e{"progress":1}\n${mark} program 127\n`;
  const plan = program('/no/such');
  for (let size = 1; size <= text.length; size++) {
    const report = new ShimReport(mark, nobody);
    let heard = '';
    for (let at = 0; at < text.length; at += size) {
      report.take(Buffer.from(text.slice(at, at + size)), (bytes) => {
        heard += Buffer.from(bytes).toString();
      });
    }
    // The last line came after the task's own, so it is none of the shell's.
    assert.equal(heard, text.slice(`${mark} begun\n`.length));
    assert.deepEqual(report.judge({ kind: 'exited', status: 127 }, plan), { kind: 'exited', status: 127 });
  }
});

test('A task that a signal ended on its way was ended by that signal', () => {
  const report = new ShimReport('mark', nobody);
  report.take(Buffer.from('mark begun\nmark directory\n'), () => assert.fail('these are no events'));
  const end = { kind: 'signalled', signal: 'SIGTERM' } as const;
  assert.deepEqual(report.judge(end, program('true')), end);
});

test('A script without the permission to be executed is none under another account either', asRoot, async () => {
  const path = writeFile(directory, 'may-not-run', readFileSync(fixture('may-not-run')), 0o644);
  assert.equal((await refused(asNobody(program(path)))).cause, 'not-executable');
});
