import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/clock.ts';
import type { Job } from '../../../src/job/job.ts';
import { setDue } from '../../../src/store/due.ts';
import { type Owed, owe, owedSlots, takeOwed } from '../../../src/store/owed.ts';
import { installedJob } from '../../../src/store/registry.ts';
import { closeRun, hasOpenRuns, runOfSlot, runsWhere } from '../../../src/store/runs.ts';
import { together } from '../../../src/store/store.ts';
import { closeDeadRuns } from '../../../src/upkeep/dead-runs.ts';
import { catchUp } from '../../../src/upkeep/missed/catch-up.ts';
import { tick } from '../../../src/upkeep/tick.ts';
import { launcherIn, shell, siteOf, worldOf } from '../../launch/rig.ts';
import { until } from '../../run/rig.ts';
import { begin, installJobs } from '../../store/rig.ts';

const minute = 60_000;
const day = 1_440 * minute;
const noted = shell('echo "$CRONWRIGHT_SLOT" >>"$NOTES"');
const held = shell('echo "$CRONWRIGHT_SLOT" >>"$NOTES"; read -r _ <"$GO"');

/** A job that owes the slots of so many minutes ago, and a tick that has the wrappers of this machine. */
function site(t: TestContext, ages: readonly number[], changes: Partial<Job> = {}) {
  const own = siteOf(t, { command: noted, schedule: ['0 3 1 1 *'], ...changes });
  const { store, job } = own;
  setDue(store, job, undefined);
  const now = Math.floor(Date.now() / minute) * minute;
  const slots = ages.map((age) => now - age * minute);
  for (const slot of slots) owe(store, owedOf({ job, slot }));
  const complaints: string[] = [];
  const complain = (text: string) => void complaints.push(text);
  const world = worldOf(store, systemClock, { launcher: launcherIn(store.directory), complain });
  const words = slots.map((slot) => new Date(slot).toISOString());
  return { ...own, world, slots, words, complaints };
}

function owedOf(owed: Pick<Owed, 'job' | 'slot'>): Owed {
  return { ...owed, until: owed.slot + day, reason: 'the machine was off' };
}

