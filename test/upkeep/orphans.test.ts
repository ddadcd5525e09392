import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import type { Job } from '../../src/job/job.ts';
import { eventsOf } from '../../src/store/events.ts';
import { outboxState } from '../../src/store/outbox.ts';
import { openRuns, requestCancel } from '../../src/store/runs.ts';
import { tick } from '../../src/upkeep/tick.ts';
import { mailThrough, shell, siteOf, worldOf } from '../launch/rig.ts';
import { isAlive, until } from '../run/rig.ts';

/** A task that goes on although its wrapper was killed, and the ticks that meet it. */
async function orphan(t: TestContext, changes: Partial<Job> = {}) {
  const command = shell('echo "$CRONWRIGHT_RUN $$" >>"$NOTES"; read word <"$GO"');
  const site = siteOf(t, { command, ...changes }, () => mailThrough('refuses', '75'));
  const { child, ended } = site.start('run', '--at-boot', site.job);
  const [note = ''] = await site.noted(1);
  const [run = '', pid] = note.split(' ');
  await until('the process is recorded', () => openRuns(site.store)[0]?.taskPid === Number(pid));
  child.kill('SIGKILL');
  await ended;
  const later = (ms: number) => tick(worldOf(site.store, { ...systemClock, now: () => Date.now() + ms }));
  const seen = () => eventsOf(site.store, run).map(({ message }) => message);
  return { site, run, pid: Number(pid), later, seen, state: () => site.runs()[0]?.state };
}

const goesOn = 'its wrapper is gone, and its task goes on without it';
const retry = { attempts: 3, delay: 0, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' } as const;

suite('a task that has outlived its wrapper', () => {
  test('is noted once, and left alone', async (t) => {
    const { later, seen, state, pid } = await orphan(t);
    await later(0);
    await later(60_000);
    assert.deepEqual([seen(), state(), isAlive(pid)], [[goesOn], 'running', true]);
  });

  test('is not done again once it has ended: perhaps it did all of its work', async (t) => {
    const { site, later, pid } = await orphan(t, { retry });
    await later(0);
    site.go();
    await until('the task has ended', () => !isAlive(pid));
    await later(1_000);
    await later(2_000);
    const [run, ...more] = site.runs();
    assert.deepEqual([run?.state, run?.retryAt, more], ['interrupted', null, []]);
    assert.match(run?.reason ?? '', /its task went on and has ended, nobody knows how$/);
    assert.equal(outboxState(site.store, 0).waiting, 1);
  });

  test('is ended at its timeout, and told as timed out', async (t) => {
    const { site, later, state, pid } = await orphan(t, { timeout: 600_000, retry });
    await later(590_000);
    assert.deepEqual([state(), isAlive(pid)], ['running', true]);
    await later(601_000);
    const [run] = site.runs();
    assert.deepEqual([run?.state, run?.retryAt, isAlive(pid)], ['timed-out', null, false]);
    assert.match(run?.reason ?? '', /^took longer than its timeout of 10 minutes and was ended by the tick/);
    const told = site.store.db.get<{ subject: string }>('SELECT subject FROM outbox')?.subject;
    assert.match(told ?? '', /timed out: took longer/);
  });

  test('is ended where somebody has asked for that, whoever was to do it', async (t) => {
    const { site, run, later, pid } = await orphan(t);
    requestCancel(site.store, run, 'ann on db1');
    await later(0);
    const { state, reason } = site.runs()[0] ?? {};
    assert.deepEqual([state, reason, isAlive(pid)], ['cancelled', 'was cancelled by ann on db1', false]);
    assert.equal(outboxState(site.store, 0).waiting, 0);
  });

  test('means nothing after a reboot', async (t) => {
    const { site, later, state } = await orphan(t);
    site.store.db.run("UPDATE run SET boot = 'an earlier one'");
    await later(0);
    assert.equal(state(), 'interrupted');
  });
});
