import assert from 'node:assert/strict';
import { it, describe as suite } from 'node:test';
import fc from 'fast-check';
import { dateMatches, daysFollowBoth } from '../../../src/schedule/calendar/wall.ts';
import { parseSchedule } from '../../../src/schedule/parse.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { describe } from '../../../src/schedule/words/words.ts';
import { dayExpressions, expressions, schedule, textOf } from '../expressions.ts';

suite('a schedule in words', () => {
  for (const [text, words] of [
    ['@reboot', 'at every start of the machine'],
    ['every minute', 'every minute'],
    ['every 15m', 'every 15 minutes'],
    ['hourly', 'every hour'],
    ['5 * * * *', 'every hour at :05'],
    ['5,20 * * * *', 'every hour at :05 and :20'],
    ['1-30,45 * * * *', 'every hour at each minute from :01 to :30 and :45'],
    ['every 2h', 'every 2 hours'],
    ['every 12h', 'every 12 hours'],
    ['0 0,6,12,18 * * *', 'every day at 00:00, 06:00, 12:00 and 18:00'],
    ['0 0-23/2 * * *', 'every 2 hours'],
    ['5 */2 * * *', 'every 2 hours at :05'],
    ['5 9-17 * * *', 'every hour from 09:05 to 17:05'],
    ['*/15 9-17 * * 1-5', 'every 15 minutes from 09:00 to 17:45, every weekday'],
    ['* 2 * * *', 'every minute from 02:00 to 02:59'],
    ['*/5 2,4 * * *', 'every 5 minutes in the hours 02 and 04'],
    ['0-30 4 * * *', 'every minute from 04:00 to 04:30'],
    ['0-9,30 4 * * *', 'every day at each minute from :00 to :09 and :30 in the hour 04'],
    ['0,20 1,3,7 * * *', 'every day at :00 and :20 in the hours 01, 03 and 07'],
    ['daily at 02:30', 'every day at 02:30'],
    ['daily at 02:30, 14:30', 'every day at 02:30 and 14:30'],
    ['weekdays at 09:00', 'every weekday at 09:00'],
    ['weekends at 10:00', 'every Saturday and Sunday at 10:00'],
    ['weekly on mon at 04:00', 'every Monday at 04:00'],
    ['weekly on sun, mon, wed at 04:00', 'every Monday, Wednesday and Sunday at 04:00'],
    ['monthly on 1 at 05:00', 'on the 1st of every month at 05:00'],
    ['0 5 2,3,11,22 * *', 'on the 2nd, 3rd, 11th and 22nd of every month at 05:00'],
    ['0 5 1-7 * *', 'on the 1st to 7th of every month at 05:00'],
    ['@yearly', 'on the 1st of January at 00:00'],
    ['0 0 1,15 6-8 *', 'on the 1st and 15th of every month from June to August at 00:00'],
    ['0 4 * 6 1', 'every Monday in June at 04:00'],
    ['*/10 * * 1,7 *', 'every 10 minutes, every day in January and July'],
    ['0 0 1 * 1', 'on the 1st of every month and every Monday at 00:00'],
    ['0 0 1-7 * */7', 'every Sunday that falls on the 1st to 7th at 00:00'],
    ['0 0 1-31 * 1', 'every day at 00:00'],
    ['0 0 1 * 0-6', 'every day at 00:00'],
    ['30 2 L * *', 'on the last day of every month at 02:30'],
    ['30 2 L-1,L-3 2 *', 'on the day before the last and the 3rd day before the last of February at 02:30'],
    ['0 0 1,15,L * *', 'on the 1st and 15th and the last day of every month at 00:00'],
    ['0 9 LW 3,6,9,12 *', 'on the last weekday of every month in March, June, September and December at 09:00'],
    ['0 9 15W * *', 'on the weekday nearest to the 15th of every month at 09:00'],
    ['0 9 * * 5#3', 'on the third Friday of every month at 09:00'],
    ['0 9 * * mon#1,mon#3,friL', 'on the first and third Monday and the last Friday of every month at 09:00'],
    ['0 9 * 6 1,5L', 'every Monday in June and on the last Friday of June at 09:00'],
    ['0 9 L * friL', 'on the last day of every month and on the last Friday of every month at 09:00'],
    ['0 9 L * */7', 'every Sunday that falls on the last day at 09:00'],
    ['0 9 */15 * 1L', 'on the last Monday of every month, if it falls on the 1st, 16th and 31st at 09:00'],
    ['*/5 * L * *', 'every 5 minutes, on the last day of every month'],
    ['1-59/2 * * * *', 'every 2 minutes from :01 on'],
    ['every 90m', 'every 90 minutes'],
    ['every 5h', 'every 5 hours'],
    ['every 36h', 'every 36 hours'],
    ['every 90m from 2026-01-05 08:00', 'every 90 minutes from 2026-01-05 08:00'],
    ['every 2h from 2000-01-01', 'every 2 hours from 2000-01-01 00:00'],
    ['every 90m between 08:00 and 18:00', 'every 90 minutes between 08:00 and 18:00'],
    ['every 2w from 2026-01-05 at 09:00', 'every 2 weeks from 2026-01-05 at 09:00'],
    ['every 3d from 2026-01-05', 'every 3 days from 2026-01-05 at 00:00'],
    ['every 7d from 2026-01-05 at 09:00 and 17:00', 'every week from 2026-01-05 at 09:00 and 17:00'],
    ['every 15m between 08:00 and 18:00 on weekdays', 'every 15 minutes between 08:00 and 18:00 on weekdays'],
    ['hourly at :05 between 22:00 and 06:00', 'every hour at :05 between 22:00 and 06:00'],
    ['hourly between 08:00 and 18:00 on mon, thu', 'every hour between 08:00 and 18:00 on Monday and Thursday'],
    ['every 24h between 22:00 and 06:00 on weekends', 'every Saturday and Sunday at 00:00'],
  ] as const) {
    it(`${text} reads "${words}"`, () => assert.equal(describe([schedule(text)]), words));
  }

  it('stands beside the others of its job', () => {
    assert.equal(describe([schedule('@reboot'), schedule('hourly')]), 'at every start of the machine; every hour');
    assert.equal(describe([]), '');
  });

  it('says all there is to say: the same words are the same instants', () => {
    const meanings = new Map<string, string>();
    fc.assert(
      fc.property(small, (text) => {
        const parsed = schedule(text);
        const words = describe([parsed]);
        const known = meanings.get(words);
        if (known !== undefined) assert.equal(meaning(parsed), known, `${text} reads "${words}"`);
        meanings.set(words, meaning(parsed));
      }),
      { numRuns: 20_000 },
    );
  });
});

