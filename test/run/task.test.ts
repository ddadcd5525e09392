import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RetryPolicy } from '../../src/job/job.ts';
import { compilePattern } from '../../src/job/pattern.ts';
import { temporaryDirectory } from '../temporary.ts';
import { fixture, isAlive, lacking, Running, silent, task, until } from './rig.ts';
import { onLinux } from './started.ts';

const hour = 3_600_000;
const withoutSetsid = { skip: lacking('setsid') };
const retries: RetryPolicy = { attempts: 3, delay: hour, backoff: 'fixed', maxDelay: hour, jitter: 0, on: 'any' };

test('A task that exits with 0 succeeded', async (context) => {
  const { state, end, attempts } = await new Running(context, task('exits', [0])).outcome;
  assert.deepEqual(
    { state, end, attempts },
    { state: 'succeeded', end: { kind: 'exited', status: 0, ok: true }, attempts: 1 },
  );
});

test('A task that exits with another status failed, and its status is kept', async (context) => {
  const { state, end } = await new Running(context, task('exits', [3])).outcome;
  assert.deepEqual({ state, end }, { state: 'failed', end: { kind: 'exited', status: 3, ok: false } });
});

test('A task that dies by a signal failed, and the signal is kept', async (context) => {
  const { state, end } = await new Running(context, task('dies-by-signal', ['SEGV'])).outcome;
  assert.deepEqual({ state, end }, { state: 'failed', end: { kind: 'signalled', signal: 'SIGSEGV' } });
});

test('A task that cannot be started has an attempt with an end but no process', async (context) => {
  const running = new Running(context, task('no-such-program'));
  const { state, end, attempts } = await running.outcome;
  assert.equal(state, 'failed');
  assert.equal(end.kind, 'not-started');
  assert.equal(attempts, 1);
  assert.deepEqual(
    running.started.map(({ number, pid }) => ({ number, pid })),
    [{ number: 1, pid: undefined }],
  );
  assert.deepEqual(running.ended, [{ number: 1, end, cost: { cpuMs: null, peakMemory: null }, left: [] }]);
});

test('Bytes that are no text arrive as they were written', async (context) => {
  const running = new Running(context, task('binary-rubbish'));
  await running.outcome;
  assert.equal(running.bytes('stdout').toString('hex'), '00fffe800d0a1b5b33316dc3');
});

test('All of a flood is read before the run ends', async (context) => {
  let bytes = 0;
  const running = new Running(context, task('floods', [20]), {
    ...silent,
    output: (event) => {
      bytes += event.bytes.length;
    },
  });
  await running.outcome;
  assert.equal(bytes, 20 * 1024 * 1024);
});

test('A task ends by TERM when its timeout has passed, long before the grace', async (context) => {
  const running = new Running(context, task('sleeps-forever', [], { timeout: hour, grace: 10 * hour }));
  await running.says('ready');
  running.clock.push(hour);
  const { state, end } = await running.outcome;
  assert.deepEqual({ state, end }, { state: 'timed-out', end: { kind: 'timed-out', after: hour } });
});

test('A task is left alone until its timeout has passed', async (context) => {
  const running = new Running(context, task('sleeps-forever', [], { timeout: hour }));
  await running.says('ready');
  running.clock.push(hour - 60_000);
  const pid = running.started[0]?.pid ?? 0;
  assert.ok(isAlive(pid));
  assert.deepEqual(running.ended, []);
  running.clock.push(60_000);
  assert.equal((await running.outcome).state, 'timed-out');
  assert.ok(!isAlive(pid));
});

test('A task that ignores TERM is killed after the grace', async (context) => {
  const running = new Running(context, task('ignores-term', [], { timeout: hour, grace: 2 * hour }));
  await running.says('ready');
  running.clock.push(hour);
  await running.says('deaf');
  const pid = running.started[0]?.pid ?? 0;
  assert.ok(isAlive(pid));
  running.clock.push(2 * hour);
  assert.equal((await running.outcome).state, 'timed-out');
  assert.ok(!isAlive(pid));
});

