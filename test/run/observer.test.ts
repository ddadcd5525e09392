import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless, type Observer } from '../../src/run/observer.ts';

test('A harmless observer passes everything on', () => {
  const seen: unknown[] = [];
  const note = (event: unknown) => {
    seen.push(event);
  };
  const observer = harmless({ attemptStarted: note, output: note, attemptEnded: note, waiting: note });
  const started = { number: 1, at: 2, pid: 3 };
  const output = { attempt: 1, stream: 'stdout', at: 4, bytes: Buffer.from('x') } as const;
  const ended = { number: 1, at: 5, end: { kind: 'exited', status: 0 } } as const;
  const waiting = { until: 6 };
  observer.attemptStarted(started);
  observer.output(output);
  observer.attemptEnded(ended);
  observer.waiting(waiting);
  assert.deepEqual(seen, [started, output, ended, waiting]);
});

test('What an observer throws or rejects with stays inside', async () => {
  const throwing = () => {
    throw new Error('no');
  };
  const rejecting = async () => throwing();
  for (const fail of [throwing, rejecting]) {
    const observer: Observer = harmless({ attemptStarted: fail, output: fail, attemptEnded: fail, waiting: fail });
    observer.waiting({ until: 0 });
    observer.attemptStarted({ number: 1, at: 0, pid: 1 });
  }
  // An unhandled rejection is reported, and fails the test, once the event loop has turned.
  await new Promise((resolve) => setImmediate(resolve));
});
