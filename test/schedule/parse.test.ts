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

describe('days beyond numbers', () => {
  for (const [text, ofMonth, ofWeek] of [
    ['0 0 L * *', [{ kind: 'last', before: 0 }], []],
    ['0 0 l-3 * *', [{ kind: 'last', before: 3 }], []],
    ['0 0 LW * *', [{ kind: 'last-weekday' }], []],
    ['0 0 15W * *', [{ kind: 'nearest-weekday', day: 15 }], []],
    ['0 0 * * 5#3', [], [{ weekday: 5, nth: 3 }]],
    ['0 0 * * fri#3', [], [{ weekday: 5, nth: 3 }]],
    ['0 0 * * 7#1', [], [{ weekday: 0, nth: 1 }]],
    ['0 0 * * 5L', [], [{ weekday: 5, nth: 'last' }]],
    ['0 0 * * FriL', [], [{ weekday: 5, nth: 'last' }]],
    [
      '0 0 1,L,15w * 1,2#2',
      [
        { kind: 'last', before: 0 },
        { kind: 'nearest-weekday', day: 15 },
      ],
      [{ weekday: 2, nth: 2 }],
    ],
  ] as const) {
    it(`are read in ${text}`, () => {
      assert.deepEqual(fieldsOf(text).extra, { ofMonth, ofWeek, every: undefined });
    });
  }

  it('stand beside numbers, and have no star', () => {
    const { dayOfMonth, dayOfWeek } = fieldsOf('0 0 1,L * 2,5#3');
    assert.deepEqual(
      [dayOfMonth, dayOfWeek],
      [
        { star: false, values: [1] },
        { star: false, values: [2] },
      ],
    );
  });

  it('leave no trace where there are none', () => assert.equal('extra' in fieldsOf('0 0 1 * 5'), false));
});

