import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile as writeFileAsync } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Job } from '../../src/job/job.ts';
import { type Launched, launch } from '../../src/launch/launch.ts';
import type { Observer } from '../../src/run/observer.ts';
import { lastRecord, spooled } from '../../src/store/lying.ts';
import { outputOf } from '../../src/store/output.ts';
import { attemptsOf, history, type Run, requestCancel, type Trigger } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { fixture, PushedClock, silent, until } from '../run/rig.ts';
import { type Companion, companion, jobOf } from '../store/rig.ts';
import { shell, storeWith, worldOf } from './rig.ts';

type Ran = Extract<Launched, { kind: 'ran' }>;

const everyMinute = ['* * * * *'] as const;

function program(name: string, ...args: readonly string[]): Job['command'] {
  return { kind: 'program', argv: [fixture(name), ...args] };
}

/** A job that is installed, and a world in which it can be launched. */
function site(t: TestContext, changes: Partial<Job>, onlooker?: Observer) {
  const { store, installed } = storeWith(t, jobOf('backup', { schedule: everyMinute, ...changes }));
  const clock = new PushedClock();
  const world = worldOf(store, clock, { onlooker });
  const start = (trigger: Trigger = 'schedule') => launch(world, { installed, trigger, startedAt: clock.now() });
  const ran = async (trigger?: Trigger): Promise<Ran> => {
    const launched = await start(trigger);
    assert.ok(launched.kind === 'ran');
    return launched;
  };
  return { store, world, clock, start, ran };
}

function onlyRun(store: Store): Run {
  const [run, ...others] = history(store, { limit: 10 });
  assert.ok(run);
  assert.deepEqual(others, []);
  return run;
}

function outputText(store: Store, run: string): string {
  return Buffer.concat(outputOf(store, run).map(({ bytes }) => bytes)).toString();
}

/** What a run that is recorded says of its end. */
function ending({ state, exitCode, signal, reason, attempts }: Run) {
  return { state, exitCode, signal, reason, attempts };
}

