import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { type Job, jobId } from '../../src/job/job.ts';
import { type EnvironmentPlan, taskDirectory, taskEnvironment, taskVariables } from '../../src/run/environment.ts';

const id = jobId('shop/backup');
assert.ok(id);
const identity = { user: 'alice', uid: 1234, gid: 1234, home: '/home/alice', shell: '/bin/sh' };

function job(changes: Partial<Job> = {}): Job {
  const blank = { id, user: '', cwd: '', env: {}, envFiles: [] } as unknown as Job;
  return { ...blank, ...changes };
}

function environment(changes: Partial<EnvironmentPlan>): Record<string, string> {
  return taskEnvironment({ job: job(), inherited: {}, underCron: true, identity, slot: undefined, ...changes });
}

const minimal = {
  PATH: '/usr/bin:/bin',
  HOME: '/home/alice',
  SHELL: '/bin/sh',
  LOGNAME: 'alice',
  USER: 'alice',
  CRONWRIGHT_JOB: 'shop/backup',
};

/** A file of mode 0600, gone after the test. */
function envFile(context: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'environment-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'env');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

test('A task has what crontab(5) promises, and its job', () => {
  assert.deepEqual(environment({}), minimal);
});

test('Under cron its PATH, zone and locale reach the task, and nothing else', () => {
  const own = { PATH: '/opt/bin:/bin', TZ: 'Europe/Berlin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const other = { MAILTO: 'root', SECRET: 'x', CRONWRIGHT_STATE: '/var/x', HOME: '/elsewhere', USER: 'mallory' };
  assert.deepEqual(environment({ inherited: { ...own, ...other } }), { ...minimal, ...own });
});

test('A start by hand sees nothing of the shell of the person', () => {
  const inherited = {
    PATH: '/home/alice/bin:/bin',
    LANG: 'de_DE.UTF-8',
    TZ: 'UTC',
    EDITOR: 'vi',
    CRONWRIGHT_FILE: 'x',
  };
  assert.deepEqual(environment({ inherited, underCron: false }), minimal);
});

test('A job with an account of its own sees nothing of the wrapper, not even what cron gave', () => {
  const inherited = { PATH: '/root/bin:/bin', TZ: 'Europe/Berlin', LANG: 'C.UTF-8', SECRET: 'x' };
  assert.deepEqual(environment({ job: job({ user: 'alice' }), inherited }), minimal);
});

test('A reference of a job with an account of its own finds what the job names, not what root was given', (context) => {
  const envFiles = [envFile(context, 'PASSWORD=x\n')];
  const named = job({ user: 'alice', envFiles, env: { URL: 'db://${PASSWORD}@${LOGNAME}' } });
  assert.equal(environment({ job: named, inherited: { PASSWORD: 'of root' } }).URL, 'db://x@alice');
  const unnamed = job({ user: 'alice', env: { URL: '${SECRET}' } });
  assert.throws(
    () => environment({ job: unnamed, inherited: { SECRET: 'of root' } }),
    (error) => error instanceof UserError && error.message.includes('SECRET'),
  );
});

test('An env-file may not name what changes the program that root starts for another account', (context) => {
  for (const name of ['LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV', 'GCONV_PATH']) {
    const envFiles = [envFile(context, `A=1\n${name}=/home/alice/evil\n`)];
    assert.equal(environment({ job: job({ envFiles }) })[name], '/home/alice/evil');
    assert.throws(
      () => environment({ job: job({ user: 'alice', envFiles }) }),
      (error) => error instanceof UserError && error.message.includes(`:2: ${name} `),
    );
  }
});

test('The slot is an instant in ISO 8601, and absent without one', () => {
  assert.equal(environment({ slot: Date.UTC(2026, 2, 8, 7) }).CRONWRIGHT_SLOT, '2026-03-08T07:00:00.000Z');
  assert.ok(!('CRONWRIGHT_SLOT' in environment({})));
});

test('Env-files count in their order, and env: counts more', (context) => {
  const envFiles = [envFile(context, 'A=1\nB=1\nC=1\n'), envFile(context, 'B=2\nC=2\n')];
  const { A, B, C } = environment({ job: job({ envFiles, env: { C: '3' } }) });
  assert.deepEqual({ A, B, C }, { A: '1', B: '2', C: '3' });
});

test('A reference finds env-files, what cron gives, earlier values and then the environment of the wrapper', (context) => {
  const envFiles = [envFile(context, 'PASSWORD=x$y\n')];
  const env = { PATH: '/opt/bin:${PATH}', URL: 'db://${PASSWORD}@${HOST}', TOOL: '${PATH}/tool' };
  const made = environment({ job: job({ envFiles, env }), inherited: { HOST: 'example', HOME: '/elsewhere' } });
  assert.equal(made.URL, 'db://x$y@example');
  assert.equal(made.TOOL, '/opt/bin:/usr/bin:/bin/tool');
  assert.ok(!('HOST' in made));
});

test('A reference to what is not set is an error that names it', () => {
  const plan = { job: job({ env: { A: '${MISSING}' } }) };
  assert.throws(
    () => environment(plan),
    (error) => error instanceof UserError && error.message.includes('MISSING'),
  );
});

test('An env-file that others can read is refused', (context) => {
  const path = envFile(context, 'A=1\n');
  chmodSync(path, 0o644);
  assert.throws(() => environment({ job: job({ envFiles: [path] }) }), UserError);
});

test('The name of the job cannot be overridden', () => {
  assert.equal(environment({ job: job({ env: { CRONWRIGHT_JOB: 'x' } }) }).CRONWRIGHT_JOB, 'shop/backup');
});

test('A task starts in its own directory, else at home, else at the root when home is not there', () => {
  assert.equal(taskDirectory(job({ cwd: '/srv' }), { HOME: '/usr' }), '/srv');
  assert.equal(taskDirectory(job(), { HOME: '/usr' }), '/usr');
  assert.equal(taskDirectory(job(), { HOME: '/nonexistent' }), '/');
  assert.equal(taskDirectory(job(), {}), '/');
});

test('Each variable tells where it comes from, and whether it may hold a secret', (context) => {
  const path = envFile(context, 'PASSWORD=x\n');
  const env = { LEVEL: 'full', URL: 'db://${PASSWORD}' };
  const inherited = { PATH: '/opt/bin', TZ: 'UTC', SHELL: '/bin/zsh' };
  const plan = { job: job({ envFiles: [path], env }), inherited, underCron: true, identity, slot: undefined };
  const told = Array.from(taskVariables(plan), ([name, { origin, secret }]) => [name, origin.kind, secret]);
  assert.deepEqual(told, [
    ['PATH', 'outer', false],
    ['HOME', 'cron', false],
    ['SHELL', 'cron', false],
    ['LOGNAME', 'cron', false],
    ['USER', 'cron', false],
    ['TZ', 'outer', false],
    ['PASSWORD', 'env-file', true],
    ['LEVEL', 'env', false],
    ['URL', 'env', true],
    ['CRONWRIGHT_JOB', 'cronwright', false],
  ]);
  assert.deepEqual(taskVariables(plan).get('PASSWORD')?.origin, { kind: 'env-file', path });
});

test('What cron sets as it always does is told to be cron’s', () => {
  const plan = { job: job(), inherited: { PATH: '/usr/bin:/bin' }, underCron: true, identity, slot: undefined };
  assert.deepEqual(taskVariables(plan).get('PATH')?.origin, { kind: 'cron' });
});

test('An env-file cannot change what root executes before it becomes another account', (context) => {
  const envFiles = [envFile(context, 'A=1\nLD_PRELOAD=/tmp/x.so\n')];
  assert.equal(environment({ job: job({ envFiles, user: '' }) }).LD_PRELOAD, '/tmp/x.so');
  assert.throws(() => environment({ job: job({ envFiles, user: 'www-data' }) }), /LD_PRELOAD/);
});