describe('a phrase beyond cron', () => {
  const epoch = Date.UTC(2000, 0, 1);
  for (const [text, interval] of [
    ['every 7m', { minutes: 7, from: epoch }],
    ['every 90m', { minutes: 90, from: epoch }],
    ['every 1h30m', { minutes: 90, from: epoch }],
    ['every 5 hours', { minutes: 300, from: epoch }],
    ['every 36h', { minutes: 2_160, from: epoch }],
    ['every 90m from 2026-01-05', { minutes: 90, from: Date.UTC(2026, 0, 5) }],
    ['every 90m from 2026-01-05 08:10', { minutes: 90, from: Date.UTC(2026, 0, 5, 8, 10) }],
    ['every 15m from 2026-01-05', { minutes: 15, from: Date.UTC(2026, 0, 5) }],
    ['hourly from 2026-01-05 00:05', { minutes: 60, from: Date.UTC(2026, 0, 5, 0, 5) }],
    ['every 90m between 08:00 and 18:00', { minutes: 90, from: epoch, between: { from: 480, to: 1_080 } }],
    [
      'every 90m between 22:00 and 06:00 from 2026-01-05',
      { minutes: 90, from: Date.UTC(2026, 0, 5), between: { from: 1_320, to: 360 } },
    ],
  ] as const) {
    it(`"${text}" is an interval of ${interval.minutes} minutes`, () => {
      assert.deepEqual(schedule(text), { kind: 'interval', text, interval });
    });
  }

  for (const [text, fields, days, from] of [
    ['every 2d from 2026-01-05', '0 0 * * *', 2, Date.UTC(2026, 0, 5)],
    ['every 3 days from 2026-01-05 at 09:00', '0 9 * * *', 3, Date.UTC(2026, 0, 5)],
    ['every 2w from 2026-01-05 at 09:00 and 17:00', '0 9,17 * * *', 14, Date.UTC(2026, 0, 5)],
    ['every 2 weeks at 09:00 from 2026-01-05', '0 9 * * *', 14, Date.UTC(2026, 0, 5)],
    ['every day', '0 0 * * *', undefined, 0],
    ['every 1d from 2026-01-05', '0 0 * * *', 1, Date.UTC(2026, 0, 5)],
  ] as const) {
    it(`"${text}" is ${fields} on counted days`, () => {
      const every = days && { days, from: from / 86_400_000 };
      const extra = every && { ofMonth: [], ofWeek: [], every };
      assert.deepEqual(fieldsOf(text), extra === undefined ? fieldsOf(fields) : { ...fieldsOf(fields), extra });
    });
  }

  for (const [text, fields, between] of [
    ['every 15m between 08:00 and 18:00', '*/15 * * * *', { from: 480, to: 1_080 }],
    ['every 15m between 08:00 and 18:00 on weekdays', '*/15 * * * 1-5', { from: 480, to: 1_080 }],
    ['every 15m on weekends between 08:00 and 18:00', '*/15 * * * 0,6', { from: 480, to: 1_080 }],
    ['every minute between 22:00 and 06:00', '* * * * *', { from: 1_320, to: 360 }],
    ['hourly between 08:00 and 18:00 on mon, thu', '0 * * * 1,4', { from: 480, to: 1_080 }],
    ['hourly at :05 between 08:00 and 18:00', '5 * * * *', { from: 480, to: 1_080 }],
    ['every 2h on mon', '0 */2 * * 1', undefined],
  ] as const) {
    it(`"${text}" is ${fields} at certain times`, () => {
      assert.deepEqual(fieldsOf(text), { ...fieldsOf(fields), ...(between && { between }) });
    });
  }
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
  ['0 0 * * *\n', 'schedule-character', '\n', '0 0 * * *'],
  ['0 0 * * 1.5', 'schedule-character', '.5', '0 0 * * 1'],
  ['0 0 * * MONDAY', 'schedule-name', 'MONDAY', '0 0 * * mon'],
  ['0 0 * * mon-FRIDAY', 'schedule-name', 'FRIDAY', '0 0 * * mon-fri'],
  ['0 0 * September *', 'schedule-name', 'September', '0 0 * sep *'],
  ['0 0 * mon *', 'schedule-name', 'mon', undefined],
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
  ['every 90s', 'schedule-interval', '90s', 'every 2m'],
  ['every 9000h', 'schedule-interval', '9000h', 'every 8784h'],
  ['every 2d', 'schedule-interval', '2d', 'every 2d from 2026-01-05'],
  ['every 2 weeks at 09:00', 'schedule-interval', '2 weeks', 'every 2 weeks from 2026-01-05 at 09:00'],
  ['every 400d from 2026-01-05', 'schedule-interval', '400d', 'every 366d from 2026-01-05'],
  ['every 0w from 2026-01-05', 'schedule-interval', '0w', 'every 1w from 2026-01-05'],
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
  ['0 0 5#3 * *', 'schedule-day', '5#3', undefined],
  ['0 0 * * 15W', 'schedule-day', '15W', undefined],
  ['0 0 * * L', 'schedule-day', 'L', undefined],
  ['L 0 * * *', 'schedule-day', 'L', undefined],
  ['0 0 * * 5#6', 'schedule-range', '5#6', '0 0 * * 5L'],
  ['0 0 * * fri#0', 'schedule-range', 'fri#0', '0 0 * * fri#1'],
  ['0 0 * * 1,9#2', 'schedule-range', '9', '0 0 * * 1,7#2'],
  ['0 0 * * friday#2', 'schedule-name', 'friday', '0 0 * * fri#2'],
  ['0 0 * * 5#x', 'schedule-value', '5#x', undefined],
  ['0 0 * * 5#L', 'schedule-value', '5#L', '0 0 * * 5L'],
  ['0 0 * * L5', 'schedule-value', 'L5', '0 0 * * 5L'],
  ['0 0 * * #3', 'schedule-value', '#3', undefined],
  ['0 0 32W * *', 'schedule-range', '32W', '0 0 31W * *'],
  ['0 0 0W * *', 'schedule-range', '0W', '0 0 1W * *'],
  ['0 0 L-31 * *', 'schedule-range', 'L-31', '0 0 L-30 * *'],
  ['0 0 L-0 * *', 'schedule-range', 'L-0', '0 0 L * *'],
  ['0 0 W * *', 'schedule-value', 'W', undefined],
  ['0 0 WL * *', 'schedule-value', 'WL', '0 0 LW * *'],
  ['0 0 L/2 * *', 'schedule-value', 'L/2', undefined],
  ['0 0 15W-20W * *', 'schedule-name', '15W', undefined],
  ['0 0 31W 2 *', 'schedule-never', '31W', '0 0 LW 2 *'],
  ['0 0 L-29 2 *', 'schedule-never', 'L-29', '0 0 1 2 *'],
  ['0 0 L-30 4 *', 'schedule-never', 'L-30', '0 0 1 4 *'],
  ['0 0 15W * */6', 'schedule-never', '15W * */6', undefined],
  ['0 0 */30 * 5#3', 'schedule-never', '*/30 * 5#3', undefined],
  ['H/0 * * * *', 'schedule-step', 'H/0', 'H * * * *'],
  ['0 H/24 * * *', 'schedule-step', 'H/24', '0 H * * *'],
  ['H(30-10) * * * *', 'schedule-order', 'H(30-10)', 'H(30-59) * * * *'],
  ['H(0-60) * * * *', 'schedule-range', '60', 'H(0-59) * * * *'],
  ['0 0 H(1-31) * *', 'schedule-range', 'H(1-31)', '0 0 H(1-28) * *'],
  ['H( * * * *', 'schedule-value', 'H(', 'H * * * *'],
  ['H-5 * * * *', 'schedule-value', 'H-5', 'H * * * *'],
  ['0 0 31 H *', 'schedule-never', '31', '0 0 28 H *'],
  ['0 0 15W * */6,H', 'schedule-never', '15W * */6,H', undefined],
  ['every 2 weeks on tue at 09:00', 'schedule-phrase', 'on tue', 'every 2 weeks from 2026-01-06 at 09:00'],
  ['every 2w from 2026-01-05 on tue', 'schedule-phrase', 'on tue', undefined],
  ['every 2w from 2026-01-05 09:00', 'schedule-phrase', '09:00', 'every 2w from 2026-01-05 at 09:00'],
  ['every 2w from 2026-01-05 soon', 'schedule-phrase', 'soon', undefined],
  ['every 2d from 2026-01-05 between 08:00 and 18:00', 'schedule-phrase', 'between', undefined],
  ['every 3 days from 2026-02-30', 'schedule-time', '2026-02-30', 'every 3 days from 2026-02-28'],
  ['every 2d from 2026-13-01', 'schedule-time', '2026-13-01', undefined],
  ['every 2d from 05.01.2026', 'schedule-time', '05.01.2026', undefined],
  ['every 90m from 2026-01-05T08:00', 'schedule-time', '2026-01-05T08:00', 'every 90m from 2026-01-05 08:00'],
  ['every 90m from 2026-01-05 8am', 'schedule-time', '8am', 'every 90m from 2026-01-05 08:00'],
  ['every 90m from 2026-01-05 08:00 09:00', 'schedule-phrase', '09:00', undefined],
  ['every 90m from 2026-01-05 at 08:00', 'schedule-phrase', 'at ', 'every 90m from 2026-01-05 08:00'],
  ['every 15m from 08:00 to 18:00', 'schedule-phrase', 'from 08:00 to 18:00', 'every 15m between 08:00 and 18:00'],
  ['every 90m between 08:00 and 18:00 on mon', 'schedule-phrase', 'on', undefined],
  ['every 15m from 2026-01-05 on mon', 'schedule-phrase', 'on', undefined],
  ['every 15m between', 'schedule-phrase', 'between', undefined],
  ['every 15m between 08:00', 'schedule-time', 'between 08:00', undefined],
  ['every 15m between 08:00 and 24:00', 'schedule-time', '24:00', 'every 15m between 08:00 and 23:59'],
  ['every 15m between 8 and 18:00', 'schedule-time', '8', 'every 15m between 08:00 and 18:00'],
  ['every 15m between 08:00 and 12:00 and 18:00', 'schedule-time', '18:00', undefined],
  ['every 15m between 08:00 and 08:00', 'schedule-time', 'between 08:00 and 08:00', undefined],
  ['every 15m between 08:01 and 08:10', 'schedule-never', 'between 08:01 and 08:10', undefined],
  ['every 90m between 08:01 and 08:10', 'schedule-never', 'between 08:01 and 08:10', undefined],
  ['daily between 08:00 and 18:00', 'schedule-phrase', 'between', undefined],
  ['daily from 2026-01-05', 'schedule-phrase', 'from', undefined],
  ['every 15m between 8 and 18', 'schedule-time', '8', 'every 15m between 08:00 and 18:00'],
  ['every 367d', 'schedule-interval', '367d', 'every 366d from 2026-01-05'],
  ['60 24 0 13 8', 'schedule-range', '60', '0 0 1 12 7'],
  ['0 0 * * friL/2', 'schedule-name', 'friL', undefined],
  [' every ', 'schedule-phrase', 'every', undefined],
  ['daily at 09:00 at 10:00', 'schedule-phrase', 'at', undefined],
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
    assert.equal(
      problemOf('0 0 15W-20W * *').hint,
      'L, W, # and H stand by themselves in a list, not in a range or before a step',
    );
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
