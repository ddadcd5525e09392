import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failureLetter, shortReport } from '../../src/notify/letter.ts';
import { columnsOf } from '../../src/notify/wrap.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { reportOf, startedAt } from './rig.ts';

const zone = namedZone('America/New_York');

test('A letter says what failed, when, how, its last words and what to type', () => {
  const { subject, text } = failureLetter(reportOf(), zone);
  assert.equal(subject, '[db1] shop/backup failed: exited with status 3');
  assert.equal(
    text,
    `shop/backup on db1 exited with status 3.

  about    Nightly copy of the shop database
  owner    web team
  command  backup --all
  started  2026-03-08 03:00:01 -04:00 (2026-03-08 07:00:01 UTC)
  ended    2026-03-08 03:12:35 -04:00 (2026-03-08 07:12:35 UTC)
           after 12 minutes 34 seconds, 1 attempt
  run      01kaw8b0x7q2f, started by its schedule

The end of its output
  | copying
  | ERROR: disk full

What to type next on db1
  cronwright logs 01kaw8b0x7q2f   all of its output
  cronwright history shop/backup  how it went before
  cronwright run shop/backup      run it now
`,
  );
});

test('A short report is a few lines for standard error', () => {
  assert.equal(
    shortReport(reportOf(), zone),
    `shop/backup on db1 exited with status 3.
  run 01kaw8b0x7q2f, 2026-03-08 03:00:01 -04:00, 1 attempt, by its schedule
  | copying
  | ERROR: disk full
  cronwright logs 01kaw8b0x7q2f
`,
  );
});

test('A short report ends with the last five lines of output', () => {
  const output = Array.from({ length: 9 }, (_, index) => `line ${index}`).join('\n');
  const quoted = shortReport(reportOf({ output }), zone).match(/^ {2}\| .*/gm);
  assert.deepEqual(
    quoted,
    ['line 4', 'line 5', 'line 6', 'line 7', 'line 8'].map((line) => `  | ${line}`),
  );
});

test('What is not known is not mentioned', () => {
  const { text } = failureLetter(reportOf({ description: '', owner: '', attempts: [], output: '\n' }), zone);
  assert.doesNotMatch(text, /about|owner|Attempts|\|/);
  assert.match(text, /, 0 attempts/);
  assert.match(text, /^It wrote no output\.$/m);
});

test('A run that started late names the time it was due', () => {
  const { text } = failureLetter(reportOf({ slot: startedAt - 61_000 }), zone);
  assert.match(text, /^ {2}due {6}2026-03-08 01:59:00 -05:00 \(2026-03-08 06:59:00 UTC\)$/m);
});

const verdicts = [
  ['failed', 'failed'],
  ['timed-out', 'timed out'],
  ['interrupted', 'was interrupted'],
  ['cancelled', 'was cancelled'],
] as const;
for (const [state, words] of verdicts) {
  test(`The subject of a run that is ${state} says that it ${words}`, () => {
    const { subject } = failureLetter(reportOf({ state, sentence: 'ended' }), zone);
    assert.equal(subject, `[db1] shop/backup ${words}: ended`);
  });
}

const triggers = [
  ['schedule', 'started by its schedule'],
  ['boot', 'started at the start of the machine'],
  ['manual', 'started by hand'],
] as const;
for (const [trigger, words] of triggers) {
  test(`The letter of a ${trigger} run says that it was ${words}`, () => {
    assert.ok(failureLetter(reportOf({ trigger }), zone).text.includes(`01kaw8b0x7q2f, ${words}\n`));
  });
}

test('Several attempts are listed, each with its local time, its end and how long it took', () => {
  const sentence = 'took longer than its timeout of 1 hour and was ended by cronwright together with its children';
  const attempts = [1, 2].map((number) => {
    const start = startedAt + number * 60_000;
    return { number, startedAt: start, endedAt: start + 4_000, sentence };
  });
  const { text } = failureLetter(reportOf({ attempts }), zone);
  assert.ok(
    text.includes(`
Attempts
    1  03:01:01  took longer than its timeout of 1 hour and was ended by
       cronwright together with its children, after 4 seconds
    2  03:02:01  took`),
  );
});

test('Of many attempts, many lines of output and a long command only a part is told', () => {
  const one = { number: 100, startedAt, endedAt: startedAt, sentence: 'failed' };
  const attempts = Array.from({ length: 100 }, (_, index) => ({ ...one, number: index + 1 }));
  const output = Array.from({ length: 1_000 }, (_, index) => `line ${index}`).join('\n');
  const { text } = failureLetter(reportOf({ attempts, output, command: 'x'.repeat(10_000) }), zone);
  assert.match(text, /^Attempts, the last 10 of 100\n {3}91 {2}/m);
  assert.match(text, /^ {2}100 {2}/m);
  assert.match(text, /^The last 40 lines of its output\n {2}\| line 960$/m);
  assert.match(text, /^ {11}\.\.\.$/m);
  assert.ok(text.split('\n').length < 100);
});

test('A command of several lines keeps its lines', () => {
  const { text } = failureLetter(reportOf({ command: 'set -e\nbackup --all\n' }), zone);
  assert.match(text, /^ {2}command {2}set -e\n {11}backup --all$/m);
});

test('A command to type is not broken, however long it is', () => {
  const program = `/opt/${'long/'.repeat(20)}bin/cronwright`;
  assert.ok(failureLetter(reportOf({ program }), zone).text.includes(`\n  ${program} run shop/backup\n`));
});

test('No subject has a control character or more than 250 characters', () => {
  const hostile = 'x\r\nBcc: spy@evil.example\r\n\r\nbody\u0000\u001b[2J';
  const { subject } = failureLetter(reportOf({ host: hostile, sentence: hostile.repeat(20) }), zone);
  assert.doesNotMatch(subject, /\p{Cc}/u);
  assert.equal(subject.length, 250);
});

test('Whatever stands in a report, its letter is safe to show and at most 76 columns wide', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const facts = fc.record({ host: text, description: text, owner: text, command: text, sentence: text, output: text });
  fc.assert(
    fc.property(facts, (changes) => {
      const letter = failureLetter(reportOf(changes), zone);
      assert.doesNotMatch(letter.subject, /\p{Cc}/u);
      assert.doesNotMatch(letter.text, /[^\P{Cc}\n]/u);
      for (const line of letter.text.split('\n')) assert.ok(columnsOf(line) <= 76, line);
      for (const line of shortReport(reportOf(changes), zone).split('\n')) assert.ok(columnsOf(line) <= 76, line);
    }),
  );
});

test('Without a zone, times are those of this host', () => {
  assert.equal(failureLetter(reportOf()).text.match(/2026-03-08 07:00:01 UTC/)?.length, 1);
});
