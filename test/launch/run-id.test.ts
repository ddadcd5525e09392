import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { newRunId } from '../../src/launch/run-id.ts';

const moment = fc.integer({ min: 0, max: Date.parse('2200-01-01') });

suite('the name of a run', () => {
  test('sorts by time', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        fc.pre(a !== b);
        assert.equal(newRunId(a) < newRunId(b), a < b);
      }),
    );
  });

  test('is thirteen characters that nobody takes for others, and no path, option or pattern', () => {
    fc.assert(fc.property(moment, (at) => /^[0-9a-hjkmnp-tv-z]{13}$/.test(newRunId(at))));
  });

  test('is another for nearly every run of the same millisecond', () => {
    const names = new Set(Array.from({ length: 1_000 }, () => newRunId(1)));
    // Of a thousand, half a pair is alike on average.
    assert.ok(names.size > 985, `${names.size} of 1000 differ`);
  });
});
