import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { relative, span, stamp, stampMinute } from '../../src/terminal/when.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

suite('a span', () => {
  for (const [milliseconds, words] of [
    [0, '0s'],
    [40, '0s'],
    [449, '0.4s'],
    [5 * second, '5s'],
    [10 * second - 1, '9.9s'],
    [10 * second, '10s'],
    [minute - 1, '59s'],
    [minute, '1m 00s'],
    [3 * minute + 5 * second, '3m 05s'],
    [hour - 1, '59m 59s'],
    [2 * hour + 10 * minute, '2h 10m'],
    [day - 1, '23h 59m'],
    [3 * day + 4 * hour, '3d 4h'],
  ] as const) {
    test(`of ${milliseconds} ms is ${words}`, () => {
      assert.equal(span(milliseconds), words);
    });
  }
});

suite('how far an instant is', () => {
  const now = Date.parse('2026-11-24T08:00:00Z');
  const at = (distance: number) => relative(new Date(now + distance).toISOString(), now);

  for (const [distance, words] of [
    [0, 'in 0s'],
    [minute - 1, 'in 59s'],
    [5 * minute, 'in 5m'],
    [hour - 1, 'in 59m'],
    [47 * hour, 'in 47h'],
    [2 * day, 'in 2d'],
    [-second, '1s ago'],
    [-minute, '1m ago'],
    [-3 * day, '3d ago'],
  ] as const) {
    test(`${distance} ms away is ${words}`, () => {
      assert.equal(at(distance), words);
    });
  }
});

test('an instant is shown with the clock of its own offset', () => {
  assert.equal(stamp('2026-11-24T03:00:01-05:00'), '2026-11-24 03:00:01');
  assert.equal(stampMinute('2026-11-24T03:00:01-05:00'), '2026-11-24 03:00');
});