suite('launching a job', () => {
  test('that succeeds records it with its output and complains about nothing', async (t) => {
    const { store, world, ran } = site(t, { command: shell('echo done; echo loud >&2') });
    const { run, status } = await ran();
    const recorded = onlyRun(store);
    assert.deepEqual([recorded.run, status], [run, 0]);
    assert.deepEqual(ending(recorded), { state: 'succeeded', exitCode: 0, signal: null, reason: null, attempts: 1 });
    assert.equal(recorded.trigger, 'schedule');
    assert.ok(recorded.endedAt !== null && recorded.endedAt >= recorded.startedAt);
    assert.deepEqual(outputText(store, run).split('\n').sort(), ['', 'done', 'loud']);
    assert.deepEqual(world.complaints, []);
  });

  test('that fails at every attempt records each of them, and tells once', async (t) => {
    const retry = { attempts: 3, delay: 1, backoff: 'fixed', maxDelay: 1, jitter: 0, on: 'any' } as const;
    const { store, world, ran } = site(t, { command: shell('echo trying; exit 3'), retry });
    const { run, status } = await ran();
    const reason = 'exited with status 3';
    assert.equal(status, 3);
    assert.deepEqual(ending(onlyRun(store)), { state: 'failed', exitCode: 3, signal: null, reason, attempts: 3 });
    assert.deepEqual(
      attemptsOf(store, run).map(({ end }) => end),
      [reason, reason, reason],
    );
    assert.equal(world.complaints.length, 1);
    assert.match(world.complaints[0] ?? '', /^shop\/backup on db1 exited with status 3\.\n/);
  });

  test('that a signal ends records the signal', async (t) => {
    const { store, ran } = site(t, { command: shell('kill -SEGV $$') });
    const { status } = await ran();
    assert.deepEqual([onlyRun(store).signal, onlyRun(store).state, status], ['SIGSEGV', 'failed', 128 + 11]);
  });

  test('that takes too long ends it, and records the timeout', async (t) => {
    const started = Promise.withResolvers<void>();
    const onlooker = { ...silent, attemptStarted: () => started.resolve() };
    const { store, clock, start } = site(t, { command: program('sleeps-forever'), timeout: 90_000 }, onlooker);
    const launched = start();
    await started.promise;
    await new Promise((resolve) => setImmediate(resolve));
    clock.push(90_000);
    const ran = await launched;
    assert.ok(ran.kind === 'ran');
    const { state, reason } = onlyRun(store);
    assert.deepEqual(
      [state, reason, ran.status],
      ['timed-out', 'took longer than its timeout of 1 minute 30 seconds and was ended', 124],
    );
  });

  test('whose command is not there records why', async (t) => {
    const { store, ran } = site(t, { command: { kind: 'program', argv: ['/nowhere/backup'] } });
    const { status } = await ran();
    const { state, reason } = onlyRun(store);
    assert.deepEqual([state, status], ['failed', 127]);
    assert.match(reason ?? '', /^could not be started: /);
  });

  test('whose env-file is missing, or open to others, records why and what mends it', async (t) => {
    const path = join(storeWith(t, jobOf('other')).store.directory, 'secrets');
    const { store, world, ran } = site(t, { envFiles: [path] });
    assert.equal((await ran()).status, 125);
    const { state, attempts, reason } = onlyRun(store);
    assert.deepEqual([state, attempts], ['failed', 0]);
    assert.match(
      reason ?? '',
      /could not be started: cannot read the env-file: .*\(check env-file: in the jobs file\)/,
    );
    assert.match(world.complaints[0] ?? '', /cannot read the env-file/);
    writeFileSync(path, 'A=1\n', { mode: 0o644 });
    const again = site(t, { envFiles: [path] });
    await again.ran();
    assert.match(onlyRun(again.store).reason ?? '', /has mode 0644.*\(chmod 600 /);
  });

  test('that somebody asks to end ends the task, and tells nobody', async (t) => {
    const { store, world, start } = site(t, { command: shell('echo ready; sleep 1000') });
    const launched = start();
    await until('the task is ready', () => {
      const [run] = history(store, { limit: 1 });
      return run !== undefined && outputText(store, run.run) !== '';
    });
    requestCancel(store, onlyRun(store).run, 'ann');
    world.canceller.abort('SIGTERM');
    const ran = await launched;
    assert.ok(ran.kind === 'ran');
    const { state, reason } = onlyRun(store);
    assert.deepEqual([state, reason, ran.status], ['cancelled', 'was cancelled by ann', 128 + 15]);
    assert.deepEqual(world.complaints, []);
  });

  test('at the wrong minute, or twice, does not start it', async (t) => {
    const { store, start, clock } = site(t, { command: shell('echo ran') });
    // Both within one minute, whatever the time.
    clock.push(60_000 - (clock.now() % 60_000));
    assert.equal((await start()).kind, 'ran');
    assert.deepEqual(await start(), { kind: 'not-due' });
    assert.equal(outputText(store, onlyRun(store).run), 'ran\n');
    const wrong = site(t, { schedule: ['@reboot'] });
    assert.deepEqual(await wrong.start(), { kind: 'not-due' });
    assert.deepEqual(history(wrong.store, { limit: 1 }), []);
  });

  test('gives the task cron’s environment, the same by hand, without what the wrapper has of its own', async (t) => {
    const command = shell('echo "$HOME $LOGNAME $CRONWRIGHT_JOB ${SECRET-no secret} $MINE"');
    const { store, ran } = site(t, { command, env: { MINE: 'mine ${SECRET}' } });
    for (const trigger of ['schedule', 'manual'] as const) {
      const { run } = await ran(trigger);
      assert.equal(outputText(store, run), '/ ann shop/backup no secret mine from the wrapper\n');
    }
  });

  test('lets somebody look on, whose failures do no harm', async (t) => {
    const seen: string[] = [];
    const onlooker: Observer = {
      ...silent,
      attemptStarted: ({ number }) => void seen.push(`started ${number}`),
      output: ({ bytes }) => void seen.push(Buffer.from(bytes).toString()),
      attemptEnded({ end }) {
        seen.push(end.kind);
        throw new Error('the terminal is gone');
      },
    };
    const { store, ran } = site(t, { command: shell('echo hello') }, onlooker);
    await ran('manual');
    assert.deepEqual(seen, ['started 1', 'hello\n', 'exited']);
    assert.equal(onlyRun(store).state, 'succeeded');
  });

  test('is not kept from its work by a process that locks the store, and is recorded whole afterwards', async (t) => {
    const fifo = join(mkdtempSync(join(tmpdir(), 'cronwright-fifo-')), 'go');
    execFileSync('mkfifo', [fifo]);
    t.after(() => rmSync(dirname(fifo), { recursive: true }));
    const started = Promise.withResolvers<void>();
    let other: Companion | undefined;
    let storedAtEnd: readonly unknown[] = [];
    const onlooker: Observer = {
      ...silent,
      attemptStarted: () => started.resolve(),
      attemptEnded() {
        storedAtEnd = outputOf(store, onlyRun(store).run);
        other?.go();
      },
    };
    // More than a pipe holds: the task could not end if nobody read what it writes.
    const command = shell(`read go <${fifo}; head -c 300000 /dev/zero | tr '\\0' x`);
    const { store, world, ran } = site(t, { command }, onlooker);
    const launched = ran();
    await started.promise;
    other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    await writeFileAsync(fifo, 'go\n');
    const { run } = await launched;
    await other.rest();
    assert.deepEqual(storedAtEnd, []);
    assert.deepEqual([onlyRun(store).state, onlyRun(store).stdoutBytes], ['succeeded', 300_000]);
    assert.match(outputText(store, run), /^x{100000,}$/);
    assert.deepEqual(world.complaints, []);
  });

  test('whose output cannot be stored is recorded in the spool, and told', async (t) => {
    const { store, world, ran } = site(t, { command: shell('echo lost; exit 4') });
    store.db.run('DROP TABLE output');
    const { status } = await ran();
    assert.equal(status, 4);
    const [lying] = spooled(store.directory, 0);
    const record = lying && lastRecord(lying);
    assert.deepEqual([record?.run.run, record?.run.state, record?.run.exitCode], [onlyRun(store).run, 'failed', 4]);
    const said = world.complaints.join('');
    assert.match(said, /no such table: output\n +at /);
    assert.match(said, /exited with status 4.*\| lost/s);
  });

  test('that meets a mistake of ours leaves the run to who closes those of the dead, and nothing that writes on', async (t) => {
    const { store, installed } = storeWith(t, jobOf('backup'));
    const world = worldOf(store, new PushedClock());
    const mistaken = { ...installed, job: { ...installed.job, retry: undefined as never } };
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await assert.rejects(launch(world, { installed: mistaken, trigger: 'manual', startedAt: 1 }), TypeError);
    assert.deepEqual([onlyRun(store).state, timers()], ['running', before]);
  });
});
