import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JobId } from '../../src/job/job.ts';
import type { SlowReport } from '../../src/notify/report.ts';
import { shortSlowReport, slowLetter } from '../../src/notify/slow-letter.ts';
import { columnsOf } from '../../src/notify/wrap.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';

const zone = namedZone('Europe/Berlin');
const minute = 60_000;
/** 03:00 in Berlin. */
const night = Date.parse('2026-11-24T02:00:00Z');

function reportOf(changes: Partial<SlowReport> = {}): SlowReport {
  return {
    job: 'shop/backup' as JobId,
    description: 'Nightly copy of the shop database',
    owner: 'web team',
    host: 'db1',
    command: 'backup --all',
    run: 'run1',
    startedAt: night,
    at: night + 31 * minute,
    warnAfter: 30 * minute,
    attempt: 1,
    attempts: 1,
    timeout: 0,
    progress: null,
    isOrphaned: false,
    output: 'copying\n',
    program: 'cronwright',
    ...changes,
  };
}

test('A letter says how long the run has been going on, what that means, its last words and what to type', () => {
  const { subject, text } = slowLetter(reportOf(), zone);
  assert.equal(subject, '[db1] shop/backup is slow: it takes longer than 30 minutes and goes on');
  assert.equal(
    text,
    `shop/backup on db1 has been going on for 31 minutes, longer than 30 minutes.

  about    Nightly copy of the shop database
  owner    web team
  command  backup --all
  started  2026-11-24 03:00:00 +01:00 (2026-11-24 02:00:00 UTC)
  timeout  none: nothing ends it
  run      run1

It is not ended because of this, and this is told once for each run
(warn-after).

Its output so far ends with
  | copying

What to type next on db1
  cronwright logs run1 --follow   watch it
  cronwright cancel run1          end it
  cronwright history shop/backup  how long it took before
`,
  );
});

test('A letter names the attempt of several, the progress and the timeout', () => {
  const { text } = slowLetter(reportOf({ attempt: 2, attempts: 3, progress: 0.4, timeout: 60 * minute }), zone);
  assert.match(
    text,
    /^ {2}attempt {2}2 of 3\n {2}done {5}40%, as the task says\n {2}timeout {2}1 hour for an attempt$/m,
  );
});

test('A task whose wrapper is gone is told as such', () => {
  assert.match(slowLetter(reportOf({ isOrphaned: true }), zone).text, /Its wrapper is gone and the task goes on/);
});

test('Of much output the last twenty lines are told, and of none that there is none', () => {
  const output = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
  assert.match(slowLetter(reportOf({ output }), zone).text, /ends with\n {2}\| line 80\n/);
  assert.match(slowLetter(reportOf({ output: '' }), zone).text, /^It wrote no output so far\.$/m);
});

test('A short report is a few lines for standard error', () => {
  assert.equal(
    shortSlowReport(reportOf(), zone),
    `shop/backup on db1 has been going on for 31 minutes, longer than 30 minutes.
  run run1, since 2026-11-24 03:00:00 +01:00
  cronwright logs run1 --follow
`,
  );
});

test('Whatever stands in a report, its letter is safe to show and at most 76 columns wide', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const facts = fc.record({ host: text, description: text, owner: text, command: text, output: text });
  fc.assert(
    fc.property(facts, (changes) => {
      const letter = slowLetter(reportOf(changes), zone);
      assert.doesNotMatch(letter.subject, /\p{Cc}/u);
      assert.ok(letter.subject.length <= 250);
      assert.doesNotMatch(letter.text, /[^\P{Cc}\n]/u);
      for (const line of letter.text.split('\n')) assert.ok(columnsOf(line) <= 76, line);
    }),
  );
});
