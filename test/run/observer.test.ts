import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless, type Observer } from '../../src/run/observer.ts';

test('A harmless observer passes everything on', () => {
  const seen: unknown[] = [];
  const note = (event: unknown) => {
    seen.push(event);
  };
  const observer = harmless({ attemptStarted: note, output: note, reported: note, attemptEnded: note, waiting: note });
  const started = { number: 1, at: 2, pid: 3 };
  const output = { attempt: 1, stream: 'stdout', at: 4, bytes: Buffer.from('x') } as const;
  const reported = { attempt: 1, at: 4, event: { kind: 'progress', value: 0.5 } } as const;
  const end = { kind: 'exited', status: 0, ok: true } as const;
  const ended = { number: 1, at: 5, end, cost: { cpuMs: 10, peakMemory: null }, left: [] };
  const waiting = { until: 6, next: 2 };
  observer.attemptStarted(started);
  observer.output(output);
  observer.reported(reported);
  observer.attemptEnded(ended);
  observer.waiting(waiting);
  assert.deepEqual(seen, [started, output, reported, ended, waiting]);
});

test('What an observer throws or rejects with stays inside', async () => {
  const throwing = () => {
    throw new Error('no');
  };
  const rejecting = async () => throwing();
  for (const fail of [throwing, rejecting]) {
    const all = { attemptStarted: fail, output: fail, reported: fail, attemptEnded: fail, waiting: fail };
    const observer: Observer = harmless(all);
    const end = { kind: 'timed-out', after: 1 } as const;
    observer.attemptStarted({ number: 1, at: 0, pid: 1 });
    observer.output({ attempt: 1, stream: 'stderr', at: 0, bytes: Buffer.alloc(1) });
    observer.reported({ attempt: 1, at: 0, event: { kind: 'result', value: '{}' } });
    observer.attemptEnded({ number: 1, at: 0, end, cost: { cpuMs: null, peakMemory: null }, left: [] });
    observer.waiting({ until: 0, next: 2 });
  }
  // An unhandled rejection is reported, and fails the test, once the event loop has turned.
  await new Promise((resolve) => setImmediate(resolve));
});
