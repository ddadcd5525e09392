import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { eventsOf } from '../../src/store/events.ts';
import { outputOf } from '../../src/store/output.ts';
import { type RunRecord, recordedPiece, saveRecord } from '../../src/store/record.ts';
import { attemptsOf, closeRun, history, openRuns, requestCancel, runById, runOfSlot } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { begin, minute, morning, newStore, nobody } from './rig.ts';
import { backup, openRecordOf, recordOf } from './spool-rig.ts';

const piece = { seq: 3, attempt: 1, stream: 'stderr', at: morning + 20, bytes: Buffer.from([0, 255, 10]) } as const;

const full: RunRecord = recordOf(
  {
    state: 'failed',
    exitCode: 3,
    reason: 'exited with status 3',
    progress: 0.5,
    result: '{"rows":2}',
    cancelBy: 'ann',
  },
  {
    attempts: [{ number: 1, startedAt: morning + 10, endedAt: morning + 500, end: 'exited with status 3' }],
    output: [recordedPiece(piece)],
    events: [{ at: morning + 11, level: 'warning', message: 'the database was locked' }],
    mails: [
      {
        id: 'spooled.failed',
        project: 'shop',
        run: 'spooled',
        recipients: ['ops@shop.example'],
        subject: 'backup failed',
        text: 'It exited with status 3.',
        createdAt: morning + 500,
      },
    ],
  },
);

/** All that the database holds. */
function contents(store: Store) {
  const tables = ['run', 'attempt', 'output', 'event', 'outbox'];
  return tables.map((table) => store.db.all(`SELECT * FROM ${table} ORDER BY 1, 2`));
}

function messages(store: Store, run: string): readonly string[] {
  return eventsOf(store, run).map(({ level, message }) => `${level}: ${message}`);
}