test('A member of the group that ignores TERM is killed after the grace, though the direct child ended at once', async (context) => {
  const running = new Running(context, task('leaves-a-deaf-child', [], { timeout: hour, grace: 2 * hour }));
  const deaf = await running.pidAfter('ready');
  running.clock.push(hour);
  await until('the direct child has ended', () => !isAlive(running.started[0]?.pid ?? 0));
  assert.ok(isAlive(deaf));
  running.clock.push(2 * hour);
  await running.outcome;
  assert.ok(!isAlive(deaf));
});

test('A process in a session of its own gets TERM too', withoutSetsid, async (context) => {
  const running = new Running(context, task('leaves-a-session', [], { timeout: hour, grace: 2 * hour }));
  const elsewhere = await running.pidAfter('ready');
  running.clock.push(hour);
  assert.equal((await running.outcome).state, 'timed-out');
  assert.ok(!isAlive(elsewhere));
});

test('A cancelled task does not end before what ignores TERM was killed, whatever it carries', async (context) => {
  const running = new Running(context, task('leaves-a-bare-child', [], { grace: hour }));
  const bare = await running.pidAfter('ready');
  running.cancel('SIGTERM');
  await until('the direct child has ended', () => !isAlive(running.started[0]?.pid ?? 0));
  assert.ok(isAlive(bare));
  running.clock.push(hour);
  await running.outcome;
  assert.ok(!isAlive(bare));
});

test('What goes on after a normal end is left alone and named', onLinux, async (context) => {
  const running = new Running(context, task('leaves-a-child'));
  const { state, left } = await running.outcome;
  assert.equal(state, 'succeeded');
  assert.equal(left.length, 1);
  assert.ok(isAlive(left[0]?.pid ?? 0));
  assert.deepEqual(running.ended[0]?.left, left);
});

test('Only what goes on after the last attempt is named', onLinux, async (context) => {
  const retry = { ...retries, attempts: 2, delay: 0 };
  const line = 'test $CRONWRIGHT_ATTEMPT = 2 || { sleep 1000000 >/dev/null 2>&1 </dev/null & exit 1; }';
  const { left } = await new Running(context, task('exits', [], { retry, command: { kind: 'shell', line } })).outcome;
  assert.deepEqual(left, []);
});

test('A run that goes on where another was interrupted counts its attempts from there', async (context) => {
  const running = new Running(context, task('fails-twice', [], { retry: retries, firstAttempt: 2 }));
  await until('the second attempt has failed', () => running.waits.length === 1);
  assert.equal(running.waits[0]?.next, 3);
  running.clock.push(hour);
  const { state, attempts } = await running.outcome;
  assert.deepEqual({ state, attempts }, { state: 'succeeded', attempts: 2 });
  assert.equal(running.text('stdout'), 'attempt 2\nattempt 3\n');
});

test('A run that goes on at its last attempt has no other', async (context) => {
  const running = new Running(context, task('exits', [1], { retry: retries, firstAttempt: 3 }));
  const { state, attempts } = await running.outcome;
  assert.deepEqual({ state, attempts }, { state: 'failed', attempts: 1 });
});

test('A status among those that mean success is no failure', async (context) => {
  const verdict = { success: [0, 24], stderr: false, pattern: undefined };
  const { state, end } = await new Running(context, task('exits', [24], { verdict, retry: retries })).outcome;
  assert.deepEqual({ state, end }, { state: 'succeeded', end: { kind: 'exited', status: 24, ok: true } });
});

