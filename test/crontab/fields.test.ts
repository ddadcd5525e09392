import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fieldsText, timeParts } from '../../src/crontab/fields.ts';
import { instants } from '../../src/schedule/calendar/calendar.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { schedule, timesOf } from './rig.ts';

const host = { zone: namedZone('UTC'), at: Date.UTC(2026, 0, 1) };

function texts(...schedules: string[]): string[] {
  return timeParts(timesOf(schedules), host).map(({ text }) => text);
}

const days31 = Array.from({ length: 31 }, (_, index) => index + 1).join(',');

describe('the time part of a line', () => {
  const cases: readonly (readonly [written: string, rendered: string])[] = [
    ['* * * * *', '* * * * *'],
    ['0-5 9-17/4 * jan,MAR mon-fri', '0,1,2,3,4,5 9,13,17 * 1,3 1,2,3,4,5'],
    ['*/15 * * * 7', '*/15 * * * 0'],
    ['*/7 */5 */10 */5 */2', '*/7 */5 */10 */5 */2'],
    ['*/1 0 * * *', '* 0 * * *'],
    ['*/15,7 * * * *', '*/15,7 * * * *'],
    ['*,5 0 * * *', '* 0 * * *'],
    ['30,0,30 2 * * *', '0,30 2 * * *'],
    ['0 0 1-31 * 1', `0 0 ${days31} * 1`],
    ['0 0 1 * 0-6', '0 0 1 * 0,1,2,3,4,5,6'],
    ['0 0 */2 * 1', '0 0 */2 * 1'],
    ['0 0 1,*/2 * 1', '0 0 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 * 1'],
    ['@weekly', '0 0 * * 0'],
    ['@reboot', '@reboot'],
  ];
  for (const [written, rendered] of cases) {
    it(`is "${rendered}" for "${written}"`, () => assert.deepEqual(texts(written), [rendered]));
  }

  it('means to a parser what was written, stars included', () => {
    for (const [written] of cases.slice(0, -1)) {
      const [before, after] = [schedule(written), schedule(texts(written)[0] ?? '')];
      assert.ok(before.kind === 'calendar' && after.kind === 'calendar');
      assert.deepEqual(after.fields, before.fields);
    }
  });

  it('rejects a star without the lowest value, which no text can say', () => {
    const fields = { star: true, values: [1] };
    const all = { minute: fields, hour: fields, dayOfMonth: fields, month: fields, dayOfWeek: fields };
    assert.throws(() => fieldsText(all), /lowest value/);
  });
});

describe('one line for several schedules', () => {
  const cases: readonly (readonly [what: string, written: readonly string[], rendered: readonly string[]])[] = [
    ['is not needed for none', [], []],
    ['stands beside the one for a start', ['@reboot', '0 3 * * *', '@reboot'], ['0 3 * * *', '@reboot']],
    ['joins minutes, hours and months', ['0 3 * 1 *', '30 4 * 7 *'], ['0,30 3,4 * 1,7 *']],
    ['joins days of the week', ['0 3 * * 1', '0 3 * * 5'], ['0 3 * * 1,5']],
    ['joins days of the month', ['0 3 1 * *', '0 3 15 * *'], ['0 3 1,15 * *']],
    ['keeps day fields that are the same', ['0 3 13 * 5', '0 4 13 * 5'], ['0 3,4 13 * 5']],
    ['gives up on days of both kinds', ['0 3 1 * *', '0 3 * * 1'], ['0 3 * * *']],
    ['gives up on days joined by "or"', ['0 3 1-31 * 1', '0 3 * * 2'], ['0 3 * * *']],
    [
      'stays fixed where all are',
      ['0-29 3 * * *', '30-59 3 * * *'],
      [`${Array.from(Array(60).keys()).join()} 3 * * *`],
    ],
    ['stays a wildcard where all are', ['*/20 3 * * *', '*/30 * * * *'], ['*/20,30 * * * *']],
    ['follows the clock where one does', ['*/20 9 * * 1', '45 2 * 3 5'], ['*/20,30,45 * * * 1,2,5,6']],
    ['is due at the end of any gap', ['5 * 1 * *', '45 2 1 * *'], ['0,5,30,45 * * * *']],
  ];
  for (const [what, written, rendered] of cases) it(what, () => assert.deepEqual(texts(...written), rendered));
});

