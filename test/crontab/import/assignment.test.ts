import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { readAssignment } from '../../../src/crontab/import/assignment.ts';

test('Names and values are read with quotes and blanks as cron reads them', () => {
  const lines: readonly (readonly [line: string, name: string, value: string])[] = [
    ['A=1', 'A', '1'],
    ['  A \t=\t 1  ', 'A', '1'],
    ['A="  x  y "', 'A', '  x  y '],
    [`A='"'`, 'A', '"'],
    ["A=it's", 'A', "it's"],
    ['A=say "hi"', 'A', 'say "hi"'],
    ['A=1 # not a comment', 'A', '1 # not a comment'],
    ['A=b=c', 'A', 'b=c'],
    ['A=""', 'A', ''],
    ['"A B" = c', 'A B', 'c'],
    ['* = x', '*', 'x'],
    ['=x', '', 'x'],
    ['A="x"\r', 'A', 'x'],
  ];
  for (const [line, name, value] of lines) assert.deepEqual(readAssignment(line), { name, value }, line);
});

test('What cron takes for an entry is no assignment', () => {
  for (const line of ['A=', 'A="x" y', 'A="x', 'A B=c', '"A"B=c', '"A=B"=c', '5 * * * * A=b', 'A', "A='"]) {
    assert.equal(readAssignment(line), undefined, line);
  }
});

test('Debian’s cron takes blanks off the end of what is quoted, cronie does not', () => {
  assert.equal(readAssignment('A="  x  "', crons.debian)?.value, '  x');
  assert.equal(readAssignment('A="  x  "', crons.cronie)?.value, '  x  ');
});
