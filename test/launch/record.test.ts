import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { DatabaseBook } from '../../src/launch/book.ts';
import { record } from '../../src/launch/record.ts';
import { Story } from '../../src/launch/story.ts';
import { unknownCost } from '../../src/run/cost.ts';
import type { Observer } from '../../src/run/observer.ts';
import { startTime } from '../../src/run/tree.ts';
import { eventsOf } from '../../src/store/events.ts';
import { resultOf } from '../../src/store/notes.ts';
import { outputOf } from '../../src/store/output.ts';
import { dueRetries } from '../../src/store/retries.ts';
import { attemptsOf, findRuns, openRunById, runById } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../run/rig.ts';
import { begin, companion, newStore } from '../store/rig.ts';

const run = 'one';

/** A run, the observer that it is recorded by, and its end. */
interface Recording {
  readonly store: Store;
  readonly observer: Observer;
  readonly story: Story;
  finish(): void;
}

function recorded(t: TestContext): Recording {
  const store = newStore(t);
  begin(store, { run });
  const [book, story] = [new DatabaseBook(store, run), new Story(128 * 1024)];
  const { observer, stop } = record(book, story);
  t.after(stop);
  const finish = (): void => {
    stop();
    book.close(story, { state: 'succeeded', at: 100, mails: [] });
  };
  return { store, observer, story, finish };
}

function text(store: Store): string {
  return Buffer.concat(outputOf(store, run).map(({ bytes }) => bytes)).toString();
}

/** How an attempt ended that exited with this status. */
const ended = (status: number) =>
  ({ end: { kind: 'exited', status, ok: status === 0 }, cost: unknownCost, left: [] }) as const;

suite('the record of a run', () => {
  test('has an attempt, and its output, while it runs', async (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    observer.output({ attempt: 1, stream: 'stdout', at: 11, bytes: Buffer.from('so far') });
    await until('the output is stored', () => text(store) === 'so far');
    assert.deepEqual(attemptsOf(store, run), [{ number: 1, startedAt: 10, endedAt: null, end: null }]);
    observer.attemptEnded({ number: 1, at: 20, ...ended(0) });
    finish();
  });

  test('has everything in the end, whatever came between two looks', (t) => {
    const { store, observer, finish } = recorded(t);
    for (const number of [1, 2]) {
      observer.attemptStarted({ number, at: number * 10, pid: 5 });
      observer.output({ attempt: number, stream: 'stderr', at: 11, bytes: Buffer.from(`try ${number}\n`) });
      observer.attemptEnded({ number, at: number * 10 + 5, ...ended(2 - number) });
      observer.waiting({ until: 20, next: 2 });
    }
    finish();
    assert.deepEqual(attemptsOf(store, run), [
      { number: 1, startedAt: 10, endedAt: 15, end: 'exited with status 1' },
      { number: 2, startedAt: 20, endedAt: 25, end: 'succeeded' },
    ]);
    assert.equal(text(store), 'try 1\ntry 2\n');
    assert.deepEqual([findRuns(store, run)[0]?.attempts, findRuns(store, run)[0]?.stderrBytes], [2, 12]);
  });

  test('is made up for in the end where another process kept the store from being written', async (t) => {
    const { store, observer, story, finish } = recorded(t);
    // Each wait for another attempt offers the store all that came before.
    const attempt = (number: number) => {
      observer.attemptStarted({ number, at: number, pid: 5 });
      observer.output({ attempt: number, stream: 'stdout', at: number, bytes: Buffer.alloc(40_000, 64 + number) });
      observer.attemptEnded({ number, at: number, ...ended(number % 2) });
      observer.waiting({ until: number, next: number + 1 });
    };
    for (const number of [1, 2, 3]) attempt(number);
    const stored = outputOf(store, run);
    assert.equal(text(store).length, 120_000);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    for (const number of [4, 5, 6]) attempt(number);
    assert.deepEqual([attemptsOf(store, run).length, outputOf(store, run)], [3, stored]);
    other.go();
    await other.rest();
    finish();
    assert.deepEqual(outputOf(store, run), story.capture.pieces());
    assert.equal(findRuns(store, run)[0]?.stdoutBytes, 240_000);
    const failed = 'exited with status 1';
    assert.deepEqual(
      attemptsOf(store, run).map(({ end }) => end),
      [failed, 'succeeded', failed, 'succeeded', failed, 'succeeded'],
    );
  });

  test('catches up while the task still runs, once the store can be written', async (t) => {
    const { store, observer, finish } = recorded(t);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    observer.output({ attempt: 1, stream: 'stdout', at: 11, bytes: Buffer.from('late') });
    other.go();
    await other.rest();
    await until('the output is stored', () => text(store) === 'late');
    assert.equal(attemptsOf(store, run).length, 1);
    observer.attemptEnded({ number: 1, at: 20, ...ended(0) });
    finish();
  });

  test('has the time of the next attempt before the wait for it begins, and forgets it at once when that starts', (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    observer.attemptEnded({ number: 1, at: 20, ...ended(1) });
    observer.waiting({ until: 90, next: 2 });
    const next = () => [runById(store, run)?.retryAt, runById(store, run)?.retryAttempt];
    assert.deepEqual(next(), [90, 2]);
    observer.attemptStarted({ number: 2, at: 90, pid: 5 });
    assert.deepEqual([next(), runById(store, run)?.attempts], [[null, null], 2]);
    observer.attemptEnded({ number: 2, at: 91, ...ended(0) });
    finish();
  });

  test('owes no attempt once the run has ended while it waited for one', (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    observer.attemptEnded({ number: 1, at: 20, ...ended(1) });
    observer.waiting({ until: 90, next: 2 });
    finish();
    assert.deepEqual([runById(store, run)?.retryAt, dueRetries(store, 1_000)], [null, []]);
  });

  test('names the process of the attempt that goes on, so that it is found without its wrapper', async (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: process.pid });
    await until('the process is stored', () => openRunById(store, run)?.taskPid === process.pid);
    assert.equal(openRunById(store, run)?.taskBorn, startTime(process.pid));
    observer.attemptEnded({ number: 1, at: 20, ...ended(0) });
    finish();
  });

  test('has what the task said of itself, and what it left running', (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    for (const event of [
      { kind: 'message', level: 'warning', message: 'half of it is old' },
      { kind: 'progress', value: 0.25 },
      { kind: 'progress', value: 0.5 },
      { kind: 'result', value: '{"rows":3}' },
    ] as const) {
      observer.reported({ attempt: 1, at: 11, event });
    }
    observer.attemptEnded({ number: 1, at: 20, ...ended(0), left: [{ pid: 7, name: 'daemon' }] });
    finish();
    assert.deepEqual([runById(store, run)?.progress, resultOf(store, run)], [0.5, '{"rows":3}']);
    assert.deepEqual(eventsOf(store, run), [
      { at: 11, level: 'warning', message: 'half of it is old' },
      { at: 20, level: 'info', message: 'left running at its end: process 7 (daemon)' },
    ]);
  });

  test('names twenty of the processes that were left, and counts the others', (t) => {
    const { store, observer, finish } = recorded(t);
    observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    const left = Array.from({ length: 22 }, (_, n) => ({ pid: n + 1, name: 'sh' }));
    observer.attemptEnded({ number: 1, at: 20, ...ended(0), left });
    finish();
    assert.match(
      eventsOf(store, run)[0]?.message ?? '',
      /^left running at its end: processes 1 \(sh\), .* 20 \(sh\) and 2 more$/,
    );
  });
});
