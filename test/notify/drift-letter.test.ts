import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DriftReport, type DriftRow, driftLetter, shortDriftReport } from '../../src/notify/drift-letter.ts';
import { columnsOf } from '../../src/notify/wrap.ts';

const row: DriftRow = {
  message: 'line 4: the line of shop/backup was edited',
  remedy: 'cronwright sync puts it right; when a job runs is for the jobs file to say',
  wanted: '0 3 * * * /bin/cronwright run --scheduled shop/backup',
  found: '30 3 * * * /bin/cronwright run --scheduled shop/backup',
};
const gone: DriftRow = {
  message: 'the line of shop/clean is gone',
  remedy: 'cronwright sync brings it back',
  wanted: null,
  found: null,
};

function reportOf(rows: readonly DriftRow[], changes: Partial<DriftReport> = {}): DriftReport {
  return { project: 'shop', host: 'db1', program: 'cronwright', table: 'user', rows, isMendable: true, ...changes };
}

test('A letter shows each line as it was and as it is, what mends it, and what to type', () => {
  const { subject, text } = driftLetter(reportOf([row, gone]));
  assert.equal(subject, '[db1] shop: the table user was changed, 2 differences');
  assert.equal(
    text,
    `The lines of shop in the table user on db1 are not as cronwright installed
them.

Line 4: the line of shop/backup was edited.
  now:
  | 30 3 * * * /bin/cronwright run --scheduled shop/backup
  installed:
  | 0 3 * * * /bin/cronwright run --scheduled shop/backup
  cronwright sync puts it right; when a job runs is for the jobs file to say

The line of shop/clean is gone.
  cronwright sync brings it back

cronwright changes nothing of it by itself. This is told once; a difference
that comes later is told anew.

What to type next on db1
  cronwright drift  what differs, line by line
  cronwright plan   what sync would do
  cronwright sync   put it right
`,
  );
});

test('A single difference is in the subject', () => {
  assert.equal(driftLetter(reportOf([gone])).subject, '[db1] shop: the line of shop/clean is gone');
});

test('A letter says where sync needs help first', () => {
  assert.match(driftLetter(reportOf([gone], { isMendable: false })).text, /has to be\s+mended by hand first/);
});

test('A report for standard error has the first five differences, how many more, and what to type', () => {
  assert.equal(
    shortDriftReport(reportOf(Array.from({ length: 6 }, () => gone))),
    `The lines of shop in the table user on db1 are not as cronwright installed
them.
${'  the line of shop/clean is gone\n'.repeat(5)}  And 1 more difference.
  cronwright drift
`,
  );
});

test('A letter has the first twenty differences, and how many more there are', () => {
  const { text, subject } = driftLetter(reportOf(Array.from({ length: 23 }, () => gone)));
  assert.equal(text.match(/is gone/g)?.length, 20);
  assert.match(text, /\n\nAnd 3 more differences\.\n\n/);
  assert.match(subject, /23 differences$/);
});

test('Whatever stands in a table, a letter is bounded, has no control characters and no line that is too wide', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary', maxLength: 2_000 }));
  const rows = fc.array(fc.record({ message: text, remedy: text, wanted: fc.option(text), found: fc.option(text) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(rows, (some) => {
      const { subject, text: letter } = driftLetter(reportOf(some));
      assert.doesNotMatch(subject, /[\r\n]/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(letter + shortDriftReport(reportOf(some)), /[\u0000-\u0008\u000b-\u001f\u007f]/);
      for (const line of letter.split('\n')) assert.ok(columnsOf(line) <= 78, line);
      assert.ok(letter.split('\n').length < 1_000);
    }),
    { numRuns: 200, seed: 5 },
  );
});
