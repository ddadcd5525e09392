import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Piece } from '../../src/run/capture.ts';
import { addEvent } from '../../src/store/events.ts';
import { LogReader } from '../../src/store/log-reader.ts';
import { updateOutput } from '../../src/store/output.ts';
import { closeRun, type Run, runById } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { begin, morning, newStore } from './rig.ts';

interface Output {
  readonly seq: number;
  readonly text: string;
  /** All that the task has written so far. */
  readonly bytes: number;
  readonly drop?: readonly number[];
}

function write(store: Store, run: string, { seq, text, bytes, drop = [] }: Output): void {
  const piece: Piece = { seq, attempt: 1, stream: 'stdout', at: morning, bytes: Buffer.from(text) };
  const totals = { stdout: { bytes, omitted: 0 }, stderr: { bytes: 0, omitted: 0 } };
  updateOutput(store, { run, add: [piece], drop, totals });
}

function texts(reader: LogReader): readonly string[] {
  const { pieces, events } = reader.read();
  return [...pieces.map(({ bytes }) => bytes.toString()), ...events.map(({ message }) => message)];
}

suite('a run that is read while it goes on', () => {
  test('is read as a whole, and then by what is new', (t) => {
    const store = newStore(t);
    const run = begin(store, { run: 'one' });
    const reader = new LogReader(store, runById(store, run) as Run);
    write(store, run, { seq: 1, text: 'first', bytes: 5 });
    addEvent(store, run, { at: morning, level: 'info', message: 'half way' });
    assert.deepEqual(texts(reader), ['first', 'half way']);
    assert.deepEqual(texts(reader), []);
    write(store, run, { seq: 2, text: 'second', bytes: 11 });
    addEvent(store, run, { at: morning, level: 'error', message: 'done' });
    closeRun(store, { run, state: 'failed', at: morning + 5 });
    const { run: ended, pieces, events } = reader.read();
    assert.deepEqual([ended.state, pieces.length, events.length, reader.omitted], ['failed', 1, 1, 0]);
  });

  test('knows how much of the output nobody will read', (t) => {
    const store = newStore(t);
    const run = begin(store, { run: 'one' });
    const reader = new LogReader(store, runById(store, run) as Run);
    write(store, run, { seq: 1, text: 'first', bytes: 5 });
    reader.read();
    write(store, run, { seq: 4, text: 'last', bytes: 109, drop: [2, 3] });
    assert.deepEqual(texts(reader), ['last']);
    assert.equal(reader.omitted, 100);
  });

  test('is as it was last where it has been forgotten meanwhile', (t) => {
    const store = newStore(t);
    const run = runById(store, begin(store, { run: 'one' })) as Run;
    const reader = new LogReader(newStore(t), run);
    assert.deepEqual(reader.read(), { run, pieces: [], events: [] });
  });
});
