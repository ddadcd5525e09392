import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobId } from '../../src/job/job.ts';
import { delayOf } from '../../src/launch/delay.ts';
import { type Launched, launch } from '../../src/launch/launch.ts';
import type { Start } from '../../src/launch/world.ts';
import { eventsOf } from '../../src/store/events.ts';
import { lastRecord, spooled } from '../../src/store/lying.ts';
import { pause } from '../../src/store/pauses.ts';
import { closeRun, history, type OpenRun, openRuns, type Run, requestCancel } from '../../src/store/runs.ts';
import { takeIn } from '../../src/store/take-in.ts';
import { closeDeadRuns } from '../../src/upkeep/dead-runs.ts';
import { MovedClock } from '../moved-clock.ts';
import { silent, until } from '../run/rig.ts';
import { minute, morning } from '../store/rig.ts';
import { ownJob, shell, storeless, storeWith, type TestWorld, worldOf } from './rig.ts';

const jitter = { offset: 0, delay: 10 * minute };

/** Puts each start off by half of what its job allows. */
function site(t: TestContext, changes: Partial<Job> = {}) {
  const { store, installed } = storeWith(t, ownJob({ jitter, command: shell('echo done'), ...changes }));
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock, { random: () => 0.5 });
  const start = (changed: Partial<Start> = {}, place: Parameters<typeof launch>[0] = world): Promise<Launched> =>
    launch(place, { installed, trigger: 'schedule', startedAt: clock.now(), ...changed });
  const { id } = installed.job;
  const waiting = async (count = 1): Promise<OpenRun> => {
    const all = () => openRuns(store, id).filter(({ state }) => state === 'waiting');
    await until(`${count} starts wait`, () => all().length === count);
    const [run] = all();
    assert.ok(run);
    return run;
  };
  const runs = () => history(store, { limit: 10 }).toSorted((a, b) => (a.run < b.run ? -1 : 1));
  return { store, installed, id, clock, world, start, waiting, runs };
}

type Site = ReturnType<typeof site>;

/** Moves the clock on once the start sleeps. */
async function passDelay({ clock }: Site, launched: Promise<Launched>): Promise<Launched> {
  let isDone = false;
  const done = launched.finally(() => {
    isDone = true;
  });
  await until('the delay is over', () => {
    if (!isDone) clock.move(minute);
    return isDone;
  });
  return done;
}

function states(runs: readonly Run[]): readonly string[] {
  return runs.map(({ state }) => state);
}

suite('the delay of a start', () => {
  const of = (trigger: Start['trigger'], random: number) => {
    const installed = { job: ownJob({ jitter }), revision: 1 };
    return delayOf({ installed, trigger, startedAt: morning }, () => random);
  };

  test('is random, whole, and less than the job allows', () => {
    for (const [random, delay] of [
      [0, 0],
      [0.5, 5 * minute],
      [0.123_456_789, 74_074],
      [0.999_999_999, 10 * minute - 1],
    ] as const) {
      assert.equal(of('schedule', random), delay);
      assert.equal(of('boot', random), delay);
    }
  });

  test('is none by hand, of a retry, or of what is made up for', () => {
    for (const trigger of ['manual', 'retry', 'catch-up'] as const) assert.equal(of(trigger, 0.9), 0);
  });
});

