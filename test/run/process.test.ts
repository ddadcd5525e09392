import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { Command } from '../../src/job/job.ts';
import type { NotStarted } from '../../src/run/outcome.ts';
import { type ProcessPlan, startProcess } from '../../src/run/process.ts';
import { fixture, lacking } from './rig.ts';

const env = { PATH: '/usr/bin:/bin' };
const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux has /proc' };

function program(...argv: readonly [string, ...string[]]): ProcessPlan {
  return { command: { kind: 'program', argv }, cwd: '/', env };
}

function shell(line: string): ProcessPlan {
  return { command: { kind: 'shell', line }, cwd: '/', env };
}

interface Finished {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
}

async function finish(plan: ProcessPlan): Promise<Finished> {
  const text = { stdout: '', stderr: '' };
  const started = await startProcess(plan, (stream, bytes) => {
    text[stream] += Buffer.from(bytes).toString();
  });
  assert.ok('pid' in started, JSON.stringify(started));
  const end = await started.ended;
  await started.drained;
  started.release();
  return { ...text, status: end.kind === 'exited' ? end.status : undefined, pid: started.pid };
}

async function refused(plan: ProcessPlan): Promise<NotStarted> {
  const started = await startProcess(plan, () => undefined);
  assert.ok(!('pid' in started));
  return started;
}

test('The streams of a task arrive apart', async () => {
  const { status, stdout, stderr } = await finish(shell('echo out; echo err >&2; exit 4'));
  assert.deepEqual({ status, stdout, stderr }, { status: 4, stdout: 'out\n', stderr: 'err\n' });
});

test('A task can open its streams by name', async () => {
  const { stdout, stderr } = await finish(program(fixture('writes-by-name')));
  assert.deepEqual({ stdout, stderr }, { stdout: 'out\n', stderr: 'err\n' });
});

const asAnother = { skip: process.getuid?.() === 0 ? lacking('setpriv') : 'only root can run a task as another user' };

test('A task that runs as another user can open its streams by name', asAnother, async () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
  const { stderr } = await finish(program('setpriv', ...nobody, 'sh', '-c', 'echo err >/dev/stderr'));
  assert.equal(stderr, 'err\n');
});

test('A task has an empty standard input', async () => {
  assert.equal((await finish(program(fixture('reads-stdin')))).stdout.trim(), '0');
});

test('A task has exactly the environment it is given', async () => {
  const { stdout } = await finish({ ...program('env'), env: { PATH: '/usr/bin:/bin', ONE: 'two words', EMPTY: '' } });
  assert.deepEqual(stdout.trimEnd().split('\n').sort(), ['EMPTY=', 'ONE=two words', 'PATH=/usr/bin:/bin']);
});

test('A task starts in its directory', async () => {
  assert.equal((await finish({ ...shell('pwd'), cwd: '/usr' })).stdout, '/usr\n');
});

test('A program gets its arguments as they are, without a shell', async () => {
  const { stdout } = await finish(program('printf', '%s\\n', '$HOME', '*', 'a b'));
  assert.equal(stdout, '$HOME\n*\na b\n');
});

test('A task leads a session and a group of its own', onLinux, async () => {
  const { stdout, pid } = await finish(shell('cut -d " " -f 5,6 /proc/$$/stat'));
  assert.equal(stdout, `${pid} ${pid}\n`);
});

test('A task gets no descriptor of the wrapper', onLinux, async () => {
  const open = openSync(fixture('exits'), 'r');
  const { stdout } = await finish(program('ls', '-l', '/proc/self/fd'));
  closeSync(open);
  assert.ok(!stdout.includes(fixture('exits')));
  // Its own two ends of pipes, and neither the reading ends nor a second copy.
  assert.equal(stdout.match(/-> .*(?:stdout|stderr)/g)?.length, 2);
});

test('No descriptor stays open here after a task, started or not', onLinux, async () => {
  const count = () => readdirSync('/proc/self/fd').length;
  await finish(shell('true'));
  await refused(program('no-such-program'));
  const before = count();
  for (let time = 0; time < 5; time++) {
    await finish(shell('echo x'));
    await refused(program('no-such-program'));
  }
  assert.equal(count(), before);
});

const refusals: readonly (readonly [string, ProcessPlan, NotStarted['cause'], string])[] = [
  [
    'A name that is not on PATH',
    program('no-such-program'),
    'not-found',
    'no-such-program was not found on PATH (/usr/bin:/bin)',
  ],
  ['A path that is not there', program('/no/such/program'), 'not-found', '/no/such/program was not found'],
  ['A path below a file', program('/etc/passwd/program'), 'not-found', '/etc/passwd/program was not found'],
  [
    'A script whose interpreter is not there',
    program(fixture('names-no-interpreter')),
    'not-found',
    `the program that the first line of ${fixture('names-no-interpreter')} names was not found`,
  ],
  [
    'A file without the permission to be executed',
    program(fixture('may-not-run')),
    'not-executable',
    `${fixture('may-not-run')} may not be executed`,
  ],
  ['A directory', program('/usr'), 'not-executable', '/usr may not be executed'],
  [
    'A directory that is not there',
    { ...shell('true'), cwd: '/no/such' },
    'bad-cwd',
    'its directory /no/such does not exist',
  ],
  [
    'A file in place of the directory',
    { ...shell('true'), cwd: '/etc/passwd' },
    'bad-cwd',
    'its directory /etc/passwd is not a directory',
  ],
  [
    'A NUL byte, whose place may be secret,',
    { ...shell('true'), env: { PASSWORD: 'se\0cret' } },
    'other',
    'there is a NUL byte in its command, its directory or its environment',
  ],
];
for (const [what, plan, cause, message] of refusals) {
  test(`${what} is ${cause}: ${message.replaceAll(fixture(''), '')}`, async () => {
    assert.deepEqual(await refused(plan), { kind: 'not-started', cause, message });
  });
}

test('An environment that the system finds too large is refused with its reason', async () => {
  const env = { PATH: '/usr/bin:/bin', LARGE: 'x'.repeat(4 * 1024 * 1024) };
  const { cause, message } = await refused({ ...program('true'), env });
  assert.equal(cause, 'other');
  assert.match(message, /E2BIG/);
});

test('A shell reports a command that it does not find as an ordinary status', async () => {
  const command: Command = { kind: 'shell', line: 'no-such-command' };
  assert.equal((await finish({ command, cwd: '/', env })).status, 127);
});
