import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dateMatches, nextWall, previousWall } from '../../../src/schedule/calendar/wall.ts';
import type { DayWindow, Fields, MonthDay, NthWeekday } from '../../../src/schedule/schedule.ts';
import { dayExpressions, expressions, schedule, textOf } from '../expressions.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

// A second reading of the days, from the words of crontab(5) and of Quartz, with nothing but the dates of Date.

function lengthOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function sameMonth(date: Date, ofMonth: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), ofMonth));
}

/** The date from Monday to Friday of the month that lies nearest to another; there is always one alone. */
function nearestWorkday(date: Date, target: number): number {
  const dates = Array.from({ length: lengthOfMonth(date) }, (_, index) => index + 1);
  const workdays = dates.filter((each) => ![0, 6].includes(sameMonth(date, each).getUTCDay()));
  return workdays.sort((a, b) => Math.abs(a - target) - Math.abs(b - target))[0] ?? 0;
}

function isMonthDay(day: MonthDay, date: Date): boolean {
  const [length, ofMonth] = [lengthOfMonth(date), date.getUTCDate()];
  if (day.kind === 'last') return ofMonth === length - day.before;
  const target = day.kind === 'last-weekday' ? length : day.day;
  return target <= length && ofMonth === nearestWorkday(date, target);
}

function isNth({ weekday, nth }: NthWeekday, date: Date): boolean {
  if (date.getUTCDay() !== weekday) return false;
  const ofMonth = date.getUTCDate();
  const before = Array.from({ length: ofMonth }, (_, index) => sameMonth(date, index + 1));
  if (nth === 'last') return new Date(date.getTime() + 7 * dayMs).getUTCMonth() !== date.getUTCMonth();
  return before.filter((each) => each.getUTCDay() === weekday).length === nth;
}

function isNamedDay({ dayOfMonth, dayOfWeek, month, extra }: Fields, day: number): boolean {
  const date = new Date(day * dayMs);
  const every = extra?.every;
  if (every !== undefined && (day < every.from || (day - every.from) % every.days !== 0)) return false;
  const byMonth =
    dayOfMonth.values.includes(date.getUTCDate()) || (extra?.ofMonth ?? []).some((each) => isMonthDay(each, date));
  const byWeek = dayOfWeek.values.includes(date.getUTCDay()) || (extra?.ofWeek ?? []).some((each) => isNth(each, date));
  const either = dayOfMonth.star || dayOfWeek.star ? byMonth && byWeek : byMonth || byWeek;
  return month.values.includes(date.getUTCMonth() + 1) && either;
}

function isNamedTime({ minute, hour, between }: Fields, time: number): boolean {
  const { from, to } = between ?? { from: 0, to: 1_439 };
  const inside = from <= to ? from <= time && time <= to : time >= from || time <= to;
  return inside && minute.values.includes(time % 60) && hour.values.includes(Math.floor(time / 60));
}

/** Every wall minute that is named, of each day from one to another. */
function walk(fields: Fields, first: number, last: number): readonly number[] {
  const times = Array.from({ length: 1_440 }, (_, time) => time).filter((time) => isNamedTime(fields, time));
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const named = days.filter((day) => isNamedDay(fields, day));
  return named.flatMap((day) => times.map((time) => day * dayMs + time * minuteMs));
}

function forward(fields: Fields, first: number, last: number): readonly number[] {
  const found: number[] = [];
  let wall = nextWall(fields, first * dayMs);
  while (wall !== undefined && wall < (last + 1) * dayMs) {
    found.push(wall);
    wall = nextWall(fields, wall + minuteMs);
  }
  return found;
}

function backward(fields: Fields, first: number, last: number): readonly number[] {
  const found: number[] = [];
  let wall = previousWall(fields, (last + 1) * dayMs - minuteMs);
  while (wall !== undefined && wall >= first * dayMs) {
    found.push(wall);
    wall = previousWall(fields, wall - minuteMs);
  }
  return found.reverse();
}

function fieldsOf(text: string): Fields {
  const parsed = schedule(text);
  assert.ok(parsed.kind === 'calendar');
  return parsed.fields;
}

const firstDay = Date.UTC(2019, 0, 1) / dayMs;
const start = fc.integer({ min: firstDay, max: firstDay + 4_000 });
const clock = fc.integer({ min: 0, max: 1_439 });
const window: fc.Arbitrary<DayWindow | undefined> = fc.option(fc.record({ from: clock, to: clock }), {
  nil: undefined,
});
const sparse = expressions.map(([, , ...days]) => `7,50 3,14,23 ${textOf(days)}`);
const named = fc.oneof(dayExpressions, sparse).map(fieldsOf);
const every = fc.option(fc.record({ days: fc.integer({ min: 1, max: 40 }), from: start }), { nil: undefined });

