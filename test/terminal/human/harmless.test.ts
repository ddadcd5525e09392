import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drift } from '../../../src/terminal/human/drift.ts';
import { findings } from '../../../src/terminal/human/findings.ts';
import { revisions, snapshots } from '../../../src/terminal/human/snapshots.ts';
import { pageOf } from '../samples.ts';

/** What moves the cursor, and what the eight-bit form of an escape does. */
const control = '\u001b[2Jshop\u009b31m';
const time = '2026-11-24T09:12:40+01:00';

test('Nothing that another account’s registry, table or mail server says reaches the terminal as an order', () => {
  const page = pageOf();
  const kept = { id: 1, target: control, takenAt: time, takenBy: control, reason: control };
  const made = { project: control, current: true, installedAt: time, installedBy: control, file: control };
  const numbers = { revision: 1, lines: 1, bytes: 1, jobs: 1, added: 0, changed: 0, removed: 0 };
  const drawn = [
    snapshots([{ ...kept, ...numbers }], page),
    revisions([{ ...made, ...numbers, target: control }], page),
    drift(
      [{ project: control, target: control, state: 'drifted', drift: [], message: control, remedy: control }],
      page,
    ),
    findings([{ check: 'mail', group: 'mail', state: 'problem', message: control, remedy: control }], page),
  ];
  for (const text of drawn) {
    assert.match(text, /shop/);
    assert.ok(!text.includes('\u001b') && !text.includes('\u009b'), JSON.stringify(text));
  }
});
