import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Capture } from '../../src/run/capture.ts';
import { outputOf, updateOutput } from '../../src/store/output.ts';
import { findRuns } from '../../src/store/runs.ts';
import { begin, morning, newStore } from './rig.ts';

suite('stored output', () => {
  test('is what the capture keeps, whenever it is brought up to date', (t) => {
    const store = newStore(t);
    const write = fc.record({
      stream: fc.constantFrom('stdout', 'stderr'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }),
      update: fc.boolean(),
    });
    let number = 0;
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const run = begin(store, { run: `run${++number}` });
        const capture = new Capture({ head: 40, tail: 64 });
        const update = () => updateOutput(store, { run, ...capture.changes(), totals: capture.totals() });
        for (const { stream, bytes, update: now } of writes) {
          capture.push(stream as 'stdout', 1, bytes, morning);
          if (now) update();
        }
        update();
        assert.deepEqual(outputOf(store, run), capture.pieces());
        const [stored] = findRuns(store, run);
        const { stdout, stderr } = capture.totals();
        assert.deepEqual([stored?.stdoutBytes, stored?.stderrBytes], [stdout.bytes, stderr.bytes]);
      }),
      { numRuns: 60 },
    );
  });

  test('can be read on from a piece already seen', (t) => {
    const store = newStore(t);
    const run = begin(store, { run: 'one' });
    const piece = (seq: number) => ({ seq, attempt: 1, stream: 'stdout', at: 1, bytes: Buffer.from([seq]) }) as const;
    const total = { bytes: 3, omitted: 0 };
    updateOutput(store, {
      run,
      add: [piece(1), piece(2), piece(5)],
      drop: [],
      totals: { stdout: total, stderr: total },
    });
    assert.deepEqual(outputOf(store, run, 2), [piece(5)]);
    assert.deepEqual(outputOf(store, run, 5), []);
  });
});