suite('taking in a record', () => {
  test('makes a run of it with all that belongs to it, as JSON has kept it', (t) => {
    const store = newStore(t);
    assert.equal(saveRecord(store, JSON.parse(JSON.stringify(full))), 'new');
    const { result, taskPid, taskBorn, pid, boot, born, ...run } = full.run;
    assert.deepEqual(runById(store, 'spooled'), { ...run, firstSlot: null, slots: 1 });
    assert.deepEqual(store.db.get('SELECT result FROM run'), { result });
    assert.deepEqual(attemptsOf(store, 'spooled'), full.attempts);
    assert.deepEqual(outputOf(store, 'spooled'), [piece]);
    assert.deepEqual(eventsOf(store, 'spooled'), full.events);
    const mail = store.db.get<Record<string, unknown>>('SELECT id, recipients, next_at FROM outbox');
    assert.deepEqual(mail, { id: 'spooled.failed', recipients: '["ops@shop.example"]', next_at: morning + 500 });
    assert.deepEqual([taskPid, taskBorn, { pid, boot, born }], [null, null, nobody]);
  });

  test('twice changes nothing', (t) => {
    const store = newStore(t);
    for (const record of [full, openRecordOf({ run: 'open', slot: null })]) {
      saveRecord(store, record);
      const before = contents(store);
      saveRecord(store, record);
      assert.deepEqual(contents(store), before);
    }
    assert.equal(saveRecord(store, full), 'known');
  });

  test('is all or nothing', (t) => {
    const store = newStore(t);
    const wrong = { ...full, output: [...full.output, ...full.output] };
    assert.throws(() => saveRecord(store, wrong), /UNIQUE/);
    assert.deepEqual(contents(store), [[], [], [], [], []]);
  });

  test('completes the run that the database had opened before it failed, and keeps who wanted its end', (t) => {
    const store = newStore(t);
    begin(store, { run: 'spooled', slot: morning });
    requestCancel(store, 'spooled', 'ann (uid 1000)');
    store.db.run("INSERT INTO output VALUES ('spooled', 1, 1, 'stdout', 5, x'00')");
    assert.equal(saveRecord(store, { ...full, run: { ...full.run, cancelBy: null } }), 'completed');
    const run = runById(store, 'spooled');
    assert.deepEqual([run?.state, run?.cancelBy, run?.slot], ['failed', 'ann (uid 1000)', morning]);
    assert.deepEqual(outputOf(store, 'spooled'), [piece]);
    assert.deepEqual(openRuns(store), []);
  });

  test('of a run that goes on says its next attempt, unless the database has heard more', (t) => {
    const store = newStore(t);
    begin(store, { run: 'spooled', slot: morning });
    const waiting = openRecordOf({ attempts: 2, retryAt: morning + minute, retryAttempt: 3, taskPid: 8, taskBorn: 9 });
    assert.equal(saveRecord(store, waiting), 'completed');
    const open = openRuns(store)[0];
    assert.deepEqual([open?.attempts, open?.retryAt, open?.retryAttempt], [2, morning + minute, 3]);
    assert.deepEqual([open?.taskPid, open?.taskBorn], [8, 9]);
    assert.equal(saveRecord(store, openRecordOf({ attempts: 1 })), 'known');
    assert.equal(openRuns(store)[0]?.attempts, 2);
  });

  test('leaves a closed run as it is, whatever the record says', (t) => {
    const store = newStore(t);
    begin(store, { run: 'spooled', slot: morning });
    closeRun(store, { run: 'spooled', state: 'succeeded', at: 5, exitCode: 0, signal: undefined, reason: undefined });
    const before = contents(store);
    for (const record of [full, openRecordOf({ attempts: 9 })]) assert.equal(saveRecord(store, record), 'known');
    assert.deepEqual(contents(store), before);
  });

  test('corrects a run that was closed as interrupted, and its retry is off', (t) => {
    const store = newStore(t);
    begin(store, { run: 'spooled', slot: morning });
    const retry = { at: morning + minute, attempt: 2 };
    closeRun(store, {
      run: 'spooled',
      state: 'interrupted',
      at: 5,
      exitCode: undefined,
      signal: undefined,
      reason: 'x',
      retry,
    });
    assert.equal(saveRecord(store, openRecordOf()), 'known');
    assert.equal(saveRecord(store, recordOf({ state: 'interrupted' })), 'known');
    assert.equal(saveRecord(store, recordOf()), 'completed');
    const run = runById(store, 'spooled');
    assert.deepEqual([run?.state, run?.reason, run?.retryAt, run?.retryAttempt], ['succeeded', null, null, null]);
    assert.deepEqual(messages(store, 'spooled'), ['info: it was taken for interrupted until its own record came in']);
  });
});

suite('a record for a slot that has a run already', () => {
  test('is kept as a run without the slot, which says so', (t) => {
    const store = newStore(t);
    begin(store, { run: 'first', slot: morning });
    assert.equal(saveRecord(store, full), 'new');
    assert.equal(runOfSlot(store, backup, morning), 'first');
    assert.equal(runById(store, 'spooled')?.slot, null);
    assert.ok(
      messages(store, 'spooled').includes('error: its slot, 2026-11-24T08:00:00.000Z, was that of run first already'),
    );
    assert.equal(saveRecord(store, full), 'known');
    assert.equal(history(store, { limit: 9 }).length, 2);
  });

  test('takes it from a run that launched nothing', (t) => {
    const store = newStore(t);
    begin(store, { run: 'skipped', slot: morning });
    closeRun(store, { run: 'skipped', state: 'skipped', at: 5, exitCode: undefined, signal: undefined, reason: 'x' });
    saveRecord(store, full);
    assert.equal(runOfSlot(store, backup, morning), 'spooled');
    assert.equal(runById(store, 'skipped')?.slot, null);
    assert.deepEqual(messages(store, 'skipped'), ['info: its slot is that of run spooled, whose record came in later']);
  });
});