suite('what a job owes', () => {
  test('is made up for in its order, one after the other, each for its slot', async (t) => {
    const { store, world, noted, runs, words, job } = site(t, [30, 20, 10]);
    await catchUp(world);
    assert.deepEqual(await noted(3), words);
    await until('the last has ended', () => owedSlots(store).length === 0 && !hasOpenRuns(store, job));
    assert.deepEqual(
      runs().map(({ trigger, state }) => `${trigger} ${state}`),
      Array.from({ length: 3 }, () => 'catch-up succeeded'),
    );
    const [first, second] = runs();
    assert.ok((first?.endedAt ?? 0) <= (second?.startedAt ?? 0));
  });

  test('is made up for once, by however many wrappers at once', async (t) => {
    const { store, start, notes, words, job } = site(t, [30, 20, 10]);
    const wrappers = Array.from({ length: 4 }, () => start('run', '--catch-up', job));
    for (const { ended } of wrappers) assert.deepEqual(await ended, { status: 0, said: '' });
    const last = start('run', '--catch-up', job);
    await last.ended;
    assert.deepEqual([...notes()].sort(), [...words].sort());
    assert.deepEqual(owedSlots(store), []);
  });

  test('waits while another run of the job goes on, whatever the overlap policy', async (t) => {
    for (const overlap of ['skip', 'allow', 'replace'] as const) {
      const { store, start, world, job, noted: soon, go, runs } = site(t, [10], { command: held, overlap });
      const { ended } = start('run', '--at-boot', job);
      await soon(1);
      await catchUp(world);
      await start('run', '--catch-up', job).ended;
      assert.equal(runs().length, 1, overlap);
      assert.equal(owedSlots(store).length, 1, overlap);
      go();
      await ended;
    }
  });

  test('is not lost with a wrapper that is killed', async (t) => {
    const { store, start, world, job, noted: soon, go, runs } = site(t, [20, 10], { command: held });
    const { child, ended } = start('run', '--catch-up', job);
    await soon(1);
    child.kill('SIGKILL');
    await ended;
    assert.equal(owedSlots(store).length, 1);
    go();
    await until('it is closed', () => {
      closeDeadRuns(world);
      return runs()[0]?.state === 'interrupted';
    });
    await catchUp(world);
    await soon(2);
    go();
    await until('the second has ended', () => runs()[1]?.state === 'succeeded');
    assert.deepEqual(owedSlots(store), []);
  });

  test('is not made up for that cron started meanwhile', async (t) => {
    const { store, start, slots, job, notes } = site(t, [10]);
    begin(store, { run: 'one', job, slot: slots[0] ?? 0 });
    closeRun(store, { run: 'one', state: 'succeeded', at: Date.now() });
    await start('run', '--catch-up', job).ended;
    assert.deepEqual([owedSlots(store), notes(), runOfSlot(store, job, slots[0] ?? 0)], [[], [], 'one']);
  });

  test('is missed once its time has passed, and told', async (t) => {
    const { store, world, job, slots, complaints, runs } = site(t, [], { notify: { on: ['missed'], to: [] } });
    owe(store, { ...owedOf({ job, slot: 600_000 }), until: 700_000 });
    await tick(world);
    assert.deepEqual([owedSlots(store), slots], [[], []]);
    assert.deepEqual([runs()[0]?.state, runs()[0]?.slot], ['missed', 600_000]);
    assert.match(
      runs()[0]?.reason ?? '',
      /^the machine was off; it could not be made up for within its start-deadline/,
    );
    assert.match(complaints.join(''), /missed its start/);
  });

  test('is missed in one piece of news, once nothing of the job is left to be made up for', async (t) => {
    const { store, world, job, complaints, runs } = site(t, [], { notify: { on: ['missed'], to: [] } });
    for (const slot of [600_000, 660_000]) owe(store, { ...owedOf({ job, slot }), until: slot + 1 });
    const last = owedOf({ job, slot: Date.now() });
    owe(store, last);
    const nobody = { ...world, launcher: '/bin/true' };
    await catchUp(nobody);
    assert.deepEqual([owedSlots(store).length, complaints, runs()], [3, [], []]);
    takeOwed(store, job, last.slot);
    await catchUp(nobody);
    assert.equal(runs().length, 2);
    assert.match(complaints.join(''), /^\S+ on \S+ missed 2 starts\./);
  });

  test('is missed in all of its slots, however many of them one tick names', async (t) => {
    const { store, world, job, complaints } = site(t, [], { notify: { on: ['missed'], to: [] } });
    together(store, () => {
      for (let n = 1; n <= 5_000; n++) owe(store, { ...owedOf({ job, slot: n * minute }), until: n * minute + 1 });
    });
    await catchUp(world);
    assert.deepEqual([owedSlots(store).length, runsWhere(store, "state = 'missed'").length], [0, 5_000]);
    assert.match(complaints.join(''), /missed 5,?000 starts\./);
  });

  test('is not missed, however late, where cron has started it after all', async (t) => {
    const { store, world, job, complaints, runs } = site(t, [], { notify: { on: ['missed'], to: [] } });
    for (const slot of [600_000, 660_000]) owe(store, { ...owedOf({ job, slot }), until: slot + 1 });
    begin(store, { run: 'one', job, slot: 600_000 });
    closeRun(store, { run: 'one', state: 'succeeded', at: Date.now() });
    await catchUp(world);
    assert.deepEqual(owedSlots(store), []);
    assert.deepEqual(
      runs()
        .map(({ slot, state }) => `${slot} ${state}`)
        .toSorted(),
      ['600000 succeeded', '660000 missed'],
    );
    assert.match(complaints.join(''), /missed its start/);
  });

  test('is forgotten with the job', (t) => {
    const { store } = site(t, [10]);
    installJobs(store, []);
    assert.deepEqual(owedSlots(store), []);
  });
});

test('no more than ten jobs make up for what they missed at the same time', async (t) => {
  const { store, job, world, complaints } = site(t, []);
  const first = installedJob(store, job)?.job;
  assert.ok(first);
  const jobs = Array.from({ length: 100 }, (_, n) => ({ ...first, id: `shop/j${n}`, name: `j${n}` }) as Job);
  installJobs(store, jobs);
  for (const { id } of jobs) owe(store, owedOf({ job: id, slot: Date.now() }));
  for (let n = 0; n < 4; n++) begin(store, { run: `going-${n}`, job: `shop/j${n}`, trigger: 'catch-up' });
  await catchUp({ ...world, launcher: '/nowhere/cronwright' });
  await until('each is complained about', () => complaints.length >= 6);
  assert.equal(complaints.length, 6);
  assert.equal(owedSlots(store).length, 100);
});
