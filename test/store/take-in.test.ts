import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { eventsOf } from '../../src/store/events.ts';
import type { RunRecord } from '../../src/store/record.ts';
import { history, openRuns, runById, runOfSlot } from '../../src/store/runs.ts';
import { markLaunched, runFile, slotFile, writeRecord } from '../../src/store/spool.ts';
import { databasePath } from '../../src/store/state.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type TakingIn, takeIn } from '../../src/store/take-in.ts';
import { begin, installJobs, jobOf, minute, morning } from './rig.ts';
import { backup, newState, openRecordOf, otherPlaces, outputOfSize, recordOf } from './spool-rig.ts';

/** Nobody is alive, it is long after the morning, and names are numbered. */
function taking(changes: Partial<TakingIn> = {}): TakingIn {
  let made = 0;
  return { isAlive: () => false, newName: () => `made${++made}`, now: morning + 60 * minute, ...changes };
}

function newStore(t: TestContext): Store {
  const store = openStore(newState(t));
  t.after(() => store.close());
  return store;
}

/** Spools a launch of a slot, of which nothing was written for so long, in milliseconds. */
function spool({ directory }: Store, record: RunRecord | string | undefined, slot = morning, age = 59 * minute): void {
  const claim = slotFile(directory, backup, slot);
  assert.ok(claim.kind === 'granted');
  const path = join(directory, 'spool', claim.file.name);
  if (typeof record === 'string') writeFileSync(`${path}.record`, record, { mode: 0o600 });
  else if (record) writeRecord(claim.file, record);
  const written = (morning + 60 * minute - age) / 1000;
  for (const name of [path, `${path}.record`]) if (existsSync(name)) utimesSync(name, written, written);
}

function names({ directory }: Store): readonly string[] {
  return readdirSync(join(directory, 'spool'));
}

function messages(store: Store, run: string): readonly string[] {
  return eventsOf(store, run).map(({ message }) => message);
}

const permit = `shop.backup.${morning}`;
const nothing = { runs: [], torn: [], problem: undefined };

