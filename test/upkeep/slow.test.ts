import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { Job, MailSettings } from '../../src/job/job.ts';
import { thisProcess } from '../../src/launch/holder.ts';
import { eventsOf } from '../../src/store/events.ts';
import { claimFromOutbox, outboxState } from '../../src/store/outbox.ts';
import { updateOutput } from '../../src/store/output.ts';
import { closeRun, openAttempt, openRuns } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { tellSlowRuns } from '../../src/upkeep/slow.ts';
import { mailThrough, shell, siteOf, storeWith, worldOf } from '../launch/rig.ts';
import { MovedClock } from '../moved-clock.ts';
import { until } from '../run/rig.ts';
import { begin, installJobs, jobOf, minute, morning } from '../store/rig.ts';

const warnAfter = 30 * minute;
const mail = mailThrough('refuses', '75');
const told = { on: ['slow'], to: [] } as const;

/** A job with a run that goes on since the morning, and the ticks that meet it. */
function site(t: TestContext, changes: Partial<Job> = {}, through: readonly MailSettings[] = [mail]) {
  const { store } = storeWith(t, jobOf('backup', { warnAfter, notify: told, ...changes }), through[0]);
  begin(store, { run: 'run1', holder: thisProcess() });
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  const after = async (ms: number): Promise<readonly string[]> => {
    clock.move(ms);
    await tellSlowRuns(world);
    return subjects(store);
  };
  return { store, world, after };
}

function subjects({ db }: Store): readonly string[] {
  return db.all<{ subject: string }>('SELECT subject FROM outbox ORDER BY id').map(({ subject }) => subject);
}

const subject = '[db1] shop/backup is slow: it takes longer than 30 minutes and goes on';

suite('a run that takes longer than its warn-after', () => {
  test('is told once, while it goes on', async (t) => {
    const { store, after } = site(t);
    assert.deepEqual(await after(warnAfter - 1), []);
    assert.deepEqual(await after(1), [subject]);
    assert.deepEqual(await after(minute), [subject]);
    assert.deepEqual(
      eventsOf(store, 'run1').map(({ level, message }) => [level, message]),
      [['warning', 'takes longer than 30 minutes (warn-after)']],
    );
  });

  test('is told with what it wrote so far', async (t) => {
    const { store, after } = site(t);
    openAttempt(store, 'run1', 1, morning);
    const total = { bytes: 8, omitted: 0 };
    const add = [{ seq: 1, attempt: 1, stream: 'stdout', at: morning, bytes: Buffer.from('half\n\u001b[0m') }] as const;
    updateOutput(store, { run: 'run1', add, drop: [], totals: { stdout: total, stderr: total } });
    await after(warnAfter);
    assert.match(claimFromOutbox(store, morning + warnAfter)?.text ?? '', /\n {2}\| half\n/);
  });

  test('is told each for itself where several go on', async (t) => {
    const { store, after } = site(t, { overlap: 'allow' });
    begin(store, { run: 'run2', at: morning + minute, holder: thisProcess() });
    assert.deepEqual(await after(warnAfter), [subject]);
    assert.deepEqual(await after(minute), [subject, subject]);
    const runs = store.db.all('SELECT run FROM outbox ORDER BY run');
    assert.deepEqual(runs, [{ run: 'run1' }, { run: 'run2' }]);
  });

  test('counts from its first attempt, its waits included', async (t) => {
    const retry = { attempts: 3, delay: 0, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' } as const;
    const { store, after } = site(t, { retry });
    openAttempt(store, 'run1', 1, morning);
    openAttempt(store, 'run1', 2, morning + warnAfter - minute);
    await after(warnAfter);
    assert.match(claimFromOutbox(store, morning + warnAfter)?.text ?? '', /^ {2}attempt {2}2 of 3$/m);
  });

  test('is told on standard error where there is no mail, once', async (t) => {
    const { world, after } = site(t, {}, []);
    await after(warnAfter);
    await after(minute);
    const since = 'shop/backup on db1 has been going on for 30 minutes';
    assert.equal(world.complaints.join('').split(since).length - 1, 1);
  });

  test('is noted and not told where the job does not ask for that', async (t) => {
    const { store, world, after } = site(t, { notify: { on: ['failure'], to: [] } }, []);
    assert.deepEqual([await after(warnAfter), world.complaints], [[], []]);
    assert.equal(eventsOf(store, 'run1').length, 1);
  });

  test('is measured by the warn-after that the job had when it began', async (t) => {
    const { store, after } = site(t);
    installJobs(store, [jobOf('backup', { warnAfter: minute, notify: told })], mail);
    assert.deepEqual(await after(warnAfter - 1), []);
    assert.deepEqual(await after(1), [subject]);
  });
});

suite('nothing is told of a run', () => {
  test('that has ended', async (t) => {
    const { store, after } = site(t);
    closeRun(store, { run: 'run1', state: 'succeeded', at: morning + warnAfter - 1 });
    assert.deepEqual(await after(warnAfter), []);
  });

  test('whose processes are gone: it is closed, and told as that', async (t) => {
    const { store, after } = site(t);
    store.db.run("UPDATE run SET boot = 'an earlier one'");
    assert.deepEqual(await after(warnAfter), []);
  });

  test('of a job without warn-after, or one that an earlier version stored', async (t) => {
    const { store, after } = site(t, { warnAfter: 0 });
    assert.deepEqual(await after(400 * 86_400_000), []);
    store.db.run("UPDATE job SET spec = json_remove(spec, '$.warnAfter')");
    assert.deepEqual(await after(minute), []);
  });
});

test('A task that has outlived its wrapper is told as slow, and as such', async (t) => {
  const command = shell('echo "$CRONWRIGHT_RUN" >>"$NOTES"; read word <"$GO"');
  const own = siteOf(t, { command, warnAfter, notify: told }, () => mail);
  const { child, ended } = own.start('run', '--at-boot', own.job);
  await own.noted(1);
  await until('the task is recorded', () => typeof openRuns(own.store)[0]?.taskPid === 'number');
  child.kill('SIGKILL');
  await ended;
  const world = worldOf(own.store, { ...systemClock, now: () => Date.now() + warnAfter });
  await tellSlowRuns(world);
  await tellSlowRuns(world);
  assert.equal(outboxState(own.store, 0).waiting, 1);
  assert.match(claimFromOutbox(own.store, world.clock.now())?.text ?? '', /Its wrapper is gone and the task goes on/);
});
