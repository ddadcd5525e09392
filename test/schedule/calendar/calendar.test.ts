import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { instants, latestInstant, nextInstant } from '../../../src/schedule/calendar/calendar.ts';
import { formatInstant } from '../../../src/schedule/instant.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { namedZone, type Zone } from '../../../src/schedule/zone/zone.ts';
import { debianLoop, names } from '../debian-loop.ts';
import { expressions, schedule, textOf } from '../expressions.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const utc = namedZone('UTC');
const newYork = namedZone('America/New_York');

function between(texts: readonly string[], zone: Zone, from: string, to: string): string {
  const found = [...instants(texts.map(schedule), zone, Date.parse(from) - 1, Date.parse(to))];
  return found.map((instant) => formatInstant(instant, zone).slice(11, 16)).join(' ');
}

const spring = ['2026-03-08T00:55:00-05:00', '2026-03-08T04:00:00-04:00'] as const;
const autumn = ['2026-11-01T00:55:00-04:00', '2026-11-01T03:05:00-05:00'] as const;

describe('the night in spring, in which 02:00 to 03:00 is skipped', () => {
  for (const [text, times] of [
    ['30 2 * * *', '03:00'],
    ['0,30 2 * * *', '03:00'],
    ['0 1-3 * * *', '01:00 03:00'],
    ['59 1 * * *', '01:59'],
    ['0 3 * * *', '03:00'],
    ['*/30 1-3 * * *', '01:00 01:30 03:00 03:30'],
    ['30 * * * *', '01:30 03:30'],
    ['30 */2 * * *', ''],
    ['* 2 * * *', ''],
    ['30 2 8 3 *', '03:00'],
    ['30 2 9 3 *', ''],
  ] as const) {
    it(`${text} runs at [${times}]`, () => assert.equal(between([text], newYork, ...spring), times));
  }
});

describe('the night in autumn, in which 01:00 to 02:00 is repeated', () => {
  for (const [text, times] of [
    ['30 1 * * *', '01:30'],
    ['0 1-3 * * *', '01:00 02:00 03:00'],
    ['*/30 1 * * *', '01:00 01:30 01:00 01:30'],
    ['0 * * * *', '01:00 01:00 02:00 03:00'],
    ['@hourly', '01:00 01:00 02:00 03:00'],
    ['0 */1 1 11 *', '01:00 01:00 02:00 03:00'],
  ] as const) {
    it(`${text} runs at [${times}]`, () => assert.equal(between([text], newYork, ...autumn), times));
  }

  it('runs a fixed time in the first of the two hours', () => {
    const found = nextInstant([schedule('30 1 * * *')], newYork, Date.parse(autumn[0])) ?? 0;
    assert.equal(formatInstant(found, newYork), '2026-11-01T01:30:00-04:00');
    const second = Date.parse('2026-11-01T01:30:00-05:00');
    assert.equal(latestInstant([schedule('30 1 * * *')], newYork, second, 0), found);
  });
});

describe('a change of three hours or more', () => {
  it('is a correction: what was skipped does not run', () => {
    const apia = namedZone('Pacific/Apia');
    const times = [...instants([schedule('30 2 * * *')], apia, Date.UTC(2011, 11, 29), Date.UTC(2012, 0, 1))];
    assert.deepEqual(
      times.map((time) => formatInstant(time, apia)),
      ['2011-12-29T02:30:00-10:00', '2011-12-31T02:30:00+14:00', '2012-01-01T02:30:00+14:00'],
    );
  });
});

describe('rare dates', () => {
  const start = Date.UTC(2096, 1, 29, 0, 0);
  it('come round over a century without a leap day', () => {
    assert.equal(nextInstant([schedule('0 0 29 2 *')], utc, start), Date.UTC(2104, 1, 29));
  });

  it('come round when they need a weekday as well', () => {
    assert.equal(nextInstant([schedule('0 0 29 2 */7')], utc, Date.UTC(2026, 0, 1)), Date.UTC(2032, 1, 29));
    assert.equal(nextInstant([schedule('0 0 29 2 */7')], utc, Date.UTC(2088, 1, 29)), Date.UTC(2128, 1, 29));
    assert.equal(latestInstant([schedule('0 0 29 2 */7')], utc, Date.UTC(2128, 0, 1), 0), Date.UTC(2088, 1, 29));
  });

  it('wait a year where the clock skips them', () => {
    const [followed, fixed] = [schedule('*/30 2 8 3 *'), schedule('30 2 8 3 *')];
    assert.equal(nextInstant([followed], newYork, Date.UTC(2026, 0, 1)), Date.parse('2027-03-08T02:00:00-05:00'));
    assert.equal(nextInstant([fixed], newYork, Date.UTC(2026, 0, 1)), Date.parse('2026-03-08T03:00:00-04:00'));
  });

  it('that do not exist have no instants', () => {
    const { fields } = calendarSchedule('0 0 30 1 *');
    const never: Schedule = {
      kind: 'calendar',
      text: '0 0 30 2 *',
      fields: { ...fields, month: { star: false, values: [2] } },
    };
    assert.equal(nextInstant([never], newYork, 0), undefined);
    assert.equal(latestInstant([never], newYork, Date.UTC(2026, 0, 1), 0), undefined);
  });
});

