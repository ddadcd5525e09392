import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { Job } from '../../src/job/job.ts';
import { setDue } from '../../src/store/due.ts';
import { outboxState } from '../../src/store/outbox.ts';
import { dueRetries } from '../../src/store/retries.ts';
import { closeRun, openRuns } from '../../src/store/runs.ts';
import { closeDeadRuns } from '../../src/upkeep/dead-runs.ts';
import { tick } from '../../src/upkeep/tick.ts';
import { launcherIn, mailThrough, shell, siteOf, worldOf } from '../launch/rig.ts';
import { until } from '../run/rig.ts';
import { begin, installJobs } from '../store/rig.ts';

const hour = 3_600_000;
const retry = { attempts: 3, delay: hour, backoff: 'fixed', maxDelay: hour, jitter: 0, on: 'any' } as const;
const fails = shell('echo "$CRONWRIGHT_ATTEMPT ${CRONWRIGHT_SLOT-none}" >>"$NOTES"; exit 1');

function site(t: TestContext, changes: Partial<Job> = {}) {
  const own = siteOf(t, { command: fails, retry, ...changes }, () => mailThrough('refuses', '75'));
  // No cron starts it, and what it misses is no matter here.
  setDue(own.store, own.job, undefined);
  const launcher = launcherIn(own.store.directory);
  // The wrappers that a tick starts have the time of the machine.
  const at = (now: () => number) => worldOf(own.store, { ...systemClock, now }, { launcher });
  return { ...own, at, later: (ms: number) => at(() => Date.now() + ms), now: at(() => Date.now()) };
}

/** A run whose wrapper was killed while it waited for its second attempt. */
async function killedBetween(t: TestContext, changes: Partial<Job> = {}) {
  const own = site(t, changes);
  const { child, ended } = own.start('run', '--scheduled', own.job);
  await until('it waits for its second attempt', () => openRuns(own.store)[0]?.retryAt != null);
  const due = openRuns(own.store)[0]?.retryAt ?? 0;
  child.kill('SIGKILL');
  await ended;
  return { ...own, due };
}

suite('the attempts that a killed run still owes', () => {
  test('are kept at their time, and told once with the interruption', async (t) => {
    const { store, runs, due, now } = await killedBetween(t);
    await tick(now);
    await tick(now);
    const [run, ...more] = runs();
    assert.deepEqual([run?.state, run?.retryAt, run?.retryAttempt, more], ['interrupted', due, 2, []]);
    assert.match(run?.reason ?? '', /waiting for its next attempt, and attempt 2 follows in (1 hour|59 minutes)/);
    assert.equal(outboxState(store, 0).waiting, 1);
  });

  test('are made once, by however many ticks, with their number and for the slot of the first run', async (t) => {
    const { runs, noted, later } = await killedBetween(t);
    const first = runs()[0];
    await Promise.all([tick(later(hour)), tick(later(hour)), tick(later(hour))]);
    const notes = await noted(2);
    await tick(later(hour));
    const slot = new Date(first?.slot ?? 0).toISOString();
    assert.deepEqual(notes, [`1 ${slot}`, `2 ${slot}`]);
    const [, second, ...more] = runs();
    assert.deepEqual([second?.trigger, second?.continues, second?.slot, more], ['retry', first?.run, null, []]);
    await until('it waits for its third attempt', () => runs()[1]?.retryAttempt === 3);
    process.kill(Number(openRuns(later(0).store)[0]?.pid), 'SIGKILL');
    await until('nobody holds it', () => {
      closeDeadRuns(later(0));
      return runs()[1]?.state === 'interrupted';
    });
    await tick(later(2 * hour));
    assert.equal((await noted(3))[2], `3 ${slot}`);
    await until('the last is over', () => runs()[2]?.state === 'failed');
    assert.equal(runs()[2]?.attempts, 3);
    assert.deepEqual(dueRetries(later(0).store, Date.now() + 9 * hour), []);
  });

  test('are none where the last was cut short', (t) => {
    const { store, runs, now, job } = site(t);
    begin(store, { run: 'last', job });
    store.db.run("UPDATE run SET attempts = 3 WHERE id = 'last'");
    closeDeadRuns(now);
    assert.deepEqual([runs()[0]?.state, runs()[0]?.retryAt], ['interrupted', null]);
  });

  test('are none where an attempt was cut short and only some statuses are worth another', (t) => {
    const { store, runs, now, job } = site(t, { retry: { ...retry, on: [75] } });
    begin(store, { run: 'middle', job });
    closeDeadRuns(now);
    assert.deepEqual([runs()[0]?.state, runs()[0]?.retryAt], ['interrupted', null]);
  });

  test('are the next one, after its delay, where an attempt was cut short', (t) => {
    const { store, runs, at, job } = site(t);
    begin(store, { run: 'middle', job });
    closeDeadRuns(at(() => 1_000));
    assert.deepEqual([runs()[0]?.retryAt, runs()[0]?.retryAttempt], [1_000 + hour, 2]);
  });

  test('are forgotten with the job', async (t) => {
    const { store, now, job } = site(t);
    begin(store, { run: 'one', job });
    closeRun(store, { run: 'one', state: 'interrupted', at: 1, retry: { at: 1, attempt: 2 } });
    installJobs(store, []);
    await tick(now);
    assert.deepEqual([dueRetries(store, Date.now()), now.complaints], [[], []]);
  });

  test('are complained about, and stay due, where no wrapper can be started', async (t) => {
    const { store, now, job } = site(t);
    begin(store, { run: 'one', job });
    closeRun(store, { run: 'one', state: 'interrupted', at: 1, retry: { at: 1, attempt: 2 } });
    const world = { ...now, launcher: '/nowhere/cronwright' };
    await tick(world);
    await until('it is complained about', () => world.complaints.length > 0);
    assert.match(world.complaints.join(''), /^cronwright: run one could not be tried again: .*ENOENT/);
    assert.equal(dueRetries(store, Date.now()).length, 1);
  });
});