suite('days beyond numbers in words', () => {
  it('say all there is to say: the same words are the same days', () => {
    const meanings = new Map<string, string>();
    const text = fc.oneof(closeDays, dayExpressions);
    fc.assert(
      fc.property(text, (text) => {
        const parsed = schedule(text);
        const words = describe([parsed]);
        const known = meanings.get(words);
        if (known === undefined) meanings.set(words, days(parsed));
        else assert.equal(days(parsed), known, `${text} reads "${words}"`);
      }),
      { numRuns: 3_000 },
    );
  });
});

const closeDays = fc
  .tuple(
    fc.constantFrom('*', '*/2', 'L', 'L-1', 'LW', '1W', '1,L', 'L,1', '1,1W', 'L,LW'),
    fc.constantFrom('*', '2', '2-4'),
    fc.constantFrom('*', '*/2', '1', '1#1', '1L', '1,1#1', '1#1,1L', '1-5,6#1'),
  )
  .map((fields) => ['0 0', ...fields].join(' '))
  .filter((text) => parseSchedule(text).ok);

/** The dates of some years, as one text. */
function days(parsed: Schedule): string {
  if (parsed.kind !== 'calendar') return parsed.text;
  const { fields } = parsed;
  const dates = Array.from({ length: 1_000 }, (_, index) => 20_000 + index).filter((day) => dateMatches(fields, day));
  return [fields.minute.values, fields.hour.values, dates].map((values) => values.join()).join(' ');
}

/** Many expressions that differ a little, so that words which leave something out are met twice. */
const few = fc.constantFrom('*', '1', '2', '1,2', '1-3', '1-4', '*/2', '*/3', '2,5', '1-5');
const week = fc.constantFrom('*', '1', '0-6', '1-5', '*/2', '6-7', '1,3', '2-6');
const time = fc.constantFrom(
  '*',
  '0',
  '5',
  '0-9',
  '*/5',
  '*/6',
  '*/7',
  '0,5',
  '0-23',
  '0-23/2',
  '1-23/2',
  '1,2,3',
  '2-9',
);
const dates = fc.oneof(few, fc.constantFrom('1-31', '*/1', '*/30'));
const close = fc.tuple(time, time, dates, few, week).map((fields) => fields.join(' '));
const small = fc.oneof(close, expressions.map(textOf));

/** The minutes, the hours, and the dates of the year by weekday, as one text. */
function meaning(parsed: Schedule): string {
  if (parsed.kind !== 'calendar') return parsed.text;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parsed.fields;
  const due = (date: number, weekday: number) => {
    const hits = [dayOfMonth.values.includes(date), dayOfWeek.values.includes(weekday)];
    return daysFollowBoth(parsed.fields) ? hits.every(Boolean) : hits.some(Boolean);
  };
  const days = Array.from({ length: 31 * 7 }, (_, index) => index).filter((index) => due((index % 31) + 1, index % 7));
  return [minute.values, hour.values, month.values, days].map((values) => values.join()).join(' ');
}