suite('taking in the spool', () => {
  test('finds nothing where there is no spool, and makes none', (t) => {
    const store = newStore(t);
    assert.deepEqual(takeIn(store, taking()), nothing);
    assert.equal(existsSync(join(store.directory, 'spool')), false);
  });

  test('brings a closed record into the database, once, and leaves its permit', (t) => {
    const store = newStore(t);
    spool(store, recordOf());
    const isAlive = () => assert.fail('who is asked for a run that is over?');
    assert.deepEqual(takeIn(store, taking({ isAlive })), { ...nothing, runs: ['spooled'] });
    assert.equal(runOfSlot(store, backup, morning), 'spooled');
    assert.deepEqual(names(store), [permit]);
    assert.deepEqual(slotFile(store.directory, backup, morning), { kind: 'taken' });
    assert.deepEqual(takeIn(store, taking({ isAlive })), nothing);
    assert.equal(history(store, { limit: 9 }).length, 1);
  });

  test('shows a run while its process is there, leaves its record, and takes it as it was left once that is gone', (t) => {
    const store = newStore(t);
    spool(store, openRecordOf({ attempts: 1, taskPid: 77, taskBorn: 8 }));
    const asked: unknown[] = [];
    const isAlive: TakingIn['isAlive'] = ({ run, boot, taskPid }) => asked.push([run, boot, taskPid]) > 0;
    for (let round = 1; round <= 2; round++) {
      assert.deepEqual(takeIn(store, taking({ isAlive })), nothing);
      assert.deepEqual(asked, Array(round).fill(['spooled', 'another boot', 77]));
      assert.deepEqual(names(store), [permit, `${permit}.record`]);
      const open = openRuns(store)[0];
      assert.deepEqual([open?.run, open?.state, open?.boot, open?.taskPid], ['spooled', 'running', 'another boot', 77]);
    }
    assert.deepEqual(takeIn(store, taking()), { ...nothing, runs: ['spooled'] });
    assert.equal(openRuns(store).length, 1);
    assert.deepEqual(names(store), [permit]);
  });

  test('knows a run of which there is but a name, and completes it with the record that follows', (t) => {
    const store = newStore(t);
    spool(store, undefined);
    const held = `${permit}.held-spooled-12-34-aa-bb`;
    writeFileSync(join(store.directory, 'spool', held), '');
    const holders: unknown[] = [];
    const isAlive: TakingIn['isAlive'] = ({ pid, born, boot }) => holders.push({ pid, born, boot }) > 0;
    takeIn(store, taking({ isAlive }));
    assert.deepEqual(holders, [{ pid: 12, born: 34, boot: 'aa-bb' }]);
    assert.equal(runOfSlot(store, backup, morning), 'spooled');
    assert.deepEqual(names(store), [permit, held]);
    writeRecord({ state: store.directory, name: permit }, recordOf());
    takeIn(store, taking({ isAlive }));
    assert.equal(runById(store, 'spooled')?.state, 'succeeded');
    assert.deepEqual(names(store), [permit]);
  });

  test('takes the last words of a process that ends while it is asked for', (t) => {
    const store = newStore(t);
    spool(store, openRecordOf());
    const isAlive = () => {
      writeRecord({ state: store.directory, name: permit }, recordOf());
      return false;
    };
    takeIn(store, taking({ isAlive }));
    assert.equal(runById(store, 'spooled')?.state, 'succeeded');
  });

  test('takes in runs without a slot, and what lies in several places as one', (t) => {
    const store = newStore(t);
    const { directory } = store;
    writeRecord(runFile(directory, backup, 'byhand'), recordOf({ run: 'byhand', slot: null, trigger: 'manual' }));
    const place = otherPlaces(directory)[0] ?? '';
    mkdirSync(place, { mode: 0o700 });
    const record = `${JSON.stringify(recordOf())}\n`;
    writeFileSync(join(place, `${permit}.record`), record, { mode: 0o600 });
    spool(store, undefined, morning + minute);
    writeFileSync(join(directory, 'spool', `${permit}.record`), `${JSON.stringify(openRecordOf())}\n`, { mode: 0o600 });
    assert.deepEqual([...takeIn(store, taking()).runs].sort(), ['byhand', 'made1', 'spooled']);
    assert.equal(runById(store, 'spooled')?.state, 'succeeded');
    assert.deepEqual([names(store), readdirSync(place)], [[], []]);
  });

  test('leaves all of it where the database cannot take it, and says why', (t) => {
    const store = newStore(t);
    spool(store, recordOf());
    rmSync(databasePath(store.directory));
    const { problem, ...rest } = takeIn(store, taking());
    assert.match(problem ?? '', /cronwright\.db was removed or replaced/);
    assert.deepEqual(rest, { runs: [], torn: [] });
    assert.deepEqual(names(store), [permit, `${permit}.record`]);
    const fresh = openStore(store.directory);
    t.after(() => fresh.close());
    assert.deepEqual(takeIn(fresh, taking()).runs, ['spooled']);
  });

  test('takes no more than two hundred at once, and the rest the next time, past those that go on', (t) => {
    const store = newStore(t);
    for (let n = 0; n < 260; n++) {
      const run = `run${n}`;
      const record = n < 210 ? recordOf({ run, slot: null }) : openRecordOf({ run, slot: null });
      writeRecord(runFile(store.directory, backup, run), record);
    }
    const isAlive = () => true;
    assert.equal(takeIn(store, taking({ isAlive })).runs.length, 200);
    assert.equal(takeIn(store, taking({ isAlive })).runs.length, 10);
    assert.equal(names(store).length, 50);
  });
});

suite('a permit in the spool', () => {
  test('that is young stays, whether the database knows its slot or not', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one', slot: morning });
    markLaunched(store.directory, backup, morning);
    spool(store, undefined, morning + minute, 9 * minute);
    // Its slot is long ago, but it was asked for just now.
    spool(store, undefined, morning - 1_000 * minute, 9 * minute);
    assert.deepEqual(takeIn(store, taking({ now: morning + 9 * minute })), nothing);
    assert.equal(names(store).length, 3);
  });

  test('that is old is swept, where its slot has a run', (t) => {
    const store = newStore(t);
    begin(store, { run: 'one', slot: morning });
    spool(store, undefined);
    assert.deepEqual(takeIn(store, taking()), nothing);
    assert.deepEqual(names(store), []);
    assert.deepEqual(eventsOf(store, 'one'), []);
  });

  test('that is old and without any record becomes an open run that nobody holds, so that it is told of', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('backup')]);
    spool(store, undefined);
    assert.deepEqual(takeIn(store, taking()), { ...nothing, runs: ['made1'] });
    const [open, ...more] = openRuns(store);
    assert.deepEqual(more, []);
    assert.deepEqual([open?.slot, open?.revision, open?.startedAt, open?.boot], [morning, 1, morning, 'unknown']);
    assert.match(messages(store, 'made1')[0] ?? '', /no record of it could be written/);
    assert.deepEqual(names(store), []);
  });

  test('makes way for the record that comes in after all', (t) => {
    const store = newStore(t);
    spool(store, undefined);
    takeIn(store, taking());
    writeRecord({ state: store.directory, name: permit }, recordOf());
    takeIn(store, taking());
    assert.equal(runOfSlot(store, backup, morning), 'spooled');
    assert.equal(runById(store, 'made1')?.slot, null);
  });
});

