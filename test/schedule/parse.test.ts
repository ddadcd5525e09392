import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSchedule } from '../../src/schedule/parse.ts';
import { type ScheduleCode, scheduleCodes } from '../../src/schedule/schedule.ts';
import { expressions, schedule, scrawls, textOf } from './expressions.ts';

function fieldsOf(text: string) {
  const parsed = schedule(text);
  assert.equal(parsed.kind, 'calendar');
  return parsed.fields;
}

function problemOf(text: string) {
  const parsed = parseSchedule(text);
  assert.ok(!parsed.ok, `${text} was accepted`);
  return parsed.problem;
}

describe('the five fields', () => {
  it('are read as the values and the star that cron sees', () => {
    const { minute, hour, dayOfMonth, month, dayOfWeek } = fieldsOf('*/20 08,9-17/4 1,*,3 JAN-mar,Dec 5-7');
    assert.deepEqual(minute, { star: true, values: [0, 20, 40] });
    assert.deepEqual(hour, { star: false, values: [8, 9, 13, 17] });
    assert.equal(dayOfMonth.star, false);
    assert.equal(dayOfMonth.values.length, 31);
    assert.deepEqual(month, { star: false, values: [1, 2, 3, 12] });
    assert.deepEqual(dayOfWeek, { star: false, values: [0, 5, 6] });
  });

  it('may be set apart by any blanks', () => {
    assert.deepEqual(fieldsOf(' \t0  3\t* * mon '), fieldsOf('0 3 * * 1'));
  });

  it('keep the text as it was written', () => {
    assert.equal(schedule(' 0 3 * * * ').text, ' 0 3 * * * ');
  });

  it('accept a leap day on a Sunday, and a weekday beside a date that never comes', () => {
    assert.deepEqual(fieldsOf('0 0 29 2 */7').dayOfWeek, { star: true, values: [0] });
    assert.deepEqual(fieldsOf('0 0 30 2 1').dayOfMonth.values, [30]);
  });

  it('are accepted in every valid form and mean what they were built from', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const { minute, hour, dayOfMonth, month, dayOfWeek } = fieldsOf(textOf(expression));
        const read = [minute, hour, dayOfMonth, month, dayOfWeek];
        assert.deepEqual(
          read,
          expression.map(({ text, values }) => ({ star: text.startsWith('*'), values })),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a nickname', () => {
  for (const [text, fields] of [
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@midnight', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
  ] as const) {
    it(`${text} is ${fields}`, () => assert.deepEqual(fieldsOf(text), fieldsOf(fields)));
  }

  it('@reboot has no fields', () => assert.deepEqual(schedule('@reboot'), { kind: 'reboot', text: '@reboot' }));
});

describe('a phrase', () => {
  for (const [text, fields] of [
    ['every minute', '* * * * *'],
    ['every 1m', '* * * * *'],
    ['every 15m', '*/15 * * * *'],
    ['every  15  Minutes', '*/15 * * * *'],
    ['every 60m', '0 * * * *'],
    ['every 120m', '0 */2 * * *'],
    ['every 2h', '0 */2 * * *'],
    ['every 24h', '0 0 * * *'],
    ['every hour', '0 * * * *'],
    ['hourly', '0 * * * *'],
    ['hourly at :05', '5 * * * *'],
    ['every hour at :05 and :35', '5,35 * * * *'],
    ['every day', '0 0 * * *'],
    ['daily', '0 0 * * *'],
    ['daily at 02:30', '30 2 * * *'],
    ['Daily at 2:30, 14:30', '30 2,14 * * *'],
    ['daily at 09:00 and 09:30', '0,30 9 * * *'],
    ['every day at 02:30', '30 2 * * *'],
    ['weekdays at 09:00', '0 9 * * 1-5'],
    ['every weekday at 09:00', '0 9 * * 1-5'],
    ['weekends at 10:00', '0 10 * * 0,6'],
    ['weekly', '0 0 * * 0'],
    ['weekly on mon at 04:00', '0 4 * * 1'],
    ['weekly on Mon, Thursday at 04:00', '0 4 * * 1,4'],
    ['weekly on mon,thu at 04:00', '0 4 * * 1,4'],
    ['every Monday and Thursday at 04:00', '0 4 * * 1,4'],
    ['monthly', '0 0 1 * *'],
    ['monthly on 1 at 05:00', '0 5 1 * *'],
    ['monthly on 1, 15 at 05:00', '0 5 1,15 * *'],
    ['monthly on the 1st and the 15th at 05:00', '0 5 1,15 * *'],
    ['yearly', '0 0 1 1 *'],
  ] as const) {
    it(`"${text}" is ${fields}`, () => assert.deepEqual(fieldsOf(text), fieldsOf(fields)));
  }
});

/** The text, the code, the characters that are marked, the expression that the hint offers. */
const refused: readonly (readonly [string, ScheduleCode, string, string | undefined])[] = [
  ['', 'schedule-empty', '', '0 3 * * *'],
  [' \t', 'schedule-empty', '\t', '0 3 * * *'],
  ['0 3 * *', 'schedule-fields', '0 3 * *', '0 3 * * *'],
  ['0 3', 'schedule-fields', '0 3', '0 3 * * *'],
  ['*/30 0 3 * * *', 'schedule-fields', '*/30 0 3 * * *', '0 3 * * *'],
  ['0 0 12 ? * MON *', 'schedule-fields', '0 0 12 ? * MON *', '0 3 * * *'],
  ['0 3 * * * root backup', 'schedule-fields', 'root backup', '0 3 * * *'],
  ['*/90 * * * *', 'schedule-step', '*/90', '0 * * * *'],
  ['0 */24 * * *', 'schedule-step', '*/24', '0 0 * * *'],
  ['0 0 */31 * *', 'schedule-step', '*/31', '0 0 1 * *'],
  ['10-20/11 * * * *', 'schedule-step', '10-20/11', '10 * * * *'],
  ['5/15 * * * *', 'schedule-step', '5/15', '5-59/15 * * * *'],
  ['0 0 * * mon/2', 'schedule-step', 'mon/2', '0 0 * * 1-6/2'],
  ['*/0 * * * *', 'schedule-step', '*/0', '* * * * *'],
  ['0 8-18/0 * * *', 'schedule-step', '8-18/0', '0 8-18 * * *'],
  ['0 22-2 * * *', 'schedule-order', '22-2', '0 22-23,0-2 * * *'],
  ['0 22-2/2 * * *', 'schedule-order', '22-2/2', '0 22,0,2 * * *'],
  ['0 0 28-3 * *', 'schedule-order', '28-3', '0 0 28-31,1-3 * *'],
  ['0 0 * nov-feb *', 'schedule-order', 'nov-feb', '0 0 * nov-dec,jan-feb *'],
  ['0 0 * * fri-mon', 'schedule-order', 'fri-mon', '0 0 * * fri-sat,sun-mon'],
  ['0 0 * * sat-sun', 'schedule-order', 'sat-sun', '0 0 * * sat,sun'],
  ['0 0 * * 7-1', 'schedule-order', '7-1', '0 0 * * 0-1'],
  ['0~30 * * * *', 'schedule-character', '0~30', '15 * * * *'],
  ['0 0 ? * *', 'schedule-character', '?', '0 0 * * *'],
  ['5;x * * * *', 'schedule-character', ';x', '5 * * * *'],
  ['0 0 * * 5#3', 'schedule-character', '#3', '0 0 * * 5'],
  ['0 0 * * *\n', 'schedule-character', '\n', '0 0 * * *'],
  ['0 0 * * 1.5', 'schedule-character', '.5', '0 0 * * 1'],
  ['0 0 L * *', 'schedule-name', 'L', '0 0 28 * *'],
  ['0 0 15W * *', 'schedule-name', '15W', '0 0 15 * *'],
  ['0 0 * * 5L', 'schedule-name', '5L', '0 0 * * 5'],
  ['0 0 * * MONDAY', 'schedule-name', 'MONDAY', '0 0 * * mon'],
  ['0 0 * * mon-FRIDAY', 'schedule-name', 'FRIDAY', '0 0 * * mon-fri'],
  ['0 0 * September *', 'schedule-name', 'September', '0 0 * sep *'],
  ['0 0 * mon *', 'schedule-name', 'mon', undefined],
  ['H 3 * * *', 'schedule-name', 'H', undefined],
  ['1,,2 * * * *', 'schedule-value', ',', undefined],
  ['0 0 * * 1,', 'schedule-value', ',', undefined],
  ['1- * * * *', 'schedule-value', '1-', '1 * * * *'],
  ['*/ * * * *', 'schedule-value', '*/', '* * * * *'],
  ['*-5 * * * *', 'schedule-value', '*-5', '* * * * *'],
  ['0 0 0 * *', 'schedule-range', '0', '0 0 1 * *'],
  ['60 * * * *', 'schedule-range', '60', '0 * * * *'],
  ['0 24 * * *', 'schedule-range', '24', '0 0 * * *'],
  ['0 8-24 * * *', 'schedule-range', '24', '0 8-23 * * *'],
  ['0 0 32 * *', 'schedule-range', '32', '0 0 31 * *'],
  ['0 0 * 0 *', 'schedule-range', '0', '0 0 * 1 *'],
  ['0 0 * * 1,8', 'schedule-range', '8', '0 0 * * 1,7'],
  ['0 0 30 2 *', 'schedule-never', '30', '0 0 28 2 *'],
  ['0 0 31 4,6,9,11 *', 'schedule-never', '31', '0 0 30 4,6,9,11 *'],
  ['0 0 31 feb */2', 'schedule-never', '31', '0 0 28 feb */2'],
  ['@Daily', 'schedule-nickname', '@Daily', '@daily'],
  ['@dayly', 'schedule-nickname', '@dayly', '@daily'],
  ['@every 5m', 'schedule-nickname', '@every 5m', 'every 5m'],
  ['@', 'schedule-nickname', '@', undefined],
  ['every 7m', 'schedule-interval', '7m', 'every 6m'],
  ['every 90m', 'schedule-interval', '90m', 'every 1h'],
  ['every 5 hours', 'schedule-interval', '5 hours', 'every 4h'],
  ['every 1h30m', 'schedule-interval', '1h30m', 'every 1h'],
  ['every 2d', 'schedule-interval', '2d', 'every 24h'],
  ['every 30s', 'schedule-interval', '30s', 'every 1m'],
  ['every 0m', 'schedule-interval', '0m', 'every 1m'],
  ['every 5 lightyears', 'schedule-interval', '5 lightyears', undefined],
  ['dayly at 02:30', 'schedule-phrase', 'dayly', 'daily at 02:30'],
  ['monday at 02:30', 'schedule-phrase', 'monday', 'every monday at 02:30'],
  ['every weekdy at 02:30', 'schedule-phrase', 'weekdy', 'every weekday at 02:30'],
  ['every monday, frday', 'schedule-phrase', 'frday', undefined],
  ['weekly on', 'schedule-phrase', 'on', undefined],
  ['daily at', 'schedule-phrase', 'at', undefined],
  ['daily on mon', 'schedule-phrase', 'on', undefined],
  ['weekly on 5', 'schedule-phrase', '5', undefined],
  ['monthly on last', 'schedule-phrase', 'last', undefined],
  ['monthly on 32 at 05:00', 'schedule-range', '32', 'monthly on 31 at 05:00'],
  ['every 15m at 10:00', 'schedule-phrase', 'at', undefined],
  ['daily at 9am', 'schedule-time', '9am', 'daily at 09:00'],
  ['daily at 12:30pm', 'schedule-time', '12:30pm', 'daily at 12:30'],
  ['daily at 24:00', 'schedule-time', '24:00', 'daily at 00:00'],
  ['daily at 02:60', 'schedule-time', '02:60', undefined],
  ['hourly at 5', 'schedule-time', '5', undefined],
  ['daily at 02:30 and 14:15', 'schedule-time', '02:30 and 14:15', undefined],
];

describe('what cannot be meant', () => {
  for (const [text, code, marked, offered] of refused) {
    it(`${JSON.stringify(text)} is refused with ${code}${offered === undefined ? '' : ` and the offer "${offered}"`}`, () => {
      const problem = problemOf(text);
      assert.equal(problem.code, code);
      assert.equal(text.slice(problem.offset, problem.offset + problem.length), marked);
      assert.equal(/"([^"]*)"/.exec(problem.hint ?? '')?.[1], offered);
      if (offered !== undefined) assert.ok(parseSchedule(offered).ok, `${offered} is no better`);
    });
  }

  it('is covered by the table for every code but that of another validator', () => {
    const covered = new Set(refused.map(([, code]) => code));
    assert.deepEqual(
      scheduleCodes.filter((code) => !covered.has(code)),
      ['schedule-syntax'],
    );
  });

  it('names what was found and what is expected', () => {
    assert.equal(
      problemOf('0 0 * * MONDAY').message,
      'found MONDAY in the day of week field, expected 0 to 7 or a name of three letters (sun to sat)',
    );
    assert.equal(problemOf('every 7m').hint, 'the nearest that do are 6m and 10m: write "every 6m"');
    assert.match(problemOf('*/30 0 3 * * *').message, /seconds .* not supported/);
  });

  it('has its place within the text, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          scrawls,
          fc.string(),
          fc.lorem().map((words) => `every ${words}`),
        ),
        (text) => {
          const parsed = parseSchedule(text);
          if (parsed.ok) return;
          const { offset, length } = parsed.problem;
          assert.ok(offset >= 0 && length >= 1);
          assert.ok(text === '' || offset + length <= text.length, JSON.stringify(parsed.problem));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
