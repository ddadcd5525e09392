import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Recorder, recordRun } from '../../src/launch/record.ts';
import { outputOf } from '../../src/store/output.ts';
import { attemptsOf, findRuns } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../run/rig.ts';
import { begin, companion, newStore } from '../store/rig.ts';

const run = 'one';

function recorded(t: TestContext): { readonly store: Store; readonly recorder: Recorder } {
  const store = newStore(t);
  begin(store, { run });
  return { store, recorder: recordRun(store, run) };
}

function text(store: Store): string {
  return Buffer.concat(outputOf(store, run).map(({ bytes }) => bytes)).toString();
}

const exited = (status: number) => ({ kind: 'exited', status }) as const;

suite('the record of a run', () => {
  test('has an attempt as soon as it starts, and its output while it runs', async (t) => {
    const { store, recorder } = recorded(t);
    recorder.observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    assert.deepEqual(attemptsOf(store, run), [{ number: 1, startedAt: 10, endedAt: null, end: null }]);
    recorder.observer.output({ attempt: 1, stream: 'stdout', at: 11, bytes: Buffer.from('so far') });
    await until('the output is stored', () => text(store) === 'so far');
    recorder.observer.attemptEnded({ number: 1, at: 20, end: exited(0) });
    recorder.finish();
  });

  test('has everything in the end, whatever came between two looks', (t) => {
    const { store, recorder } = recorded(t);
    for (const number of [1, 2]) {
      recorder.observer.attemptStarted({ number, at: number * 10, pid: 5 });
      recorder.observer.output({ attempt: number, stream: 'stderr', at: 11, bytes: Buffer.from(`try ${number}\n`) });
      recorder.observer.attemptEnded({ number, at: number * 10 + 5, end: exited(2 - number) });
      recorder.observer.waiting({ until: 20 });
    }
    recorder.finish();
    assert.deepEqual(attemptsOf(store, run), [
      { number: 1, startedAt: 10, endedAt: 15, end: 'exited with status 1' },
      { number: 2, startedAt: 20, endedAt: 25, end: 'succeeded' },
    ]);
    assert.deepEqual(recorder.attempts[0], { number: 1, startedAt: 10, endedAt: 15, sentence: 'exited with status 1' });
    assert.equal(text(store), 'try 1\ntry 2\n');
    assert.deepEqual([findRuns(store, run)[0]?.attempts, findRuns(store, run)[0]?.stderrBytes], [2, 12]);
  });

  test('is made up for in the end where another process kept the store from being written', async (t) => {
    const { store, recorder } = recorded(t);
    const { observer } = recorder;
    // Each start offers the store all that came before.
    const attempt = (number: number) => {
      observer.attemptStarted({ number, at: number, pid: 5 });
      observer.output({ attempt: number, stream: 'stdout', at: number, bytes: Buffer.alloc(40_000, 64 + number) });
      observer.attemptEnded({ number, at: number, end: exited(number % 2) });
    };
    for (const number of [1, 2, 3]) attempt(number);
    const stored = outputOf(store, run);
    assert.equal(text(store).length, 80_000);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    for (const number of [4, 5, 6]) attempt(number);
    assert.deepEqual([attemptsOf(store, run).length, outputOf(store, run)], [3, stored]);
    other.go();
    await other.rest();
    recorder.finish();
    assert.deepEqual(outputOf(store, run), recorder.capture.pieces());
    assert.equal(findRuns(store, run)[0]?.stdoutBytes, 240_000);
    const failed = 'exited with status 1';
    assert.deepEqual(
      attemptsOf(store, run).map(({ end }) => end),
      [failed, 'succeeded', failed, 'succeeded', failed, 'succeeded'],
    );
  });

  test('catches up while the task still runs, once the store can be written', async (t) => {
    const { store, recorder } = recorded(t);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    recorder.observer.attemptStarted({ number: 1, at: 10, pid: 5 });
    recorder.observer.output({ attempt: 1, stream: 'stdout', at: 11, bytes: Buffer.from('late') });
    other.go();
    await other.rest();
    await until('the output is stored', () => text(store) === 'late');
    assert.equal(attemptsOf(store, run).length, 1);
    recorder.observer.attemptEnded({ number: 1, at: 20, end: exited(0) });
    recorder.finish();
  });
});
