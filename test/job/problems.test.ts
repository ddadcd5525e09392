import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTimetable } from '../../src/schedule/timetable.ts';

const file = join(import.meta.dirname, '../fixtures/jobs/thirty-mistakes.yaml');

/** Each mistake of the file: the place, the characters that are underlined, and the code. */
const expected = [
  '1:10 2 invalid-value',
  '2:1 projct unknown-key',
  '3:10 My Shop invalid-value',
  '4:10 missing/*.yaml include',
  '6:9 cron invalid-value',
  '7:7 [] invalid-value',
  '8:9 mail.shop.example invalid-value',
  '9:1 timezones unknown-key',
  '11:12 5 minutes invalid-value',
  '12:22 0 invalid-value',
  '12:32 soon invalid-value',
  '12:47 linear invalid-value',
  '12:63 2 invalid-value',
  '12:71 0 invalid-value',
  '14:3 DB-HOST invalid-name',
  '15:9 8080 invalid-value',
  '16:10 on yaml-boolean',
  '18:3 Backup invalid-name',
  '22:15 * yaml-alias',
  '24:3 no-command missing-key',
  '26:5 comand unknown-key',
  '27:3 no-schedule missing-key',
  '30:16 0 0 3 * * * schedule-fields',
  '33:18 24 schedule-range',
  '36:18 22-2 schedule-order',
  '39:20 30 schedule-never',
  '42:21 0h schedule-interval',
  '45:38 noday schedule-name',
  '46:20 3 invalid-value',
  '48:16 @dayly schedule-nickname',
  '49:14 0755 yaml-octal',
  '50:3 nothing invalid-value',
  '52:16 5/15 schedule-step',
  '54:10 [a] invalid-value',
  '55:12 1y invalid-value',
  '56:20 sucess invalid-value',
  '56:33 nobody invalid-value',
  '57:3 hour duplicate-key',
];

test('a file with more than thirty mistakes shows every one at its place', () => {
  const { project, problems, count } = readTimetable(file);
  const found = problems.map(({ line, column, length, source, code }) => {
    return `${line}:${column} ${source.slice(column - 1, column - 1 + length)} ${code}`;
  });
  assert.equal(project, undefined);
  assert.equal(count, 13);
  assert.deepEqual(found, expected);
});