describe('several schedules', () => {
  it('make one ascending list without repeats', () => {
    const times = between(
      ['0 * * * *', '*/20 2 * * *', '@reboot'],
      utc,
      '2026-01-01T01:00:00Z',
      '2026-01-01T03:00:00Z',
    );
    assert.equal(times, '01:00 02:00 02:20 02:40 03:00');
  });

  it('that know only the start of the machine have no instants', () => {
    assert.equal(nextInstant([schedule('@reboot')], utc, 0), undefined);
    assert.equal(latestInstant([schedule('@reboot')], utc, day, 0), undefined);
    assert.deepEqual([...instants([], utc, 0)], []);
  });

  it('have the latest of all of them', () => {
    const both = ['0 1 * * *', '0 5 * * *'].map(schedule);
    assert.equal(latestInstant(both, utc, 6 * hour, 0), 5 * hour);
    assert.equal(latestInstant(both.toReversed(), utc, 4 * hour, 0), 1 * hour);
    assert.equal(latestInstant(both, utc, 4 * hour, 2 * hour), undefined);
  });
});

describe('the borders', () => {
  const each = [schedule('* * * * *')];
  it('of next are after, and of latest from notBefore to at', () => {
    assert.equal(nextInstant(each, utc, 0), minute);
    assert.equal(nextInstant(each, utc, -1), 0);
    assert.equal(latestInstant(each, utc, minute, minute), minute);
    assert.equal(latestInstant(each, utc, minute + 1, 0), minute);
    assert.equal(latestInstant(each, utc, minute - 1, 1), undefined);
  });

  it('of a list are after the first and with the last', () => {
    assert.deepEqual([...instants(each, utc, 0, 2 * minute)], [minute, 2 * minute]);
  });
});

function calendarSchedule(text: string) {
  const parsed = schedule(text);
  assert.ok(parsed.kind === 'calendar');
  return parsed;
}

/** Clocks that went forward or back: by an hour, by half of one, at midnight, a minute after it, by a day. */
const changes: readonly (readonly [string, string])[] = [
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['America/St_Johns', '2010-11-07T02:31:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['UTC', '2026-02-28T23:00:00Z'],
];

describe("the calendar and the main loop of Debian's cron", () => {
  const night = fc.constantFrom(...changes).map(([zone, at]) => ({ zone: namedZone(zone), at: Date.parse(at) }));
  const anyDay = fc.constant([
    { text: '*', values: [] },
    { text: '*', values: [] },
    { text: '*', values: [] },
  ]);
  /** Any day, so that most expressions have something to do in the night. */
  const nightly = fc.tuple(expressions, anyDay).map(([[m, h], days]) => [m, h, ...days].map((f) => f?.text).join(' '));
  const texts = fc.oneof(nightly, expressions.map(textOf));

  it('agree about every night in which a clock is changed', () => {
    fc.assert(
      fc.property(texts, night, (text, { zone, at }) => {
        const parsed = calendarSchedule(text);
        const [from, to] = [at - 6 * hour, at + 30 * hour];
        assert.deepEqual([...instants([parsed], zone, from, to)], debianLoop(parsed.fields, zone, from, to));
      }),
      { numRuns: 1_500 },
    );
  });

  it('agree about a year', () => {
    const parsed = calendarSchedule('*/7 1-3,23 */9,28-31 * sun,2');
    const [from, to] = [Date.UTC(2027, 11, 31), Date.UTC(2028, 11, 31)];
    assert.deepEqual([...instants([parsed], newYork, from, to)], debianLoop(parsed.fields, newYork, from, to));
  });
});

describe('every instant', () => {
  const moments = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2060, 0, 1) });

  it('is named by the fields where the clock is left alone', () => {
    fc.assert(
      fc.property(expressions, moments, (expression, after) => {
        const parsed = calendarSchedule(textOf(expression));
        const found = nextInstant([parsed], utc, after) ?? Number.NaN;
        assert.ok(found > after && found % minute === 0);
        assert.ok(names(parsed.fields, found / minute));
      }),
    );
  });

  it('is the latest at itself, and nothing lies between two that follow each other', () => {
    fc.assert(
      fc.property(expressions, moments, fc.constantFrom(...changes), (expression, after, [name]) => {
        const zone = namedZone(name);
        const schedules = [schedule(textOf(expression))];
        const [first, second] = instants(schedules, zone, after);
        assert.ok(first !== undefined && second !== undefined && first < second);
        assert.equal(latestInstant(schedules, zone, first, after), first);
        assert.equal(latestInstant(schedules, zone, second - 1, after), first);
        assert.equal(latestInstant(schedules, zone, first - 1, after + 1), undefined);
      }),
    );
  });

  it('is the latest near a change of the clock as well', () => {
    fc.assert(
      fc.property(expressions, fc.constantFrom(...changes), (expression, [name, at]) => {
        const zone = namedZone(name);
        const schedules = [schedule(`${textOf(expression.slice(0, 2))} * * *`)];
        const end = Date.parse(at) + 26 * hour;
        const all = [...instants(schedules, zone, end - 52 * hour, end)];
        const back: number[] = [];
        let last = latestInstant(schedules, zone, end, end - 52 * hour + 1);
        while (last !== undefined) {
          back.unshift(last);
          last = latestInstant(schedules, zone, last - 1, end - 52 * hour + 1);
        }
        assert.deepEqual(back, all);
      }),
    );
  });
});
