import assert from 'node:assert/strict';
import { it, describe as suite } from 'node:test';
import fc from 'fast-check';
import type { Schedule } from '../../src/schedule/schedule.ts';
import { daysFollowBoth } from '../../src/schedule/wall.ts';
import { describe } from '../../src/schedule/words.ts';
import { expressions, schedule, textOf } from './expressions.ts';

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
  if (parsed.kind === 'reboot') return 'reboot';
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parsed.fields;
  const due = (date: number, weekday: number) => {
    const hits = [dayOfMonth.values.includes(date), dayOfWeek.values.includes(weekday)];
    return daysFollowBoth(parsed.fields) ? hits.every(Boolean) : hits.some(Boolean);
  };
  const days = Array.from({ length: 31 * 7 }, (_, index) => index).filter((index) => due((index % 31) + 1, index % 7));
  return [minute.values, hour.values, month.values, days].map((values) => values.join()).join(' ');
}
