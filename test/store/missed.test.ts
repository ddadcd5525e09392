import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { addGap, forgetGaps, gapsBetween } from '../../src/store/gaps.ts';
import {
  extendMissed,
  type Missed,
  missedOver,
  recordMissed,
  servedSlots,
  yieldMissed,
} from '../../src/store/missed.ts';
import { openOwed, openRun } from '../../src/store/open-run.ts';
import { expiredSlots, nextOwed, owe, owedSlots, owingJobs, takeOwed } from '../../src/store/owed.ts';
import { saveRecord } from '../../src/store/record.ts';
import { runById, runOfSlot } from '../../src/store/runs.ts';
import { begin, minute, morning, newStore, nobody } from './rig.ts';
import { openRecordOf } from './spool-rig.ts';

const backup = 'shop/backup' as JobId;
const stretch: Missed = {
  job: backup,
  revision: 1,
  first: morning,
  last: morning + 4 * minute,
  count: 5,
  at: morning + 9 * minute,
  reason: 'the machine was off',
};

suite('a stretch of missed slots', () => {
  test('is found by each of its instants, and is no run of its slot', (t) => {
    const store = newStore(t);
    recordMissed(store, stretch, () => 'missed');
    const found = [-1, 0, 2, 4, 5].map((each) => missedOver(store, backup, morning + each * minute)?.run);
    assert.deepEqual(found, [undefined, 'missed', 'missed', 'missed', undefined]);
    assert.equal(runOfSlot(store, backup, stretch.last), undefined);
    const { state, slots, firstSlot, slot } = runById(store, 'missed') ?? {};
    assert.deepEqual([state, slots, firstSlot, slot], ['missed', 5, morning, stretch.last]);
  });

  test('takes another name where a run has that already', (t) => {
    const store = newStore(t);
    begin(store, { run: 'run1' });
    const names = ['run1', 'run1', 'run2'];
    assert.equal(
      recordMissed(store, stretch, () => names.shift() ?? ''),
      'run2',
    );
    assert.deepEqual([runById(store, 'run1')?.state, runById(store, 'run2')?.state], ['running', 'missed']);
  });

  test('grows by what comes right behind it for the same reason', (t) => {
    const store = newStore(t);
    recordMissed(store, stretch, () => 'missed');
    const more = { ...stretch, first: morning + 5 * minute, last: morning + 6 * minute, count: 2 };
    assert.equal(extendMissed(store, { ...more, reason: 'another' }, stretch.last), undefined);
    assert.equal(extendMissed(store, more, morning), undefined);
    assert.equal(extendMissed(store, more, stretch.last), 'missed');
    const { slots, firstSlot, slot } = runById(store, 'missed') ?? {};
    assert.deepEqual([slots, firstSlot, slot], [7, morning, more.last]);
  });

  test('gives its last slot to a start, and to a record that comes in late', (t) => {
    const store = newStore(t);
    recordMissed(store, stretch, () => 'missed');
    assert.equal(yieldMissed(store, backup, morning), false);
    begin(store, { run: 'real', slot: stretch.last });
    assert.deepEqual([runById(store, 'missed')?.slot, runById(store, 'real')?.slot], [null, stretch.last]);
    const other = { ...stretch, first: morning + minute * 9, last: morning + minute * 9 };
    recordMissed(store, other, () => 'other');
    saveRecord(store, openRecordOf({ run: 'spooled', slot: morning + minute * 9 }));
    assert.deepEqual([runById(store, 'other')?.slot, runById(store, 'spooled')?.slot], [null, morning + minute * 9]);
  });

  test('is accounted for as a whole, with the runs around it and what is owed', (t) => {
    const store = newStore(t);
    recordMissed(store, stretch, () => 'missed');
    begin(store, { run: 'before', slot: morning - minute });
    owe(store, { job: backup, slot: morning + 7 * minute, until: morning, reason: '' });
    const { served } = servedSlots(store, backup, morning + minute, morning + 8 * minute);
    const found = new Set(
      served.map(({ first, last }) => `${(first - morning) / minute}-${(last - morning) / minute}`),
    );
    assert.deepEqual([...found], ['0-4', '7-7']);
  });
});

suite('what is owed', () => {
  const opening = {
    job: backup,
    revision: 1,
    slot: morning,
    holder: nobody,
    at: morning,
    isAlive: () => true,
  } as const;
  const owed = { job: backup, slot: morning, until: morning + 5, reason: 'off' };
  const catchUp = { ...opening, trigger: 'catch-up', overlap: 'skip', newName: () => 'made' } as const;

  test('is there until its time has passed, once, and taken once', (t) => {
    const store = newStore(t);
    owe(store, owed);
    owe(store, { ...owed, until: 0 });
    assert.deepEqual(owedSlots(store), [owed]);
    assert.deepEqual([owingJobs(store, morning + 5), owingJobs(store, morning + 6)], [[backup], []]);
    assert.deepEqual(
      [nextOwed(store, backup, morning)?.slot, nextOwed(store, backup, morning + 6)],
      [morning, undefined],
    );
    assert.deepEqual([expiredSlots(store, morning + 5, 9), expiredSlots(store, morning + 6, 9)], [[], [owed]]);
    assert.deepEqual([takeOwed(store, backup, morning), takeOwed(store, backup, morning)], [true, false]);
  });

  test('is opened once, with its slot', (t) => {
    const store = newStore(t);
    owe(store, owed);
    assert.deepEqual(openOwed(store, catchUp), { kind: 'granted', run: 'made' });
    assert.deepEqual([openOwed(store, catchUp), owedSlots(store)], [{ kind: 'not-due' }, []]);
    const again = openRun(store, { ...catchUp, trigger: 'schedule', overlap: 'allow', newName: () => 'again' });
    assert.deepEqual(again, { kind: 'taken', run: 'made' });
  });

  test('stays where another run of the job goes on, and goes where its slot has one', (t) => {
    const store = newStore(t);
    owe(store, owed);
    begin(store, { run: 'other' });
    assert.deepEqual([openOwed(store, catchUp).kind, owedSlots(store).length], ['not-due', 1]);
    begin(store, { run: 'real', slot: morning });
    assert.deepEqual([openOwed(store, catchUp).kind, owedSlots(store).length], ['not-due', 0]);
  });
});

test('gaps are found by what they have in common with a time, and forgotten by their ends', (t) => {
  const store = newStore(t);
  const off = { from: 10, until: 20, cause: 'machine-off' } as const;
  const silent = { from: 30, until: 40, cause: 'cron-silent' } as const;
  for (const gap of [silent, off, { ...silent, cause: 'clock-forward' } as const, silent]) addGap(store, gap);
  assert.deepEqual(gapsBetween(store, 20, 30), [off, silent]);
  assert.deepEqual(gapsBetween(store, 21, 29), []);
  forgetGaps(store, 21);
  assert.deepEqual(gapsBetween(store, 0, 99), [silent]);
});
