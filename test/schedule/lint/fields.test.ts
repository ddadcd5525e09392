import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryDirectory } from '../../temporary.ts';
import { codes, type Found, ofJob } from './rig.ts';

const directory = temporaryDirectory();
const of = (schedule: string): readonly Found[] => ofJob(directory, schedule, '', 'UTC');

/** The only finding of a schedule: the marked characters and code, the message and the hint. */
function only(schedule: string): readonly [where: string, message: string, hint: string | undefined] {
  const found = of(schedule);
  assert.equal(found.length, 1, `${schedule}: ${codes(found)}`);
  const [{ where, message, hint } = { where: '', message: '', hint: '' }] = found;
  return [where.replace('3: ', ''), message, hint];
}

describe('a schedule that runs far more often than it looks', () => {
  it('runs in every minute of an hour', () => {
    assert.deepEqual(only('* 3 * * *'), [
      '* 3 every-minute',
      'found * in the minute field: it runs at every minute of the hour 3, 60 times a day',
      'to run once in that hour write "0 3 * * *"',
    ]);
    assert.deepEqual(only('* */8 * * *').slice(1), [
      'found * in the minute field: it runs at every minute of the hours 0, 8 and 16, 180 times a day',
      'to run once in each write "0 */8 * * *"',
    ]);
  });

  it('runs in every minute of a day', () => {
    assert.deepEqual(only('* * 1 * *'), [
      '* * every-minute',
      'found * in the minute and * in the hour field: it runs at every minute of its days, 1440 times each',
      'to run once on each day write "0 0 1 * *"',
    ]);
    assert.deepEqual(codes(of('* * * * 1')), ['every-minute']);
  });

  it('is taken as meant where it names hours or days in a row', () => {
    for (const schedule of ['* * * * *', '* 9-17 * * *', '* * * * 1-5', '* * * * 0,6', '*/5 3 * * *', 'every 1m']) {
      assert.deepEqual(of(schedule), [], schedule);
    }
  });

  it('runs on each day that either day field names', () => {
    assert.deepEqual(only('0 0 1-31 * 1'), [
      '1-31 * 1 either-day',
      'found days in both day fields, 1-31 and 1; cron runs it on each day that either names, every day, and not only where both hold, about 52 days a year',
      'for these days of the week alone write "0 0 * * 1"',
    ]);
    assert.match(only('0 0 13 * 5')[1], /either names, about 63 days a year, and not only .* about 2 days a year$/);
    assert.equal(only('0 0 13 * 0-6')[2], 'for these days of the month alone write "0 0 13 * *"');
  });

  it('is mended by the weekday of a week of the month, or by two schedules', () => {
    const two = 'if either is meant, write two schedules, "0 0 8-14 * *" and "0 0 * * mon"';
    assert.equal(only('0 0 8-14 * mon')[2], `for both write "0 0 * * mon#2"; ${two}`);
    for (const schedule of ['0 0 * * mon#2', '0 0 8-14 * *', '0 0 * * mon']) assert.deepEqual(of(schedule), []);
    for (const dates of ['5-11', '8,14']) assert.match(only(`0 0 ${dates} * mon`)[2] ?? '', /^if either is meant, /);
    assert.match(only('0 0 13 * 5')[2] ?? '', /; if both, let the command look at the day$/);
  });
});

describe('a day field that begins with *', () => {
  it('makes both fields hold', () => {
    assert.deepEqual(only('0 0 */2 * 1'), [
      '*/2 * 1 both-days',
      'found days in both day fields, */2 and 1; because one begins with *, cron runs it only where both hold, about 27 days a year, and not where either does, about 212 days a year',
      'if either is meant, write two schedules, "0 0 */2 * *" and "0 0 * * 1"',
    ]);
    assert.deepEqual(codes(of('0 0 13 * */5')), ['both-days', 'uneven-step']);
  });

  it('is no surprise where it names all days', () => {
    for (const schedule of ['0 0 * * 1', '0 0 13 * *', '0 0 */1 * 1', '0 0 * * *']) {
      assert.deepEqual(of(schedule), [], schedule);
    }
  });
});

describe('a step that does not come out even', () => {
  for (const [schedule, marked, message, hint] of [
    [
      '*/7 * * * *',
      '*/7',
      'found */7 in the minute field; 7 does not divide 60: after :56 comes :00, 4 minutes later',
      'write "every 7m" for elapsed time, or a step that divides 60: */6 or */10',
    ],
    [
      '0 */5 * * *',
      '*/5',
      'found */5 in the hour field; 5 does not divide 24: after 20:00 comes 00:00, 4 hours later',
      'write "every 5h" for elapsed time, or a step that divides 24: */4 or */6',
    ],
    [
      '0 0 */2 * *',
      '*/2',
      'found */2 in the day of month field; it begins anew with each month: after day 29 comes day 1, in some months one day later',
      'write "every 2 days from 2026-01-05" with a first day of your own',
    ],
    [
      '0 0 1 */5 *',
      '*/5',
      'found */5 in the month field; 5 does not divide 12: after November comes January, 2 months later',
      'if that is meant, name them: "0 0 1 1,6,11 *"',
    ],
    [
      '0 0 * * */2',
      '*/2',
      'found */2 in the day of week field; 2 does not divide 7: after Saturday comes Sunday, 1 day later',
      'if that is meant, name them: "0 0 * * 0,2,4,6"',
    ],
  ] as const) {
    it(`is that of ${schedule}`, () => {
      assert.deepEqual(only(schedule), [`${marked} uneven-step`, message, hint]);
    });
  }

  it('is that of an H as well', () => {
    assert.match(only('H/7 * * * *')[1], /^found H\/7 in the minute field; 7 does not divide 60: /);
  });

  it('is none where it divides, or where nothing follows', () => {
    for (const schedule of [
      '*/15 * * * *',
      '0 */6 * * *',
      '0 0 1 */3 *',
      '*/7 3 * * *',
      '0 */5 * * 1',
      '0 0 */16 * *',
      '0-42/7 * * * *',
      'every 7m',
      'every 2 days from 2026-01-05',
    ]) {
      assert.deepEqual(of(schedule), [], schedule);
    }
  });
});

describe('months without a day', () => {
  it('are named', () => {
    assert.deepEqual(only('0 4 31 * *'), [
      '31 skipped-months',
      'found 31 as the day of month, a day that February, April, June, September and November do not have: it does not run then',
      'for the last day of each month write "0 4 L * *"',
    ]);
    assert.match(only('0 4 30 * *')[1], /^found 30 as the day of month, a day that February does not have:/);
    assert.match(only('0 4 31W 3,4 *')[1], /^found 31W as the day of month, a day that April does not have:/);
  });

  it('are found in a phrase, which is marked whole', () => {
    const [where, , hint] = only('monthly on 31 at 04:00');
    assert.equal(where, 'monthly on 31 at 04:00 skipped-months');
    assert.match(hint ?? '', /write five fields with L, such as "0 0 L \* \*"$/);
  });

  it('may have it in leap years alone, the next of which is named', () => {
    assert.equal(
      only('0 4 29 2 *')[1],
      'found 29 as the day of month, a day that February has in leap years alone, the next time on 2028-02-29',
    );
  });

  it('are none where a day of the week does as well', () => {
    assert.deepEqual(codes(of('0 4 31 * 5')), ['either-day']);
  });

  it('are none where another day of the month is named, or the months have it', () => {
    for (const schedule of ['0 4 15,31 * *', '0 4 31 1,3,5 *', '0 4 L * *', '0 4 28 * *', '0 4 31,L * *']) {
      assert.deepEqual(of(schedule), [], schedule);
    }
  });
});
