import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import type { NotStarted } from '../../src/run/outcome.ts';
import { type ProcessPlan, startProcess } from '../../src/run/process.ts';
import { fixture, lacking } from './rig.ts';
import { finish, program, refused, shell, startElsewhere } from './start.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux has /proc' };

test('The streams of a task arrive apart', async () => {
  const { status, stdout, stderr } = await finish(shell('echo out; echo err >&2; exit 4'));
  assert.deepEqual({ status, stdout, stderr }, { status: 4, stdout: 'out\n', stderr: 'err\n' });
});

test('A task can open its streams by name', async () => {
  const { stdout, stderr } = await finish(program(fixture('writes-by-name')));
  assert.deepEqual({ stdout, stderr }, { stdout: 'out\n', stderr: 'err\n' });
});

test('What a task says of itself arrives apart, however it opens the place', async () => {
  const line = 'echo one >&3; echo two >"$CRONWRIGHT_EVENTS"; echo three >>/dev/fd/3; echo out';
  const { stdout, stderr, events } = await finish(shell(line));
  assert.deepEqual({ stdout, stderr, events }, { stdout: 'out\n', stderr: '', events: 'one\ntwo\nthree\n' });
});

test('All that a task said is there when its end is told', async () => {
  const said = 'x'.repeat(60_000);
  for (let time = 0; time < 20; time++) {
    let heard = 0;
    const events = (bytes: Uint8Array) => {
      heard += bytes.length;
    };
    const plan = { ...shell('printf "%s" "$SAID" >&3'), env: { SAID: said } };
    const started = await startProcess(plan, { output: () => undefined, events });
    assert.ok('pid' in started);
    await started.ended;
    assert.equal(heard, said.length);
    started.release();
  }
});

test('A background process that holds the events does not hold the run', async (context) => {
  const plan = shell('sleep 1000000 >/dev/null 2>&1 & echo "$!"');
  const { stdout } = await finish(plan);
  context.after(() => process.kill(Number(stdout), 'SIGKILL'));
  process.kill(Number(stdout), 0);
});

const asAnother = { skip: process.getuid?.() === 0 ? lacking('setpriv') : 'only root can run a task as another user' };

test('A task that changes its user can still open its streams and its events by name', asAnother, async () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
  const line = 'echo err >/dev/stderr; echo event >"$CRONWRIGHT_EVENTS"';
  const { stderr, events } = await finish(program('setpriv', ...nobody, 'sh', '-c', line));
  assert.deepEqual({ stderr, events }, { stderr: 'err\n', events: 'event\n' });
});

test('A task has exactly the environment it is given, and where to report events', async () => {
  const { stdout } = await finish({ ...program('env'), env: { PATH: '/usr/bin:/bin', ONE: 'two words', EMPTY: '' } });
  const expected = ['CRONWRIGHT_EVENTS=/dev/fd/3', 'EMPTY=', 'ONE=two words', 'PATH=/usr/bin:/bin'];
  assert.deepEqual(stdout.trimEnd().split('\n').sort(), expected);
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

/** What the descriptors of a task lead to, by their numbers, without the one that ls reads them through. */
function descriptors(listing: string): readonly string[] {
  return [...listing.matchAll(/(\d+) -> (?!\/proc\/)\S+/g)].map((match) => match[1] ?? '').sort();
}

const listing = ['ls', '-l', '/proc/self/fd'] as const;

test('A task has its three standard descriptors, the one for events, and none of the wrapper', onLinux, async () => {
  const open = openSync(fixture('exits'), 'r');
  const { stdout } = await finish(program(...listing));
  closeSync(open);
  assert.deepEqual(descriptors(stdout), ['0', '1', '2', '3']);
});

test('A task gets nothing that the wrapper itself inherited, whatever its number', onLinux, async () => {
  const descriptor = openSync(fixture('exits'), 'r');
  for (const as of [3, 9, 200]) {
    const { finished } = await startElsewhere({ argv: listing }, { inherits: { descriptor, as } });
    assert.deepEqual(descriptors(finished?.stdout ?? ''), ['0', '1', '2', '3'], `descriptor ${as}`);
  }
  closeSync(descriptor);
});

test('A task has the mask it is given, and the wrapper keeps its own', async () => {
  const before = process.umask();
  assert.equal((await finish({ ...shell('umask'), umask: 0o027 })).stdout, '0027\n');
  assert.equal((await finish({ ...shell('umask'), umask: 0 })).stdout, '0000\n');
  assert.equal(process.umask(), before);
  assert.equal(Number.parseInt((await finish(shell('umask'))).stdout, 8), before);
});

test('A task is as nice as it is told', async () => {
  const before = getPriority();
  assert.equal((await finish({ ...program('nice'), nice: 3 })).stdout, `${Math.min(19, before + 3)}\n`);
  assert.equal((await finish({ ...program('nice'), nice: 19 })).stdout, '19\n');
});

test('A task for root leaves the wrapper no nicer than it was', asAnother, async () => {
  const before = getPriority();
  await finish({ ...program('true'), nice: 5 });
  assert.equal(getPriority(), before);
});

const powerless = ['setpriv', '--bounding-set', '-sys_nice', '--inh-caps', '-sys_nice'];

test('A second attempt is no nicer than the first, also where the wrapper had to stay so', asAnother, async () => {
  const wish = { argv: ['nice'], nice: 3, attempts: 3 } as const;
  const { finished } = await startElsewhere(wish, { through: powerless });
  assert.equal(finished?.stdout, `${Math.min(19, getPriority() + 3)}\n`);
});

test('A niceness that the system refuses is an end of its own', asAnother, async () => {
  const wish = { argv: ['true'], nice: -5, isRefused: true } as const;
  assert.deepEqual((await startElsewhere(wish, { through: powerless })).refused, {
    kind: 'not-started',
    cause: 'other',
    message: 'its niceness of -5 takes the rights of root',
  });
});

/** Enough for Node.js, and soon used up. */
const fewDescriptors = ['prlimit', '--nofile=200'];
const limited = { skip: lacking('prlimit') };

test('A start that finds no descriptors is tried again, and goes on when there are some', limited, async () => {
  const wish = { argv: ['echo', 'done'], fullUntilPause: 2 } as const;
  const { finished, pauses } = await startElsewhere(wish, { through: fewDescriptors });
  assert.equal(finished?.stdout, 'done\n');
  assert.equal(pauses.length, 2);
});

test('A start that never finds a descriptor ends as one without resources', limited, async () => {
  const wish = { argv: ['true'], fullUntilPause: 100, isRefused: true } as const;
  const { refused, pauses } = await startElsewhere(wish, { through: fewDescriptors });
  assert.equal(refused?.cause, 'no-resources');
  assert.match(refused?.message ?? '', /may open no more files \(EMFILE\)$/);
  assert.ok(pauses.reduce((sum, pause) => sum + pause, 0) < 10_000);
});

test('No descriptor stays open here after a task, started or not', onLinux, async () => {
  const count = () => readdirSync('/proc/self/fd').length;
  const plans = [{ kind: 'empty' }, { kind: 'text', text: 'x' }, { kind: 'file', path: '/etc/passwd' }] as const;
  const startAll = async () => {
    for (const stdin of plans) {
      await finish({ ...shell('echo x'), stdin });
      await refused({ ...program('no-such-program'), stdin });
    }
  };
  await startAll();
  const before = count();
  for (let time = 0; time < 5; time++) await startAll();
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
  assert.equal((await finish(shell('no-such-command'))).status, 127);
});
