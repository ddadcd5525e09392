import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, type TestContext, test } from 'node:test';
import { thisProcess } from '../../src/launch/holder.ts';
import { startTime } from '../../src/run/tree.ts';
import { noteTask } from '../../src/store/notes.ts';
import { claimFromOutbox } from '../../src/store/outbox.ts';
import { updateOutput } from '../../src/store/output.ts';
import { attemptsOf, closeAttempt, findRuns, openAttempt, requestCancel } from '../../src/store/runs.ts';
import { closeDeadRuns } from '../../src/upkeep/dead-runs.ts';
import { mailThrough, storeWith, worldOf } from '../launch/rig.ts';
import { MovedClock } from '../moved-clock.ts';
import { begin, companion, installJobs, jobOf, minute, morning } from '../store/rig.ts';

const mail = mailThrough('refuses', '1');

function site(t: TestContext, through = true) {
  const { store } = storeWith(t, jobOf('backup'), through ? mail : undefined);
  const clock = new MovedClock(morning + 10 * minute);
  const world = worldOf(store, clock);
  return { store, world, clock };
}

/** A run whose wrapper is a real process that was killed. */
async function killedRun(t: TestContext, directory: string, byHand: readonly string[] = []): Promise<string> {
  const { child, line } = companion(t, 'holds-run', directory, String(morning), ...byHand);
  const run = await line();
  assert.ok(run);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return run;
}

suite('a run whose wrapper was killed', () => {
  test('is closed as interrupted and told once, however often one looks', async (t) => {
    const { store, world, clock } = site(t);
    const run = await killedRun(t, store.directory);
    closeDeadRuns(world);
    closeDeadRuns(world);
    const [closed] = findRuns(store, run);
    assert.deepEqual([closed?.state, closed?.endedAt, closed?.exitCode], ['interrupted', clock.now(), null]);
    assert.match(closed?.reason ?? '', /its wrapper is gone/);
    const told = claimFromOutbox(store, clock.now());
    assert.match(told?.subject ?? '', /^\[db1\] shop\/backup was interrupted: /);
    assert.equal(claimFromOutbox(store, clock.now()), undefined);
    assert.deepEqual(world.complaints, []);
  });

  test('is left alone while the process lives', async (t) => {
    const { store, world } = site(t);
    const { line } = companion(t, 'holds-run', store.directory, String(morning));
    const run = (await line()) ?? '';
    closeDeadRuns(world);
    assert.equal(findRuns(store, run)[0]?.state, 'running');
  });

  test('is told with what it had written and tried', (t) => {
    const { store, world, clock } = site(t);
    const run = begin(store, { run: 'run1' });
    openAttempt(store, run, 1, morning);
    closeAttempt(store, run, { number: 1, at: morning + 1_000, end: 'exited with status 9' });
    openAttempt(store, run, 2, morning + 2_000);
    const add = [{ seq: 1, attempt: 2, stream: 'stdout', at: morning, bytes: Buffer.from('half way\n') }] as const;
    const total = { bytes: 9, omitted: 0 };
    updateOutput(store, { run, add, drop: [], totals: { stdout: total, stderr: total } });
    closeDeadRuns(world);
    const { text = '' } = claimFromOutbox(store, clock.now()) ?? {};
    assert.match(text, /1 {2}\d\d:\d\d:\d\d {2}exited with status 9, after 1 second/);
    assert.match(text, /2 {2}\d\d:\d\d:\d\d {2}was interrupted/);
    assert.match(text, /\| half way/);
    assert.equal(attemptsOf(store, run).length, 2);
  });

  test('by hand is told on standard error where there is no mail', async (t) => {
    const { store, world } = site(t, false);
    await killedRun(t, store.directory, ['by hand']);
    closeDeadRuns(world);
    assert.equal(world.complaints.length, 1);
    assert.match(world.complaints[0] ?? '', /^shop\/backup on db1 was interrupted/);
  });

  test('of a job that was removed meanwhile is told as it was installed then', (t) => {
    const { store, world, clock } = site(t);
    begin(store, { run: 'run1' });
    installJobs(store, [], mail);
    closeDeadRuns(world);
    assert.match(claimFromOutbox(store, clock.now())?.subject ?? '', /shop\/backup was interrupted/);
  });

  test('is judged by all that it did until its end', (t) => {
    const { store, world } = site(t);
    const retry = { ...jobOf('backup').retry, attempts: 3 };
    const run = begin(store, { run: 'run1', revision: installJobs(store, [jobOf('backup', { retry })], mail) });
    const all = store.db.all.bind(store.db);
    const goOnBehind = (...query: Parameters<typeof all>) => {
      const rows = all(...query);
      openAttempt(store, run, 1, morning);
      return rows;
    };
    t.mock.method(store.db, 'all', goOnBehind, { times: 1 });
    closeDeadRuns(world);
    const [closed] = findRuns(store, run);
    assert.deepEqual([closed?.state, closed?.retryAttempt], ['interrupted', 2]);
  });

  test('is left alone where its task was begun behind the first look, and goes on', (t) => {
    const { store, world } = site(t);
    const { pid = 0 } = spawn('sleep', ['1000'], { detached: true });
    t.after(() => process.kill(pid, 'SIGKILL'));
    const mine = thisProcess();
    const run = begin(store, { run: 'run1', holder: { ...mine, born: mine.born + 1 } });
    const all = store.db.all.bind(store.db);
    const beginBehind = (...query: Parameters<typeof all>) => {
      const rows = all(...query);
      noteTask(store, run, { pid, born: startTime(pid) ?? 0 });
      return rows;
    };
    t.mock.method(store.db, 'all', beginBehind, { times: 1 });
    closeDeadRuns(world);
    assert.equal(findRuns(store, run)[0]?.state, 'running');
  });

  test('is no other that is held by this process', (t) => {
    const { store, world } = site(t);
    begin(store, { run: 'dead' });
    begin(store, { run: 'mine', holder: thisProcess() });
    closeDeadRuns(world);
    assert.deepEqual(
      [findRuns(store, 'dead')[0]?.state, findRuns(store, 'mine')[0]?.state],
      ['interrupted', 'running'],
    );
  });

  test('after somebody had asked for its end is cancelled, and no news', (t) => {
    const { store, world, clock } = site(t);
    begin(store, { run: 'run1' });
    requestCancel(store, 'run1', 'ann on db1');
    closeDeadRuns(world);
    const [closed] = findRuns(store, 'run1');
    assert.deepEqual([closed?.state, closed?.reason], ['cancelled', 'was cancelled by ann on db1']);
    assert.equal(claimFromOutbox(store, clock.now()), undefined);
  });

  test('is closed and told in one step: where the mail cannot be put down, it stays open', (t) => {
    const { store, world, clock } = site(t);
    begin(store, { run: 'run1' });
    store.db.run("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no room'); END");
    assert.throws(() => closeDeadRuns(world), /no room/);
    assert.equal(findRuns(store, 'run1')[0]?.state, 'running');
    store.db.run('DROP TRIGGER full');
    closeDeadRuns(world);
    assert.match(claimFromOutbox(store, clock.now())?.subject ?? '', /was interrupted/);
  });

  test('of a job that nobody knows any more is complained about', (t) => {
    const { store, world } = site(t);
    begin(store, { run: 'run1', job: 'shop/unknown' });
    closeDeadRuns(world);
    assert.match(world.complaints.join(''), /^cronwright: run run1 of shop\/unknown was interrupted: /);
  });
});