test('A task that shows its failure by other signs is tried again, and the signs are its own each time', async (context) => {
  const verdict = { success: [0], stderr: true, pattern: compilePattern('^fatal') };
  const retry = { ...retries, delay: 0 };
  const line = 'case $CRONWRIGHT_ATTEMPT in 1) echo oops >&2 ;; 2) echo fatal ;; esac';
  const running = new Running(context, task('exits', [], { verdict, retry, command: { kind: 'shell', line } }));
  assert.equal((await running.outcome).state, 'succeeded');
  assert.deepEqual(
    running.ended.map(({ end }) => (end.kind === 'showed-failure' ? end.sign : end.kind)),
    ['stderr', 'pattern', 'exited'],
  );
});

test(
  'What a task says of itself is reported, and what cannot be understood is counted at the end',
  onLinux,
  async (context) => {
    const line = `echo '{"progress":0.5}' >&3; echo rubbish >&3; printf '{"result":[1]}' >"$CRONWRIGHT_EVENTS"`;
    const running = new Running(context, task('exits', [], { command: { kind: 'shell', line } }));
    await running.outcome;
    const message = '1 line on CRONWRIGHT_EVENTS was not understood and left out';
    assert.deepEqual(
      running.reports.map(({ event }) => event),
      [
        { kind: 'progress', value: 0.5 },
        { kind: 'result', value: '[1]' },
        { kind: 'message', level: 'warning', message },
      ],
    );
  },
);

test('The output of all attempts is in the output file', async (context) => {
  const file = join(temporaryDirectory(), 'log');
  const output = { keep: 1024, file, rotate: { size: 1024 * 1024, keep: 1 } };
  const retry = { ...retries, delay: 0 };
  await new Running(context, task('fails-twice', [], { output, retry })).outcome;
  assert.equal(readFileSync(file, 'utf8'), 'attempt 1\nattempt 2\nattempt 3\n');
});

test('An output file that cannot be written is told of, and the task runs', async (context) => {
  const output = { keep: 1024, file: '/nonexistent/log', rotate: { size: 1024, keep: 1 } };
  const running = new Running(context, task('fails-twice', [], { output }));
  assert.equal((await running.outcome).attempts, 1);
  assert.equal(running.text('stdout'), 'attempt 1\n');
  const [report] = running.reports;
  assert.ok(report?.event.kind === 'message' && report.event.level === 'warning');
  assert.match(report.event.message, /\/nonexistent\/log/);
});

test('The cost of a run is that of all of its attempts', onLinux, async (context) => {
  const retry = { ...retries, attempts: 2, delay: 0 };
  const line = `${fixture('burns-processor-time')} 10; exit 1`;
  const running = new Running(context, task('exits', [], { retry, command: { kind: 'shell', line } }));
  const { cost } = await running.outcome;
  const each = running.ended.map((attempt) => attempt.cost.cpuMs ?? 0);
  assert.ok(each.length === 2 && each.every((cpuMs) => cpuMs >= 100));
  assert.equal(cost.cpuMs, (each[0] ?? 0) + (each[1] ?? 0));
});

test(
  'A background process that holds the output neither wedges the run nor is killed',
  withoutSetsid,
  async (context) => {
    const running = new Running(context, task('holds-stdout', [], { timeout: hour }));
    const holder = await running.pidAfter('holder');
    const { state } = await running.outcome;
    assert.equal(state, 'succeeded');
    assert.ok(isAlive(holder));
  },
);

test('What comes through the pipes soon after the end of the task is kept', async (context) => {
  const running = new Running(context, task('speaks-after-its-end'));
  await running.outcome;
  assert.equal(running.text('stdout'), 'late\n');
});

test('A cancelled task is ended, names the signal and is not tried again', async (context) => {
  const running = new Running(context, task('sleeps-forever', [], { retry: retries }));
  await running.says('ready');
  running.cancel('SIGINT');
  const { state, end, attempts } = await running.outcome;
  assert.deepEqual(
    { state, end, attempts },
    { state: 'cancelled', end: { kind: 'cancelled', by: 'SIGINT' }, attempts: 1 },
  );
  assert.ok(!isAlive(running.started[0]?.pid ?? 0));
});

