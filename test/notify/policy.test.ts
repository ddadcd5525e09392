import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MailSettings } from '../../src/job/job.ts';
import { isTold, isToldOf, nextTry, recipients } from '../../src/notify/policy.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const asked = { on: ['failure'], to: [] } as const;
const mail: MailSettings = {
  from: 'cron@shop.example',
  to: ['ops@shop.example', 'web@shop.example', 'ops@shop.example'],
  transport: { kind: 'sendmail', argv: ['sendmail'] },
};

const states = [
  ['failed', true],
  ['timed-out', true],
  ['interrupted', true],
  ['succeeded', false],
  ['cancelled', true],
  ['skipped', false],
  ['missed', false],
  ['running', false],
] as const;
for (const [state, told] of states) {
  test(`A run that is ${state} is ${told ? '' : 'not '}told`, () => {
    assert.equal(isTold(asked, state), told);
  });
}

test('A job that asks for nothing is told of nothing', () => {
  assert.equal(isTold({ on: [], to: [] }, 'failed'), false);
});

test('A job is told of what else happens where it asks for just that', () => {
  assert.deepEqual([isToldOf(asked, 'missed'), isToldOf({ on: ['missed'], to: [] }, 'missed')], [false, true]);
  assert.equal(isTold({ on: ['missed', 'late', 'slow'], to: [] }, 'failed'), false);
});

test('The project is told, each address once, unless the job names its own', () => {
  assert.deepEqual(recipients(asked, mail), ['ops@shop.example', 'web@shop.example']);
  assert.deepEqual(recipients({ ...asked, to: ['dba@shop.example'] }, mail), ['dba@shop.example']);
});

/** The waits between the tries of a mail that never leaves. */
function waits(): readonly number[] {
  const found: number[] = [];
  for (let now = 0, tries = 1; tries < 1_000; tries++) {
    const next = nextTry(tries, now);
    if (next === undefined) return found;
    found.push(next - now);
    now = next;
  }
  throw new Error('tried for ever');
}

test('A mail is tried again after a minute, then more and more slowly', () => {
  assert.deepEqual(
    waits().slice(0, 8),
    [1, 2, 5, 10, 30, 60, 180, 180].map((count) => count * minute),
  );
});

test('A mail is given up after about three days', () => {
  const total = waits().reduce((sum, wait) => sum + wait, 0);
  assert.ok(total > 2.8 * day && total <= 3 * day);
});
