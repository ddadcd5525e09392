import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { timeParts } from '../../../src/crontab/fields.ts';
import type { DaylightPolicy } from '../../../src/job/job.ts';
import { calendarOf, type JobTimes } from '../../../src/schedule/calendar/job-calendar.ts';
import { namedZone, type Zone } from '../../../src/schedule/zone/zone.ts';
import { debianLoop } from '../../schedule/debian-loop.ts';
import { schedule, timesOf } from '../rig.ts';

const minute = 60_000;
const day = 1_440 * minute;
const at = Date.UTC(2026, 0, 1);

function line(job: JobTimes, host: Zone): string {
  return timeParts(job, { zone: host, at }).map(({ text }) => text)[0] ?? '';
}

type Case = readonly [written: string | readonly string[], zone: string, host: string, line: string];

const [utc, berlin, london, york, howe, nepal] = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];

describe('the line of a job in another zone', () => {
  const cases: readonly Case[] = [
    ['0 9 * * *', utc, nepal, '45 14 * * *'],
    ['0 9 * * *', nepal, utc, '15 3 * * *'],
    ['0 9 * * *', utc, berlin, '0 10,11 * * *'],
    ['0 9 * * *', london, berlin, '0 10 * * *'],
    ['0 9 * * *', berlin, york, '0 3,4 * * *'],
    ['0 9 * * *', utc, howe, '0,30 19,20 * * *'],
    ['*/15 * * * *', berlin, york, '*/15 * * * *'],
    ['*/15 * * * *', nepal, utc, '*/15 * * * *'],
    ['0 23 * * 6', utc, berlin, '0 0,1 * * 0'],
    ['30 23 * * 1-5', utc, berlin, '30 0,1 * * 2,3,4,5,6'],
    ['0 1 * * 0', nepal, utc, '15 19 * * 6'],
    ['0 23 28 * *', utc, berlin, '0 0,1 1,29 * *'],
    ['0 23 28 2 *', utc, berlin, '0 0 1,29 2,3 *'],
    ['0 23 * 7 *', utc, berlin, '0 1 * 7,8 *'],
    ['0 0 1 1 *', nepal, utc, '15 18 31 12 *'],
    ['0 12 13 * 5', utc, berlin, '0 13,14 13 * 5'],
    ['0 0 13 * 5', berlin, york, '0 18,19 12 * 4'],
    ['0 0 */2 * 1', utc, berlin, '0 1,2 */2 * 1'],
    [['0 3 1 * *', '0 3 * * 1'], nepal, utc, '15 21 28,29,30,31 * 0'],
    [['0 9 * * *', '30 17 * * 1-5'], nepal, utc, '15,45 3,11 * * *'],
    ['30 1 * * *', london, berlin, '30 2 * * *'],
  ];
  for (const [written, timezone, host, rendered] of cases) {
    it(`is "${rendered}" for ${[written].flat().join(' and ')} in ${timezone} on a host in ${host}`, () => {
      assert.equal(line(timesOf([written].flat(), { timezone }), namedZone(host)), rendered);
    });
  }

  it('is that of the host where both clocks always show the same', () => {
    for (const timezone of ['Europe/Oslo', 'Europe/Berlin', '']) {
      assert.equal(line(timesOf(['*/30 1-3 * * *'], { timezone }), namedZone(berlin)), '*/30 1,2,3 * * *');
    }
  });
});

describe('what cron has no word for', () => {
  const cases: readonly (readonly [written: string, line: string])[] = [
    ['0 9 L * *', '0 9 28,29,30,31 * *'],
    ['0 9 L 2 *', '0 9 28,29 2 *'],
    ['0 9 L-3 * *', '0 9 25,26,27,28 * *'],
    ['0 9 LW * *', '0 9 26,27,28,29,30,31 * *'],
    ['0 9 15W * *', '0 9 14,15,16 * *'],
    ['0 9 * * 5#3', '0 9 * * 5'],
    ['0 9 1 * 5L', '0 9 1 * 5'],
    ['30 2 * * 0L', '30 2 * * 0'],
    ['every 90m', '*/30 * * * *'],
    ['every 7h', '0 * * * *'],
    ['every 2w from 2026-01-04 at 02:30', '30 2 * * 0'],
    ['every 3d from 2026-01-04 at 09:00', '0 9 * * *'],
    ['every 20m between 08:00 and 09:30', '0,20,40 8,9 * * *'],
  ];
  for (const [written, rendered] of cases) {
    it(`is "${rendered}" for ${written}`, () => assert.equal(line(timesOf([written]), namedZone(berlin)), rendered));
  }
});

