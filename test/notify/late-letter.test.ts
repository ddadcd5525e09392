import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JobId } from '../../src/job/job.ts';
import { lateLetter, shortLateReport } from '../../src/notify/late-letter.ts';
import type { LateReport } from '../../src/notify/report.ts';
import { columnsOf } from '../../src/notify/wrap.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';

const zone = namedZone('Europe/Berlin');
const minute = 60_000;
/** 03:00 in Berlin. */
const night = Date.parse('2026-11-24T02:00:00Z');

function reportOf(changes: Partial<LateReport> = {}): LateReport {
  return {
    job: 'shop/backup' as JobId,
    description: 'Nightly copy of the shop database',
    owner: 'web team',
    host: 'db1',
    command: 'backup --all',
    slot: night,
    delay: 0,
    at: night + 10 * minute,
    lateAfter: 5 * minute,
    state: 'not-begun',
    run: '',
    holder: '',
    program: 'cronwright',
    ...changes,
  };
}

test('A letter about a slot that nothing has started says when it was due, what that means and what to type', () => {
  const { subject, text } = lateLetter(reportOf(), zone);
  assert.equal(subject, '[db1] shop/backup is late: it has not begun 10 minutes after it was due');
  assert.equal(
    text,
    `shop/backup on db1 has not begun, 10 minutes after it was due.

  about    Nightly copy of the shop database
  owner    web team
  command  backup --all
  due      2026-11-24 03:00:00 +01:00 (2026-11-24 02:00:00 UTC)
  late     5 minutes after it is due (late-after)
  noticed  2026-11-24 03:10:00 +01:00 (2026-11-24 02:10:00 UTC)

Nothing has started it yet. If nothing does, the start is recorded as missed
a few minutes from now. Perhaps cron does not run, its line is gone from the
table, or the machine is too busy to start anything.

What to type next on db1
  cronwright why shop/backup --at 2026-11-24T03:00:00+01:00
  cronwright doctor               whether cron is well
  cronwright history shop/backup  how it went before
`,
  );
});

test('One that waits names the run it waits for, and how to do without it', () => {
  const { subject, text } = lateLetter(reportOf({ state: 'waiting', run: 'run2', holder: 'run1' }), zone);
  assert.equal(subject, '[db1] shop/backup is late: it still waits to begin 10 minutes after it was due');
  assert.match(text, /^ {2}run {6}run2\n {2}behind {3}run run1, which has to end first$/m);
  assert.match(text, /^ {2}cronwright logs run1 --follow/m);
  assert.match(text, /^ {2}cronwright cancel run2/m);
});

test('One that has begun says when, and how to watch it', () => {
  const { subject, text } = lateLetter(reportOf({ state: 'begun', run: 'run2' }), zone);
  assert.equal(subject, '[db1] shop/backup began late: 10 minutes after it was due');
  assert.match(text, /^ {2}began {4}2026-11-24 03:10:00 \+01:00/m);
  assert.match(text, /^ {2}cronwright logs run2 --follow/m);
});

test('What jitter puts off is said besides', () => {
  const { text } = lateLetter(reportOf({ state: 'begun', run: 'run2', delay: 2 * minute }), zone);
  assert.match(text, /^ {2}due .*\n {11}put off for up to 2 minutes \(jitter\)$/m);
});

test('A short report is a few lines for standard error', () => {
  assert.equal(
    shortLateReport(reportOf(), zone),
    `shop/backup on db1 has not begun, 10 minutes after it was due.
  due 2026-11-24 03:00:00 +01:00 (2026-11-24 02:00:00 UTC)
  cronwright why shop/backup --at 2026-11-24T03:00:00+01:00
`,
  );
});

test('Whatever stands in a report, its letter is safe to show and at most 76 columns wide', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const state = fc.constantFrom('not-begun', 'waiting', 'begun');
  fc.assert(
    fc.property(fc.record({ host: text, description: text, owner: text, command: text, state }), (changes) => {
      const letter = lateLetter(reportOf(changes), zone);
      assert.doesNotMatch(letter.subject, /\p{Cc}/u);
      assert.ok(letter.subject.length <= 250);
      assert.doesNotMatch(letter.text, /[^\P{Cc}\n]/u);
      for (const line of letter.text.split('\n')) assert.ok(columnsOf(line) <= 76, line);
    }),
  );
});