/** Whether a cron whose clock shows `at` (as if UTC) starts a line: crontab(5) once more, from the text alone. */
function starts(line: string, at: Date): boolean {
  const [minute = '', hour = '', dom = '', month = '', dow = ''] = line.split(' ');
  const named = (field: string, value: number, low: number) =>
    field.split(',').some((one) => {
      const [base, step = '1'] = one.split('/');
      return base === '*' ? (value - low) % Number(step) === 0 : value === Number(one);
    });
  const ofMonth = named(dom, at.getUTCDate(), 1);
  const ofWeek = named(dow, at.getUTCDay(), 0);
  const day = dom.startsWith('*') || dow.startsWith('*') ? ofMonth && ofWeek : ofMonth || ofWeek;
  const time = named(minute, at.getUTCMinutes(), 0) && named(hour, at.getUTCHours(), 0);
  return time && day && named(month, at.getUTCMonth() + 1, 1);
}

const field = (low: number, high: number, values = fc.integer({ min: low, max: high })) => {
  const step = fc.integer({ min: 1, max: Math.min(high - low, 40) });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: values.map(String) },
    fc.array(values, { minLength: 1, maxLength: 4 }).map((all) => all.join(',')),
    fc.tuple(values, values).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.constant(`${low}-${high}`),
    step.map((size) => `*/${size}`),
    fc.tuple(step, values).map(([size, extra]) => `*/${size},${extra}`),
  );
};

/** Only the days that every month has, so that no schedule is one that never fires. */
const expression = (hours?: fc.Arbitrary<number>) =>
  fc
    .tuple(field(0, 59), field(0, 23, hours), field(1, 31, fc.integer({ min: 1, max: 28 })), field(1, 12), field(0, 7))
    .map((fields) => fields.join(' '));

describe('for any schedules', () => {
  const day = 86_400_000;
  const from = Date.UTC(2026, 1, 26);
  const minutes = Array.from({ length: 4 * 24 * 60 }, (_, index) => from + index * 60_000);

  it('the line of one is due exactly when the schedule is', () => {
    fc.assert(
      fc.property(expression(), (written) => {
        const [line = ''] = texts(written);
        const due = new Set(instants([schedule(written)], namedZone('UTC'), from - 1, from + 4 * day - 1));
        for (const at of minutes) assert.equal(starts(line, new Date(at)), due.has(at), `${line} at ${new Date(at)}`);
      }),
      { numRuns: 100 },
    );
  });

  it('the line of several is due whenever one of them is', () => {
    fc.assert(
      fc.property(fc.array(expression(), { minLength: 2, maxLength: 3 }), (written) => {
        const [line = ''] = texts(...written);
        const single = written.map((text) => texts(text)[0] ?? '');
        for (const at of minutes.map((minute) => new Date(minute))) {
          if (single.some((one) => starts(one, at))) assert.ok(starts(line, at), `${line} misses ${at.toISOString()}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  // Among them a gap of two hours, one of half an hour and one that ends on the next day; each with the overlap of its year.
  const nights = [
    ['America/New_York', '2026-03-08', '2026-11-01'],
    ['Europe/Berlin', '2026-03-29', '2026-10-25'],
    ['Australia/Lord_Howe', '2026-10-03', '2026-04-04'],
    ['America/Nuuk', '2026-03-28', '2026-10-24'],
    ['Antarctica/Troll', '2026-03-29', '2026-10-25'],
    ['Africa/Cairo', '2026-04-23', '2026-10-29'],
  ] as const;

  const nightly = expression(fc.constantFrom(0, 1, 2, 3, 23));

  it('cron starts the line at each of their instants, in the nights of daylight saving too', () => {
    fc.assert(
      fc.property(fc.array(nightly, { minLength: 1, maxLength: 3 }), fc.constantFrom(...nights), (written, night) => {
        const [name, ...dates] = night;
        const zone = namedZone(name);
        const cover = [schedule(texts(...written)[0] ?? '')];
        for (const date of dates) {
          const [from, until] = [Date.parse(date) - day, Date.parse(date) + 2 * day];
          const covered = new Set(instants(cover, zone, from, until));
          for (const instant of instants(written.map(schedule), zone, from, until)) {
            assert.ok(covered.has(instant), `${cover[0]?.text} misses ${new Date(instant).toISOString()} in ${name}`);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
