import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { dueJobs, forgetDue, hasDue, isStillDue, recount, setDue } from '../../src/store/due.ts';
import { owe, owedSlots } from '../../src/store/owed.ts';
import { install, withdraw } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { installJobs, jobOf, morning, newStore, projectOf, settingsOf } from './rig.ts';

const one = 'shop/one' as JobId;
const two = 'shop/two' as JobId;

function slots(store: Store): Readonly<Record<string, number | null>> {
  const rows = store.db.all<{ job: string; slot: number | null }>('SELECT job, slot FROM due');
  return Object.fromEntries(rows.map(({ job, slot }) => [job, slot]));
}

suite('the slots that are not accounted for', () => {
  test('are found from the longest due on, by the index', (t) => {
    const store = newStore(t);
    setDue(store, one, 20);
    setDue(store, two, 10);
    setDue(store, 'shop/none' as JobId, undefined);
    assert.deepEqual(dueJobs(store, 20, 9), [
      { job: two, slot: 10 },
      { job: one, slot: 20 },
    ]);
    assert.deepEqual(dueJobs(store, 20, 1), [{ job: two, slot: 10 }]);
    assert.deepEqual([hasDue(store, 9), hasDue(store, 10)], [false, true]);
    const [plan] = store.db.all<{ detail: string }>('EXPLAIN QUERY PLAN SELECT 1 FROM due WHERE slot <= 5 LIMIT 1');
    assert.match(plan?.detail ?? '', /USING (COVERING )?INDEX due_slot/);
  });

  test('may be left to be worked out, which is due at once', (t) => {
    const store = newStore(t);
    setDue(store, one, -500);
    assert.deepEqual(dueJobs(store, 10, 9), [{ job: one, slot: -500 }]);
    assert.deepEqual(
      [isStillDue(store, { job: one, slot: -500 }), isStillDue(store, { job: one, slot: 5 })],
      [true, false],
    );
    forgetDue(store, one);
    assert.equal(hasDue(store, 10), false);
  });

  test('are worked out anew from where they are, or from now where that is earlier', (t) => {
    const store = newStore(t);
    const before = { early: 50, late: 500, none: undefined, unknown: -70, unknownLate: -700, whenever: 0 };
    for (const [job, slot] of Object.entries(before)) setDue(store, job as JobId, slot);
    recount(store, 100);
    const after = { early: -50, late: -100, none: -100, unknown: -70, unknownLate: -100, whenever: 0 };
    assert.deepEqual(slots(store), after);
  });
});

suite('after a sync', () => {
  test('they begin with it for new jobs and other times, and stay for other changes', (t) => {
    const store = newStore(t);
    const jobs = ['new-words', 'new-zone', 'same', 'gone'].map((name) => jobOf(name));
    installJobs(store, jobs);
    for (const { id } of jobs) setDue(store, id, 7);
    owe(store, { job: 'shop/gone' as JobId, slot: 1, until: 2, reason: '' });
    const [words, zone, same] = jobs;
    assert.ok(words && zone && same);
    installJobs(store, [{ ...words, owner: 'ann' }, { ...zone, timezone: 'Asia/Kathmandu' }, same, jobOf('added')]);
    const from = -(morning + 1);
    assert.deepEqual(slots(store), { 'shop/added': from, 'shop/new-words': 7, 'shop/new-zone': from, 'shop/same': 7 });
    assert.deepEqual(owedSlots(store), []);
  });

  test('that is taken back, none is left of its jobs, and those before it count from then on', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('old')]);
    const change = { project: projectOf([jobOf('new')]), settings: settingsOf(), by: 'ann', at: morning };
    withdraw(store, install(store, change));
    assert.deepEqual(slots(store), { 'shop/old': 0 });
  });
});
