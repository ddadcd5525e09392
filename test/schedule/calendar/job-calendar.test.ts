import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DateSpan, JobId } from '../../../src/job/job.ts';
import { type Calendar, calendarOf, type JobTimes, offsetOf } from '../../../src/schedule/calendar/job-calendar.ts';
import { occasions, runs } from '../../../src/schedule/calendar/occasions.ts';
import { formatInstant } from '../../../src/schedule/instant.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { expressions, textOf } from '../expressions.ts';
import { modelOccasions, recordClock } from '../minute-model.ts';

const minute = 60_000;
const day = 1_440 * minute;
const host = namedZone('UTC');

const plain: JobTimes = {
  id: 'main/a' as JobId,
  schedule: ['@daily'],
  timezone: '',
  dst: { skipped: 'as-cron', repeated: 'as-cron' },
  jitter: { offset: 0, delay: 0 },
  start: '',
  end: '',
  except: [],
};

/** Clocks that went forward or back: by an hour, half of one, two, a day; at night, at midnight, one without any. */
const nights = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Dublin', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Pacific/Chatham', '2026-09-27'],
  ['America/Nuuk', '2026-03-29'],
  ['America/Nuuk', '2026-10-25'],
  ['Asia/Beirut', '2026-03-29'],
  ['Asia/Beirut', '2026-10-25'],
  ['America/Havana', '2026-03-08'],
  ['America/Asuncion', '2024-03-24'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/St_Johns', '2010-11-07'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kwajalein', '1993-08-21'],
  ['America/Caracas', '2016-05-01'],
  ['Asia/Kathmandu', '2026-05-01'],
] as const;

const clocks = nights.map(([zone, date]) => {
  const at = Date.parse(`${date}T00:00Z`);
  return { date, clock: recordClock(zone, at - 5 * day, at + 6 * day), from: at - 2 * day, until: at + 3 * day };
});

const days = (date: string, shift: number) => new Date(Date.parse(date) + shift * day).toISOString().slice(0, 10);

/** Dates of a night's neighbourhood. */
function spansNear(date: string): fc.Arbitrary<readonly DateSpan[]> {
  const one = fc.integer({ min: -3, max: 3 }).map((shift) => days(date, shift));
  const single = fc.uniqueArray(one, { maxLength: 3 });
  return single.map((dates) => dates.toSorted().map((from) => ({ from, to: from, name: `day ${from}` })));
}

function momentNear(date: string): fc.Arbitrary<string> {
  const time = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '30'));
  const moment = time.map(([shift, hour, min]) => `${days(date, shift)}T${String(hour).padStart(2, '0')}:${min}`);
  return fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: moment });
}

const nightly = fc.tuple(expressions).map(([expression]) => `${textOf(expression.slice(0, 2))} * * *`);
const phrases = fc.constantFrom(
  'every 90m',
  'every 7h',
  'every 47m',
  'every 90m between 22:00 and 06:00',
  'every 15m between 01:15 and 02:45',
  'every 20m between 23:00 and 02:00',
  'hourly between 00:00 and 03:00',
  'daily at 02:30',
  '@hourly',
  '@daily',
);
const texts = fc.oneof(nightly, nightly, expressions.map(textOf), phrases);

const cases = fc.constantFrom(...clocks).chain((night) =>
  fc
    .record({
      first: texts,
      others: fc.array(texts, { maxLength: 1 }),
      counted: fc.option(fc.integer({ min: 31, max: 1_500 }), { freq: 8 }),
      skipped: fc.constantFrom('as-cron', 'run-after', 'skip'),
      repeated: fc.constantFrom('as-cron', 'once', 'twice'),
      offset: fc.constantFrom(0, 0, 30_000, 45 * minute, 3 * 60 * minute),
      start: momentNear(night.date),
      end: momentNear(night.date),
      except: spansNear(night.date),
      name: fc.constantFrom('main/a', 'shop/backup', 'x/y'),
    })
    .map(({ first, others, counted, skipped, repeated, offset, start, end, except, name }) => {
      const since = counted === null ? [] : [`every ${counted}m from ${days(night.date, -1)} 02:30`];
      const job: JobTimes = {
        id: name as JobId,
        schedule: [first, ...others, ...since],
        timezone: night.clock.zone,
        dst: { skipped, repeated } as JobTimes['dst'],
        jitter: { offset, delay: 0 },
        start,
        end,
        except,
      };
      return { night, job };
    }),
);

function backwards(calendar: Calendar, from: number, until: number): readonly number[] {
  const found: number[] = [];
  for (let at = calendar.latest(until, from); at !== undefined; at = calendar.latest(at - 1, from)) found.unshift(at);
  return found;
}