describe('the search of wall times', () => {
  it('finds what a walk through every minute finds, forward and backward', () => {
    fc.assert(
      fc.property(named, window, start, (fields, between, first) => {
        const searched = between === undefined ? fields : { ...fields, between };
        const expected = walk(searched, first, first + 500);
        assert.deepEqual(forward(searched, first, first + 500), expected);
        assert.deepEqual(backward(searched, first, first + 500), expected);
      }),
      { numRuns: 400 },
    );
  });

  it('does so for counted days, which begin with the first', () => {
    fc.assert(
      fc.property(named, every, start, (fields, counted, first) => {
        const extra = { ofMonth: [], ofWeek: [], ...fields.extra, every: counted };
        const searched = { ...fields, extra };
        const expected = walk(searched, first, first + 800);
        assert.deepEqual(forward(searched, first, first + 800), expected);
        assert.deepEqual(backward(searched, first, first + 800), expected);
      }),
      { numRuns: 400 },
    );
  });

  it('names the days that the second reading names', () => {
    fc.assert(
      fc.property(named, start, (fields, day) => {
        for (let each = day; each < day + 60; each++) {
          assert.equal(dateMatches(fields, each), isNamedDay(fields, each));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reaches a first counted day that is far away, and none before it', () => {
    const fields = fieldsOf('every 2w from 2090-01-02 at 09:00');
    const first = Date.UTC(2090, 0, 2, 9);
    assert.equal(nextWall(fields, Date.UTC(2026, 0, 1)), first);
    assert.equal(previousWall(fields, first - minuteMs), undefined);
    assert.equal(previousWall(fields, Date.UTC(2090, 0, 30)), Date.UTC(2090, 0, 16, 9));
  });

  it('knows known dates', () => {
    const from = Date.UTC(2026, 0, 1);
    const first = (text: string) => new Date(nextWall(fieldsOf(text), from) ?? 0).toISOString().slice(0, 16);
    assert.deepEqual(
      [
        '0 9 L 2 *',
        '0 9 LW 1 *',
        '0 9 15W 2 *',
        '0 9 1W 8 *',
        '0 9 31W 5 *',
        '0 9 * * 5#5',
        '0 9 L-3 * *',
        '0 9 29W 2 *',
      ].map(first),
      [
        '2026-02-28T09:00',
        '2026-01-30T09:00',
        '2026-02-16T09:00',
        '2026-08-03T09:00',
        '2026-05-29T09:00',
        '2026-01-30T09:00',
        '2026-01-28T09:00',
        '2028-02-29T09:00',
      ],
    );
  });
});

describe('what never runs', () => {
  /** Every combination of leap year and weekday lies within 40 years; this begins where no century intervenes. */
  const [first, last] = [Date.UTC(2001, 0, 1) / dayMs, Date.UTC(2041, 0, 1) / dayMs];

  it('is refused, and nothing else is', () => {
    const dates = fc.constantFrom(
      '31W',
      '30W',
      'L-28',
      'L-29',
      'L-30',
      '30',
      '31',
      '*/30',
      '*/28',
      '15W',
      'LW',
      '29W,L-28',
    );
    const weekdays = fc.constantFrom('*', '*/6', '*/5', '5#5', '5#3', '1L', '*/7', '1#1');
    const months = fc.constantFrom('*', '2', '4', '2,4', '12');
    fc.assert(
      fc.property(fc.tuple(dates, months, weekdays), ([date, month, weekday]) => {
        const text = `0 0 ${date} ${month} ${weekday}`;
        const outcome = readLoosely(date, month, weekday);
        const runs = range(first, last).some((day) => isNamedDay(outcome, day));
        assert.equal(isAccepted(text), runs, text);
      }),
      { numRuns: 250 },
    );
  });
});

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The fields of an expression that may never run: each day field is read where it does run. */
function readLoosely(date: string, month: string, weekday: string): Fields {
  const [ofDate, ofMonth, ofWeek] = [
    fieldsOf(`0 0 ${date} 1 *`),
    fieldsOf(`0 0 * ${month} *`),
    fieldsOf(`0 0 * * ${weekday}`),
  ];
  return {
    ...ofDate,
    month: ofMonth.month,
    dayOfWeek: ofWeek.dayOfWeek,
    extra: { ofMonth: ofDate.extra?.ofMonth ?? [], ofWeek: ofWeek.extra?.ofWeek ?? [], every: undefined },
  };
}

function isAccepted(text: string): boolean {
  try {
    schedule(text);
    return true;
  } catch {
    return false;
  }
}
