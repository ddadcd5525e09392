import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JobId } from '../../src/job/job.ts';
import { missedLetter, shortMissedReport } from '../../src/notify/missed-letter.ts';
import type { MissedReport, MissedRow } from '../../src/notify/report.ts';
import { columnsOf } from '../../src/notify/wrap.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';

const zone = namedZone('Europe/Berlin');
const hour = 3_600_000;
/** 03:00 in Berlin. */
const night = Date.parse('2026-11-24T02:00:00Z');
const off = 'the machine was off from 2026-11-23 22:10 to 2026-11-24 07:58';

function row(job: string, changes: Partial<MissedRow> = {}): MissedRow {
  const one = { owner: '', first: night, last: night, count: 1, reason: off, follows: '' };
  return { ...one, job: job as JobId, ...changes };
}

function reportOf(rows: readonly MissedRow[], changes: Partial<MissedReport> = {}): MissedReport {
  return { project: 'shop', host: 'db1', program: 'cronwright', rows, ...changes };
}

const several = reportOf([
  row('shop/backup', { owner: 'web team', follows: 'the latest is made up for now' }),
  row('shop/cleanup', { first: night - 23 * hour, count: 24 }),
  row('shop/export', { first: night - hour, count: 2, reason: 'its line is no longer in the crontab' }),
]);

test('A letter about several jobs has a table for each reason, and says what becomes of them and what to type', () => {
  const { subject, text } = missedLetter(several, zone);
  assert.equal(subject, '[db1] shop: 3 jobs missed 27 starts');
  assert.equal(
    text,
    `shop on db1: 3 jobs missed 27 starts.

The machine was off from 2026-11-23 22:10 to 2026-11-24 07:58:
  job           missed  from              to
  shop/backup        1  2026-11-24 03:00
      the latest is made up for now
      owner: web team
  shop/cleanup      24  2026-11-23 04:00  2026-11-24 03:00

Its line is no longer in the crontab:
  job          missed  from              to
  shop/export       2  2026-11-24 02:00  2026-11-24 03:00

The times are those of the clock of db1 (Europe/Berlin). Where nothing is
said of what follows, nothing does: the jobs go on with their next starts.
With missed: run-once or run-all a job makes up for what it missed, within
its start-deadline.

What to type next on db1
  cronwright why shop/backup --at 2026-11-24T03:00:00+01:00
  cronwright history --only missed  all that was missed
  cronwright run shop/backup        run it now
  cronwright doctor                 whether cron is well
`,
  );
});

test('A letter about one start names it in the subject, with the reason', () => {
  const { subject, text } = missedLetter(reportOf([row('shop/backup')]), zone);
  assert.equal(subject, `[db1] shop/backup missed its start of 2026-11-24 03:00: ${off}`);
  assert.match(text, /^shop\/backup on db1 missed its start of 2026-11-24 03:00\.\n/);
});

test('A letter about several starts of one job counts them', () => {
  const { subject } = missedLetter(reportOf([row('shop/backup', { first: night - hour, count: 2 })]), zone);
  assert.equal(subject, `[db1] shop/backup missed 2 starts: ${off}`);
});

test('Where everything is made up for, nobody is told how that could be had', () => {
  const { text } = missedLetter(reportOf([row('shop/backup', { follows: 'is made up for' })]), zone);
  assert.doesNotMatch(text, /run-once/);
});

test('Of many rows the first fifty are shown, and how many more there are', () => {
  const rows = Array.from({ length: 53 }, (_, index) => row(`shop/job-${index}`, { count: 2, first: night - hour }));
  const { subject, text } = missedLetter(reportOf(rows), zone);
  assert.equal(subject, '[db1] shop: 53 jobs missed 106 starts');
  assert.match(text, /^ {2}shop\/job-49 /m);
  assert.doesNotMatch(text, /shop\/job-50/);
  assert.match(text, /^And 3 more of such rows, with 6 missed starts\.$/m);
});

test('A name that is too long for its column has a line of its own', () => {
  const { text } = missedLetter(reportOf([row('shop/the-nightly-copy-of-everything')]), zone);
  assert.match(text, /^ {2}shop\/the-nightly-copy-of-everything\n {35}1 {2}2026-11-24 03:00$/m);
});

test('A short report is a few lines for standard error', () => {
  assert.equal(
    shortMissedReport(several, zone),
    `shop on db1: 3 jobs missed 27 starts.
  shop/backup, 2026-11-24 03:00: the machine was off from 2026-11-23 22:10
  to 2026-11-24 07:58: the latest is made up for now
  shop/cleanup, 24 starts from 2026-11-23 04:00 to 2026-11-24 03:00: the
  machine was off from 2026-11-23 22:10 to 2026-11-24 07:58
  shop/export, 2 starts from 2026-11-24 02:00 to 2026-11-24 03:00: its line
  is no longer in the crontab
  cronwright why shop/backup --at 2026-11-24T03:00:00+01:00
`,
  );
});

test('A short report names five jobs at most', () => {
  const rows = Array.from({ length: 7 }, (_, index) => row(`shop/job-${index}`, { reason: '' }));
  assert.match(shortMissedReport(reportOf(rows), zone), /shop\/job-4, 2026-11-24 03:00\n {2}and 2 more jobs\n/);
});

test('Whatever stands in a report, its letter is safe to show, and its table at most 72 columns wide', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const name = fc.stringMatching(/^[a-z0-9-]{1,63}\/[a-z0-9-]{1,63}$/);
  const one = fc.record({
    job: name,
    owner: text,
    reason: text,
    follows: text,
    count: fc.integer({ min: 1, max: 99_999 }),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), text, (rows, host) => {
      const report = reportOf(
        rows.map(({ job, ...changes }) => row(job, { ...changes, first: night - hour })),
        { host },
      );
      const letter = missedLetter(report, zone);
      assert.doesNotMatch(letter.subject, /\p{Cc}/u);
      assert.ok(letter.subject.length <= 250);
      assert.doesNotMatch(letter.text, /[^\P{Cc}\n]/u);
      const [table = ''] = letter.text.split('\nThe times are those');
      const rest = letter.text.split('\n').filter((line) => !/^ {2}cronwright /.test(line));
      for (const line of rest) assert.ok(columnsOf(line) <= 76, line);
      for (const line of table.split('\n').filter((line) => line.startsWith('  ')))
        assert.ok(columnsOf(line) <= 72, line);
    }),
  );
});