describe('the calendar of a job, minute by minute', () => {
  it('has the slots that its rules say, forwards, backwards and by its occasions', () => {
    fc.assert(
      fc.property(cases, ({ night: { clock, from, until }, job }) => {
        const offset = offsetOf(job);
        const model = modelOccasions(job, clock).filter(({ at }) => at + offset >= from && at + offset <= until);
        const slots = [...new Set(model.filter(runs as (occasion: unknown) => boolean).map(({ at }) => at + offset))];
        const expected = slots.sort((a, b) => a - b);
        const calendar = calendarOf(job, host);
        assert.deepEqual([...calendar.slots(from - 1, until)], expected);
        assert.deepEqual(backwards(calendar, from, until), expected);
        const found = [...occasions(job, host, from, until)];
        assert.deepEqual([...new Set(found.filter(runs).map(({ at }) => at))], expected);
        assert.ok(found.every(({ at }, index) => at >= (found[index - 1]?.at ?? from)));
        const shown = (at: number, wall: string, kind: string) => `${new Date(at).toISOString()} ${wall} ${kind}`;
        const said = new Set(
          model.map(({ at, wall, kind }) => {
            return shown(at + offset, new Date(wall * minute).toISOString().slice(0, 16), kind);
          }),
        );
        for (const { at, wall, kind } of found) assert.ok(said.has(shown(at, wall, kind)), shown(at, wall, kind));
        const walls = new Set(found.map(({ at, wall }) => `${at} ${wall}`));
        for (const { at, wall } of model) {
          assert.ok(walls.has(`${at + offset} ${new Date(wall * minute).toISOString().slice(0, 16)}`));
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** The slots of a job in a zone as its clock shows them, `12-24 08:00`. */
function shown(job: Partial<JobTimes>, from: string, until: string): string {
  const calendar = calendarOf({ ...plain, ...job }, host);
  const slots = [...calendar.slots(Date.parse(from) - 1, Date.parse(until))];
  return slots.map((at) => formatInstant(at, calendar.zone).slice(5, 16).replace('T', ' ')).join(', ');
}

describe('daylight saving as a job wants it', () => {
  const spring = ['2026-03-29T00:00+01:00', '2026-03-29T04:00+02:00'] as const;
  const autumn = ['2026-10-25T00:00+02:00', '2026-10-25T04:00+01:00'] as const;
  const berlin = (schedule: string, dst: Partial<JobTimes['dst']>): Partial<JobTimes> => ({
    schedule: [schedule],
    timezone: 'Europe/Berlin',
    dst: { ...plain.dst, ...dst },
  });

  for (const [schedule, dst, times] of [
    ['30 2 * * *', {}, '03-29 03:00'],
    ['30 2 * * *', { skipped: 'skip' }, ''],
    ['*/30 2 * * *', {}, ''],
    ['*/30 2 * * *', { skipped: 'run-after' }, '03-29 03:00'],
    ['0,30 2,3 * * *', { skipped: 'run-after' }, '03-29 03:00, 03-29 03:30'],
  ] as const) {
    it(`${schedule} with ${JSON.stringify(dst)} runs at [${times}] in spring`, () => {
      assert.equal(shown(berlin(schedule, dst), ...spring), times);
    });
  }

  for (const [schedule, dst, times] of [
    ['30 2 * * *', {}, '10-25 02:30'],
    ['30 2 * * *', { repeated: 'twice' }, '10-25 02:30, 10-25 02:30'],
    ['*/30 2 * * *', {}, '10-25 02:00, 10-25 02:30, 10-25 02:00, 10-25 02:30'],
    ['*/30 2 * * *', { repeated: 'once' }, '10-25 02:00, 10-25 02:30'],
  ] as const) {
    it(`${schedule} with ${JSON.stringify(dst)} runs at [${times}] in autumn`, () => {
      assert.equal(shown(berlin(schedule, dst), ...autumn), times);
    });
  }

  it('holds for a day that is skipped whole', () => {
    const apia = (skipped: JobTimes['dst']['skipped']) => ({
      ...berlin('0 6,18 * * *', { skipped }),
      timezone: 'Pacific/Apia',
    });
    const days = ['2011-12-29T00:00-10:00', '2011-12-31T12:00+14:00'] as const;
    assert.equal(shown(apia('run-after'), ...days), '12-29 06:00, 12-29 18:00, 12-31 00:00, 12-31 06:00');
    for (const policy of ['skip', 'as-cron'] as const) {
      assert.equal(shown(apia(policy), ...days), '12-29 06:00, 12-29 18:00, 12-31 06:00');
    }
  });
});

describe('an interval of elapsed time', () => {
  const counted = (schedule: string) => ({ schedule: [schedule], timezone: 'Europe/Berlin' }) as const;

  it('does not know daylight saving', () => {
    const schedule = counted('every 90m from 2026-03-29 00:00');
    assert.equal(
      shown(schedule, '2026-03-28T00:00Z', '2026-03-29T04:00Z'),
      '03-29 00:00, 03-29 01:30, 03-29 04:00, 03-29 05:30',
    );
  });

  it('has nothing before the time it is counted from', () => {
    const calendar = calendarOf({ ...plain, ...counted('every 90m from 2026-03-29 00:00') }, host);
    assert.equal(calendar.latest(Date.parse('2026-03-28T22:59Z'), 0), undefined);
    assert.equal(calendar.next(0), Date.parse('2026-03-28T23:00Z'));
  });

  it('that is counted from a time which is skipped is counted from the end of the gap', () => {
    const schedule = counted('every 50m from 2026-03-29 02:30');
    assert.equal(shown(schedule, '2026-03-29T00:00Z', '2026-03-29T02:00Z'), '03-29 03:00, 03-29 03:50');
  });
});

describe('a job that is over, or has not begun', () => {
  const times = { schedule: ['0 12 * * *'], start: '2026-12-24T00:00', end: '2026-12-26T12:00' } as const;

  it('has slots from the first to the last minute of its time', () => {
    assert.equal(shown(times, '2020-01-01T00:00Z', '2040-01-01T00:00Z'), '12-24 12:00, 12-25 12:00, 12-26 12:00');
  });

  it('is found to be so at once', () => {
    const calendar = calendarOf({ ...plain, ...times, schedule: ['* * * * *'] }, host);
    assert.equal(calendar.next(Date.parse('2026-12-26T12:00Z')), undefined);
    assert.equal(calendar.latest(Date.parse('2026-12-23T23:59Z'), 0), undefined);
    assert.equal(calendar.next(Date.parse('2000-01-01T00:00Z')), Date.parse('2026-12-24T00:00Z'));
    assert.equal(calendar.latest(Date.parse('2060-01-01T00:00Z'), 0), Date.parse('2026-12-26T12:00Z'));
  });

  it('has nothing where each date is excepted', () => {
    const except = [{ from: '0001-01-01', to: '9999-12-31', name: '' }];
    const calendar = calendarOf({ ...plain, schedule: ['* * * * *'], except }, host);
    assert.equal(calendar.next(0), undefined);
    assert.equal(calendar.latest(Date.parse('2026-12-23T23:59Z'), 0), undefined);
  });

  it('does not run behind a gap that leads into an excepted day, nor before its start', () => {
    const beirut = { schedule: ['30 0 * * *'], timezone: 'Asia/Beirut' } as const;
    const night = ['2026-03-28T00:00Z', '2026-03-29T12:00Z'] as const;
    assert.equal(shown(beirut, ...night), '03-29 01:00');
    assert.equal(shown({ ...beirut, except: [{ from: '2026-03-29', to: '2026-03-29', name: '' }] }, ...night), '');
    assert.equal(shown({ ...beirut, start: '2026-03-29T01:00' }, ...night), '03-29 01:00');
    assert.equal(shown({ ...beirut, start: '2026-03-29T01:01' }, ...night), '');
    assert.equal(shown({ ...beirut, end: '2026-03-29T00:59' }, ...night), '');
  });
});

describe("the offset of a job's jitter", () => {
  const offsetIn = (offset: number, id: string) => offsetOf({ id: id as JobId, jitter: { offset, delay: 0 } }) / minute;

  it('follows from its name and never changes', () => {
    const names = ['main/backup', 'shop/cleanup-sessions', 'shop/report'];
    assert.deepEqual(
      names.map((name) => offsetIn(60 * minute, name)),
      [15, 30, 53],
    );
  });

  it('is a whole number of minutes, fewer than are given', () => {
    const found = new Set(Array.from({ length: 500 }, (_, index) => offsetIn(15.5 * minute, `main/job-${index}`)));
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      Array.from({ length: 15 }, (_, index) => index),
    );
    assert.equal(offsetIn(59_000, 'main/a'), 0);
  });

  it('moves all slots, after everything else is decided', () => {
    const job = {
      schedule: ['0 12 * * *'],
      jitter: { offset: 60 * minute, delay: 0 },
      end: '2026-12-24T12:00',
    } as const;
    const late = `12-24 12:${String(offsetIn(60 * minute, 'main/a')).padStart(2, '0')}`;
    assert.equal(shown(job, '2026-12-24T00:00Z', '2026-12-25T23:00Z'), late);
  });
});
