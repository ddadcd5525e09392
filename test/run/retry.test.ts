import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffs, type RetryPolicy } from '../../src/job/job.ts';
import type { AttemptEnd } from '../../src/run/outcome.ts';
import { isWorthAnother, retryDelay } from '../../src/run/retry.ts';

const policy: RetryPolicy = {
  attempts: 3,
  delay: 30_000,
  backoff: 'exponential',
  maxDelay: 600_000,
  jitter: 0,
  on: 'any',
};
const noJitter = () => 0;
const failed: AttemptEnd = { kind: 'exited', status: 1, ok: false };

test('A failure is worth another attempt until all attempts are used', () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => isWorthAnother(policy, attempt, failed)),
    [true, true, false, false],
  );
});

const ends: readonly (readonly [string, AttemptEnd, boolean])[] = [
  ['a success', { kind: 'exited', status: 0, ok: true }, false],
  ['a status that success-exit allows', { kind: 'exited', status: 24, ok: true }, false],
  ['a status 0 that it does not allow', { kind: 'exited', status: 0, ok: false }, true],
  ['a failure shown by another sign', { kind: 'showed-failure', status: 0, sign: 'stderr' }, true],
  ['a timeout', { kind: 'timed-out', after: 1 }, true],
  ['a signal', { kind: 'signalled', signal: 'SIGKILL' }, true],
  ['a program that is not there', { kind: 'not-started', cause: 'not-found', message: '' }, true],
  ['a cancellation', { kind: 'cancelled', by: 'SIGTERM' }, false],
];
for (const [what, end, worth] of ends) {
  test(`With on: any, ${what} is ${worth ? '' : 'not '}worth another attempt`, () => {
    assert.equal(isWorthAnother(policy, 1, end), worth);
  });
}

test('With a list of statuses only these are worth another attempt, as run returns them', () => {
  const some = { ...policy, on: [75, 124, 137, 143] };
  assert.ok(isWorthAnother(some, 1, { kind: 'exited', status: 75, ok: false }));
  assert.ok(isWorthAnother(some, 1, { kind: 'timed-out', after: 1 }));
  assert.ok(isWorthAnother(some, 1, { kind: 'signalled', signal: 'SIGKILL' }));
  assert.ok(!isWorthAnother(some, 1, failed));
  assert.ok(!isWorthAnother(some, 1, { kind: 'cancelled', by: 'SIGTERM' }));
});

test('A success is never tried again, even where its status is listed', () => {
  assert.ok(!isWorthAnother({ ...policy, on: [0] }, 1, { kind: 'exited', status: 0, ok: true }));
  assert.ok(!isWorthAnother({ ...policy, on: [24] }, 1, { kind: 'exited', status: 24, ok: true }));
});

test('A failure that left its status 0 is listed as 1', () => {
  const shown: AttemptEnd = { kind: 'showed-failure', status: 0, sign: 'pattern' };
  assert.ok(isWorthAnother({ ...policy, on: [1] }, 1, shown));
  assert.ok(!isWorthAnother({ ...policy, on: [0] }, 1, shown));
});

test('An exponential wait doubles from the delay up to the longest', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelay(policy, attempt, noJitter));
  assert.deepEqual(waits, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

test('A fixed wait stays the same', () => {
  const fixed: RetryPolicy = { ...policy, backoff: 'fixed' };
  assert.deepEqual(
    [1, 2, 9].map((attempt) => retryDelay(fixed, attempt, noJitter)),
    [30_000, 30_000, 30_000],
  );
});

test('Jitter lengthens a wait by the random share of its fraction', () => {
  assert.equal(
    retryDelay({ ...policy, jitter: 0.5 }, 1, () => 0.5),
    37_500,
  );
});

const policies = fc.record({
  attempts: fc.integer({ min: 1, max: 100_000 }),
  delay: fc.nat(86_400_000),
  backoff: fc.constantFrom(...backoffs),
  maxDelay: fc.nat(366 * 86_400_000),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  on: fc.constant('any' as const),
});
const shares = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 100_000 });

test('A wait is a whole number of milliseconds between the wait without jitter and the longest', () => {
  fc.assert(
    fc.property(policies, attempts, shares, (some, attempt, share) => {
      const wait = retryDelay(some, attempt, () => share);
      assert.ok(Number.isInteger(wait));
      assert.ok(wait >= retryDelay(some, attempt, noJitter));
      assert.ok(wait <= some.maxDelay);
      assert.ok(some.backoff === 'exponential' || wait <= some.delay * (1 + some.jitter));
    }),
  );
});

test('Without jitter no wait is shorter than the one before', () => {
  fc.assert(
    fc.property(policies, attempts, (some, attempt) => {
      assert.ok(retryDelay(some, attempt + 1, noJitter) >= retryDelay(some, attempt, noJitter));
    }),
  );
});