describe('an hour that the host has twice', () => {
  it('takes a line that follows the clock, and takes it only there', () => {
    const cases = [
      ['30 1 * * *', '*/30 2,3 * * *'],
      ['17 1 * * *', '*/30,17 2,3 * * *'],
      ['17 0 * * *', '17 1,2 * * *'],
      ['17 2 * * *', '17 3,4 * * *'],
      ['30 1 * * 1', '30 2,3 * * 1'],
      ['30 1 * 6 *', '30 3 * 6 *'],
    ];
    for (const [written = '', rendered] of cases) {
      assert.equal(line(timesOf([written], { timezone: utc }), namedZone(berlin)), rendered, written);
    }
  });

  it('is served both times where the job asks for it, and so is the end of the gap', () => {
    const dst = { skipped: 'run-after', repeated: 'twice' } as const;
    assert.equal(line(timesOf(['30 2 * * *'], { dst }), namedZone(berlin)), '*/30 2,3 * * *');
    assert.equal(line(timesOf(['30 12 * * *'], { dst }), namedZone(berlin)), '30 12 * * *');
  });
});

describe('the end of a gap', () => {
  it('is named where the cron of the host does not make up for it', () => {
    assert.equal(line(timesOf(['17 2 * * *'], { timezone: berlin }), namedZone(york)), '0,17 20,21 * * *');
  });

  it('is left to cron where it does', () => {
    const dst = { skipped: 'run-after', repeated: 'once' } as const;
    assert.equal(line(timesOf(['30 2 * * *'], { dst }), namedZone(berlin)), '30 2 * * *');
    assert.equal(line(timesOf(['*/20 2 * * *'], { dst }), namedZone(berlin)), '0,20,40 2 * * *');
  });
});

it('is later by the offset of the job, over midnight too', () => {
  const job = timesOf(['59 23 31 12 *'], { jitter: { offset: day, delay: 0 } });
  const slot = calendarOf(job, namedZone(utc)).next(at);
  assert.ok(slot !== undefined);
  const wall = new Date(slot);
  const fields = [wall.getUTCMinutes(), wall.getUTCHours(), wall.getUTCDate(), wall.getUTCMonth() + 1, '*'];
  assert.equal(line(job, namedZone(utc)), fields.join(' '));
});

it('is the same all year, whatever the day', () => {
  const job = timesOf(['30 2 L * *'], { timezone: 'Africa/Casablanca' });
  const host = namedZone(berlin);
  const [first] = timeParts(job, { zone: host, at });
  assert.deepEqual(timeParts(job, { zone: host, at: Date.UTC(2026, 11, 31, 23, 59) })[0], first);
});

describe('for any job, zone and host', () => {
  const zones = [utc, berlin, london, york, howe, nepal, 'America/Nuuk', 'Africa/Casablanca', 'Africa/Cairo'] as const;
  // Each with the change of clocks of some of the zones.
  const nights = ['2026-02-15', '2026-03-08', '2026-03-29', '2026-04-05', '2026-04-24', '2026-10-04', '2026-10-25'];
  const policy: fc.Arbitrary<DaylightPolicy> = fc.record({
    skipped: fc.constantFrom('as-cron', 'run-after', 'skip'),
    repeated: fc.constantFrom('as-cron', 'once', 'twice'),
  });
  const expression = fc.oneof(
    fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 })).map(([m, h]) => `${m} ${h} * * *`),
    fc.tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom(0, 1, 2, 3, 23)).map(([m, h]) => `${m} ${h} * * 0,1`),
    fc.constantFrom('*/20 1-3 * * *', '*/30 23,0 1-7,22-31 * *', '15 */2 * * 6', '0 2 L,15W * *', '45 0 * * 0L,7#1'),
    fc.constantFrom('every 7h', 'every 50m', 'every 25m between 22:00 and 03:30', '15 0,23 */2 * 0'),
    fc.constantFrom('every 2w from 2026-03-01 at 02:30', 'every 3d from 2026-02-14 at 23:45', '30 2 29 3,10 *'),
  );
  const job = fc.record({
    schedule: fc.array(expression, { minLength: 1, maxLength: 2 }),
    timezone: fc.constantFrom('', ...zones),
    dst: policy,
    offset: fc.constantFrom(0, 0, 0, 90, 1_440),
  });

  it('the line wakes it at each of its slots, in the nights of daylight saving too', () => {
    fc.assert(
      fc.property(job, fc.constantFrom(...zones), fc.constantFrom(...nights), (written, name, night) => {
        const { timezone, dst, offset } = written;
        const times = timesOf(written.schedule, { timezone, dst, jitter: { offset: offset * minute, delay: 0 } });
        const host = namedZone(name);
        const text = line(times, host);
        const cover = schedule(text);
        assert.ok(cover.kind === 'calendar');
        const from = Date.parse(night) - 2 * day;
        const woken = new Set(debianLoop(cover.fields, host, from, from + 4 * day));
        for (const slot of calendarOf(times, host).slots(from + day, from + 4 * day)) {
          assert.ok(woken.has(slot), `${text} misses ${new Date(slot).toISOString()}`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