suite('a start that is put off', () => {
  test('waits behind its permit, says until when, and then runs', async (t) => {
    const own = site(t);
    const launched = own.start();
    const run = await own.waiting();
    assert.deepEqual([run.slot, run.retryAt, run.attempts], [morning, morning + 5 * minute, 0]);
    assert.match(run.reason ?? '', /^waits until [-\d]+ [:\d]{8}, a random delay$/);
    await passDelay(own, launched);
    const [ended] = own.runs();
    assert.deepEqual([ended?.state, ended?.attempts, ended?.reason, ended?.retryAt], ['succeeded', 1, null, null]);
    assert.ok(ended && ended.startedAt >= morning + 5 * minute, 'it began before its delay was over');
    assert.deepEqual(eventsOf(own.store, ended.run), [
      { at: morning, level: 'info', message: 'its start was put off by 5 minutes, at random (up to 10 minutes)' },
    ]);
  });

  test('does not wait where it is started by hand', async (t) => {
    const own = site(t);
    const { kind } = await own.start({ trigger: 'manual' });
    assert.equal(kind, 'ran');
    assert.deepEqual(states(own.runs()), ['succeeded']);
  });

  test('does not begin before its time, not even by a little', async (t) => {
    const own = site(t);
    const launched = own.start();
    await own.waiting();
    own.clock.move(5 * minute - 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(states(own.runs()), ['waiting']);
    await passDelay(own, launched);
  });

  test('holds its job like one that goes on', async (t) => {
    const own = site(t, { overlap: 'skip' });
    const launched = own.start();
    const { run } = await own.waiting();
    assert.equal((await own.start({ trigger: 'manual' })).kind, 'skipped');
    const skipped = own.runs().find(({ state }) => state === 'skipped');
    assert.match(skipped?.reason ?? '', new RegExp(`^run ${run} .* was still going through its random delay$`));
    await passDelay(own, launched);
  });

  test('lets another one wait for its turn, which comes after it', async (t) => {
    const own = site(t, { overlap: 'wait', waitUpTo: 1e6 * minute });
    const first = own.start();
    const { run } = await own.waiting();
    const second = own.start({ trigger: 'manual' });
    await own.waiting(2);
    await passDelay(own, first);
    const ended = await passDelay(own, second);
    const later = ended.kind === 'ran' ? ended.run : '';
    const [one, other] = [run, later].map((name) => own.runs().find((found) => found.run === name));
    assert.deepEqual([one?.state, other?.state], ['succeeded', 'succeeded']);
    assert.ok((other?.startedAt ?? 0) >= (one?.endedAt ?? Number.POSITIVE_INFINITY), 'they ran at the same time');
  });

  test('begins beside others where the job allows that', async (t) => {
    const own = site(t, { overlap: 'allow' });
    const launched = [own.start(), own.start({ startedAt: morning + minute })];
    await own.waiting(2);
    for (const one of launched) assert.equal((await passDelay(own, one)).kind, 'ran');
    assert.deepEqual(states(own.runs()), ['succeeded', 'succeeded']);
  });

  test('goes on when a pause begins meanwhile', async (t) => {
    const own = site(t);
    const launched = own.start();
    await own.waiting();
    pause(own.store, { scope: 'all', name: '', reason: '', by: 'ann', at: morning, until: null });
    await passDelay(own, launched);
    assert.deepEqual(states(own.runs()), ['succeeded']);
  });

  test('ends as cancelled, without an attempt, when its wrapper is asked to end', async (t) => {
    const own = site(t);
    const launched = own.start();
    const { run } = await own.waiting();
    requestCancel(own.store, run, 'ann on db1');
    own.world.canceller.abort('SIGTERM');
    assert.equal((await launched).kind, 'ran');
    const [ended] = own.runs();
    assert.deepEqual(
      [ended?.state, ended?.attempts, ended?.reason, ended?.retryAt],
      ['cancelled', 0, 'was cancelled by ann on db1', null],
    );
  });

  test('does not begin once somebody has ended it, or has asked for that', async (t) => {
    const ask = (own: Site, run: string) => void requestCancel(own.store, run, 'ann on db1');
    const end = (own: Site, run: string) => void closeRun(own.store, { run, state: 'interrupted', at: morning });
    for (const [stop, state] of [
      [ask, 'cancelled'],
      [end, 'interrupted'],
    ] as const) {
      const own = site(t);
      const launched = own.start();
      stop(own, (await own.waiting()).run);
      assert.equal((await passDelay(own, launched)).kind, 'skipped');
      assert.deepEqual(
        own.runs().map((run) => [run.state, run.attempts]),
        [[state, 0]],
      );
    }
  });

  test('is closed as interrupted, and says that it had not begun, once its wrapper is gone', async (t) => {
    const own = site(t);
    const launched = own.start();
    const { run } = await own.waiting();
    closeDeadRuns(own.world);
    assert.deepEqual(states(own.runs()), ['waiting'], 'its wrapper lives');
    own.store.db.run("UPDATE run SET boot = 'another boot' WHERE id = ?", run);
    closeDeadRuns(own.world);
    const [ended] = own.runs();
    assert.equal(ended?.state, 'interrupted');
    assert.match(ended?.reason ?? '', /its wrapper is gone; it had not begun: its start was put off$/);
    await passDelay(own, launched);
  });
});

suite('a start that is put off without the database', () => {
  function recorded({ store, id }: Site) {
    const found = spooled(store.directory, 0).flatMap((lying) => lastRecord(lying) ?? []);
    return found.filter(({ run }) => run.job === id).map(({ run }) => run);
  }

  async function put(own: Site, changes: Partial<TestWorld> = {}) {
    const launched = own.start({}, storeless({ ...own.world, ...changes }));
    await until('its record says that it waits', () => recorded(own)[0]?.state === 'waiting');
    return { launched };
  }

  test('waits as long, which its record in the spool says, and then runs', async (t) => {
    const own = site(t);
    const meanwhile: (string | undefined)[] = [];
    const attemptStarted = () => void meanwhile.push(recorded(own)[0]?.state);
    const { launched } = await put(own, { onlooker: { ...silent, attemptStarted } });
    const [run] = recorded(own);
    assert.deepEqual([run?.retryAt, run?.retryAttempt, run?.attempts], [morning + 5 * minute, 1, 0]);
    assert.match(run?.reason ?? '', /^waits until [-\d]+ [:\d]{8}, a random delay$/);
    await passDelay(own, launched);
    assert.deepEqual(meanwhile, ['running']);
    const [ended] = recorded(own);
    assert.deepEqual([ended?.state, ended?.attempts, ended?.reason, ended?.retryAt], ['succeeded', 1, null, null]);
  });

  test('is shown by the database as waiting, and holds its job, once that can be used', async (t) => {
    const own = site(t, { overlap: 'skip' });
    const { launched } = await put(own);
    takeIn(own.store, { isAlive: () => true, newName: () => 'other', now: morning });
    const [run] = openRuns(own.store, own.id as JobId);
    assert.deepEqual([run?.state, run?.retryAt], ['waiting', morning + 5 * minute]);
    assert.equal((await own.start({ trigger: 'manual' })).kind, 'skipped');
    await passDelay(own, launched);
  });

  test('ends as cancelled, without an attempt, when its wrapper is asked to end', async (t) => {
    const own = site(t);
    const { launched } = await put(own);
    own.world.canceller.abort('SIGTERM');
    await launched;
    const [ended] = recorded(own);
    assert.deepEqual([ended?.state, ended?.attempts, ended?.retryAt], ['cancelled', 0, null]);
  });
});
