import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { daysOfMonth, monthsFrom, nextMonth } from '../../../src/schedule/calendar/month.ts';
import { wallTime } from '../../../src/schedule/calendar/wall-instant.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { timesOf } from '../times.ts';

const berlin = namedZone('Europe/Berlin');

function dayOf(date: string, job = timesOf(), zone = berlin) {
  return daysOfMonth(job, zone, wallTime(`${date.slice(0, 7)}-01`)).find((day) => day.date === date);
}

const plain = { runs: 1, first: '02:30', excepted: false, name: '', clock: null, marks: [] };

describe('the days of a month', () => {
  it('are all its dates, each with its runs', () => {
    for (const [month, count] of [
      ['2026-02', 28],
      ['2028-02', 29],
      ['2026-04', 30],
      ['2026-12', 31],
    ] as const) {
      const days = daysOfMonth(timesOf(), berlin, wallTime(`${month}-01`));
      assert.equal(days.length, count);
      const [first, last] = [days[0], days.at(-1)];
      assert.deepEqual(
        [first, last],
        [
          { date: `${month}-01`, ...plain },
          { date: `${month}-${count}`, ...plain },
        ],
      );
    }
  });

  it('begin and end on the clock of the zone, to the minute', () => {
    const job = timesOf({ schedule: ['0 0 1 * *', '59 23 L * *'] });
    const days = daysOfMonth(job, berlin, wallTime('2026-12-01')).filter(({ runs }) => runs > 0);
    assert.deepEqual(
      days.map(({ date, first, runs }) => `${date} ${first} ${runs}`),
      ['2026-12-01 00:00 1', '2026-12-31 23:59 1'],
    );
  });

  it('say where the clock is changed, and what becomes of the times', () => {
    assert.deepEqual(dayOf('2026-03-29'), {
      date: '2026-03-29',
      ...plain,
      first: '03:00',
      clock: { from: '2026-03-29T02:00', to: '2026-03-29T03:00' },
      marks: [{ kind: 'moved', wall: '2026-03-29T02:30', times: 1 }],
    });
    const twice = dayOf('2026-10-25', timesOf({ schedule: ['*/30 * * * *'] }));
    assert.deepEqual([twice?.runs, twice?.first], [50, '00:00']);
    assert.deepEqual(twice?.marks, [
      { kind: 'first-of-two', wall: '2026-10-25T02:00', times: 2 },
      { kind: 'second-of-two', wall: '2026-10-25T02:00', times: 2 },
    ]);
    const once = dayOf('2026-10-25');
    assert.equal(once?.runs, 1);
    assert.ok(once?.marks.some(({ kind }) => kind === 'not-repeated'));
  });

  it('have no change of the clock where a zone only begins to keep its offset by another law', () => {
    const at = Date.parse('2026-12-10T00:00Z');
    const [before, after] = [
      { start: 0, end: at, offset: 60, before: 60 },
      { start: at, end: 8.64e15, offset: 60, before: 60 },
    ];
    const zone = { name: 'Nowhere', offsetAt: () => 60, spanAt: (instant: number) => (instant < at ? before : after) };
    assert.equal(dayOf('2026-12-10', timesOf({ timezone: '' }), zone)?.clock, null);
  });

  it('have the date that a zone left out', () => {
    const apia = namedZone('Pacific/Apia');
    const job = timesOf({ schedule: ['0 12 * * *'], timezone: 'Pacific/Apia' });
    const [before, gone, after] = ['2011-12-29', '2011-12-30', '2011-12-31'].map((date) => dayOf(date, job, apia));
    assert.deepEqual([before?.runs, gone?.runs, after?.runs], [1, 0, 1]);
    assert.deepEqual(gone?.clock, { from: '2011-12-30T00:00', to: '2011-12-31T00:00' });
  });

  it('know what is excepted, also where nothing would have run', () => {
    const except = [{ from: '2026-12-25', to: '2026-12-26', name: 'Christmas' }];
    const job = timesOf({ except, schedule: ['30 2 * * 5'] });
    for (const date of ['2026-12-25', '2026-12-26']) {
      const day = dayOf(date, job);
      assert.deepEqual([day?.runs, day?.first, day?.excepted, day?.name], [0, null, true, 'Christmas']);
    }
    assert.equal(dayOf('2026-12-24', job)?.excepted, false);
  });
});

describe('months', () => {
  it('follow one another over the end of a year', () => {
    const months = monthsFrom(wallTime('2026-12-31T23:59'), 3).map((month) =>
      new Date(month).toISOString().slice(0, 10),
    );
    assert.deepEqual(months, ['2026-12-01', '2027-01-01', '2027-02-01']);
    assert.equal(nextMonth(wallTime('2028-02-01')), wallTime('2028-03-01'));
  });
});