test('A task that was cancelled before its start is not started', async (context) => {
  const before = new AbortController();
  before.abort('SIGHUP');
  const running = new Running(context, task('exits', [0]), undefined, before);
  const { state, end, attempts } = await running.outcome;
  assert.deepEqual(
    { state, end, attempts },
    { state: 'cancelled', end: { kind: 'cancelled', by: 'SIGHUP' }, attempts: 0 },
  );
  assert.deepEqual(running.started, []);
});

test('A task that fails twice and may try three times succeeds in its third attempt', async (context) => {
  const running = new Running(context, task('fails-twice', [], { retry: retries }));
  for (const failures of [1, 2]) {
    await until(`attempt ${failures} has failed`, () => running.waits.length === failures);
    running.clock.push(hour);
  }
  const { state, attempts } = await running.outcome;
  assert.deepEqual({ state, attempts }, { state: 'succeeded', attempts: 3 });
  assert.equal(running.text('stdout'), 'attempt 1\nattempt 2\nattempt 3\n');
  assert.deepEqual(
    running.ended.map(({ end }) => end),
    [1, 1, 0].map((status) => ({ kind: 'exited', status, ok: status === 0 })),
  );
});

test('The next attempt waits for the delay, and the observer knows until when', async (context) => {
  const running = new Running(context, task('fails-twice', [], { retry: retries }));
  await until('the first attempt has failed', () => running.waits.length === 1);
  assert.ok((running.waits[0]?.until ?? 0) > running.clock.now() + hour - 60_000);
  running.clock.push(hour - 60_000);
  assert.equal(running.started.length, 1);
  running.clock.push(60_000);
  await until('the second attempt runs', () => running.started.length === 2);
  running.cancel('SIGTERM');
  await running.outcome;
});

test('A cancellation while a task waits for its next attempt ends the run at once', async (context) => {
  const running = new Running(context, task('exits', [1], { retry: retries }));
  await until('the first attempt has failed', () => running.waits.length === 1);
  running.cancel('SIGTERM');
  const { state, end, attempts } = await running.outcome;
  assert.deepEqual(
    { state, end, attempts },
    { state: 'cancelled', end: { kind: 'cancelled', by: 'SIGTERM' }, attempts: 1 },
  );
});

test('An attempt that timed out is tried again only when nothing of it is left', async (context) => {
  const twice = { ...retries, attempts: 2 };
  const running = new Running(context, task('leaves-a-deaf-child', [], { timeout: hour, grace: hour, retry: twice }));
  const deaf = await running.pidAfter('ready');
  running.clock.push(hour);
  await until('the direct child has ended', () => !isAlive(running.started[0]?.pid ?? 0));
  assert.equal(running.started.length, 1);
  running.clock.push(hour);
  await until('the next attempt is announced', () => running.waits.length === 1);
  assert.ok(!isAlive(deaf));
  running.cancel('SIGTERM');
  await running.outcome;
});

test('An observer that throws or rejects does the task no harm', async (context) => {
  const broken = () => {
    throw new Error('the database is full');
  };
  const rejecting = async () => broken();
  const observer = {
    attemptStarted: broken,
    output: rejecting,
    reported: broken,
    attemptEnded: rejecting,
    waiting: broken,
  };
  const retry = { ...retries, delay: 0 };
  const { state, attempts } = await new Running(context, task('fails-twice', [], { retry }), observer).outcome;
  assert.deepEqual({ state, attempts }, { state: 'succeeded', attempts: 3 });
});

test('Every process of the task carries the run', async (context) => {
  const run = randomBytes(8).toString('hex');
  const command = { kind: 'shell', line: 'sh -c \'echo "$CRONWRIGHT_RUN $CRONWRIGHT_ATTEMPT"\'' } as const;
  const running = new Running(context, task('exits', [0], { run, command }));
  await running.outcome;
  assert.equal(running.text('stdout'), `${run} 1\n`);
});