suite('a torn record', () => {
  const line = JSON.stringify(recordOf({}, { output: outputOfSize(9) }));

  test('cut off at any byte is kept aside, told once, and holds up nothing; the slot stays taken', (t) => {
    const store = newStore(t);
    const lines = Array.from(line, (_, length) => line.replace('"spooled"', `"cut${length}"`).slice(0, length));
    for (const [n, cut] of lines.entries()) spool(store, cut, morning - n * minute, 2 * minute);
    spool(store, recordOf({ run: 'whole', slot: morning + minute }), morning + minute);
    const torn: string[] = [];
    const runs: string[] = [];
    let made = 0;
    const newName = () => `made${++made}`;
    for (let some = true; some; ) {
      const taken = takeIn(store, taking({ newName }));
      torn.push(...taken.torn);
      runs.push(...taken.runs);
      some = taken.torn.length > 0;
    }
    assert.equal(new Set(torn).size, lines.length);
    assert.equal(new Set(runs).size, lines.length + 1);
    assert.equal(
      torn
        .map((path) => readFileSync(path, 'utf8'))
        .toSorted()
        .join('\n'),
      lines.toSorted().join('\n'),
    );
    for (const n of lines.keys()) assert.ok(runOfSlot(store, backup, morning - n * minute));
    assert.equal(runById(store, 'whole')?.state, 'succeeded');
  });

  test('is stood for by a run of a name that no other has', (t) => {
    const store = newStore(t);
    begin(store, { run: 'run1', slot: morning - minute });
    spool(store, '{', morning, 2 * minute);
    const names = ['run1', 'run2'];
    assert.deepEqual(takeIn(store, taking({ newName: () => names.shift() ?? '' })).runs, ['run2']);
    assert.deepEqual([runOfSlot(store, backup, morning - minute), runOfSlot(store, backup, morning)], ['run1', 'run2']);
  });

  test('may be about to be whole for a minute', (t) => {
    const store = newStore(t);
    spool(store, line, morning, minute - 1);
    assert.deepEqual(takeIn(store, taking()), nothing);
    assert.deepEqual(names(store), [permit, `${permit}.record`]);
  });

  test('keeps the name of its run, and says of it where the rest is', (t) => {
    const store = newStore(t);
    spool(store, line.slice(0, 100));
    const path = join(store.directory, 'spool', `${permit}.record.torn`);
    assert.deepEqual(takeIn(store, taking()), { runs: ['spooled'], torn: [path], problem: undefined });
    assert.deepEqual(messages(store, 'spooled'), [
      `its record could not be read, it ends in the middle; what there is of it is kept as ${path}`,
    ]);
    assert.equal(openRuns(store)[0]?.boot, 'unknown');
  });

  test('of a run that the database has adds only the word of it', (t) => {
    const store = newStore(t);
    begin(store, { run: 'spooled', slot: morning });
    spool(store, line.slice(0, 100));
    assert.deepEqual(takeIn(store, taking()).runs, []);
    assert.equal(messages(store, 'spooled').length, 1);
    assert.equal(history(store, { limit: 9 }).length, 1);
  });

  test('behind one that is whole is passed over: the last whole words count', (t) => {
    const store = newStore(t);
    spool(store, `${JSON.stringify(openRecordOf())}\n\n${line}\n\n${line.slice(0, 200)}`);
    assert.deepEqual(takeIn(store, taking()), { ...nothing, runs: ['spooled'] });
    assert.equal(runById(store, 'spooled')?.state, 'succeeded');
  });

  test('and one that is whole are read from the end: of two that say as much, the later counts', (t) => {
    const store = newStore(t);
    const lines = [openRecordOf(), openRecordOf({ retryAt: 7, retryAttempt: 1 })].map((record) =>
      JSON.stringify(record),
    );
    spool(store, `${lines.join('\n')}\n${line.slice(0, 200)}`);
    takeIn(store, taking());
    assert.equal(openRuns(store)[0]?.retryAt, 7);
  });

  test('is also one that the database will not have; those behind it are taken in', (t) => {
    const store = newStore(t);
    spool(store, recordOf({ state: 'unheard-of' as 'failed', run: 'wrong' }));
    spool(store, recordOf({ slot: morning + minute }), morning + minute);
    const { runs, torn } = takeIn(store, taking());
    assert.deepEqual([[...runs].sort(), torn.length], [['spooled', 'wrong'], 1]);
    assert.match(messages(store, 'wrong')[0] ?? '', /CHECK constraint failed/);
    assert.equal(runOfSlot(store, backup, morning), 'wrong');
  });
});
