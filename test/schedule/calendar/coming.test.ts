import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DaylightPolicy } from '../../../src/job/job.ts';
import { coming } from '../../../src/schedule/calendar/coming.ts';
import { calendarOf, type JobTimes } from '../../../src/schedule/calendar/job-calendar.ts';
import { runs } from '../../../src/schedule/calendar/occasions.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { timesOf } from '../times.ts';

const host = namedZone('UTC');

/** The times after an instant as `kind wall name`, and where they run. */
function comingOf(job: JobTimes, from: string, count = 3, until?: string): readonly string[] {
  const end = until === undefined ? undefined : Date.parse(until);
  return coming(job, host, { from: Date.parse(from), until: end, count }).map(({ at, kind, wall, name }) =>
    [new Date(at).toISOString().slice(0, 16), kind, wall, name].join(' ').trim(),
  );
}

describe('the coming times of a job', () => {
  it('are as many as are wanted, with what is left out among them', () => {
    const except = [{ from: '2026-12-25', to: '2026-12-26', name: 'Christmas' }];
    assert.deepEqual(comingOf(timesOf({ except }), '2026-12-24T00:00Z', 2), [
      '2026-12-24T01:30 plain 2026-12-24T02:30',
      '2026-12-25T01:30 excepted 2026-12-25T02:30 Christmas',
      '2026-12-26T01:30 excepted 2026-12-26T02:30 Christmas',
      '2026-12-27T01:30 plain 2026-12-27T02:30',
    ]);
  });

  it('go on to the end that is wanted, also where nothing runs any more', () => {
    const except = [{ from: '2026-12-25', to: '2026-12-26', name: '' }];
    const until = '2026-12-26T12:00Z';
    assert.equal(comingOf(timesOf({ except }), '2026-12-24T00:00Z', 9, until).length, 3);
    assert.deepEqual(comingOf(timesOf({ except }), '2026-12-24T01:30Z', 1, '2026-12-25T01:30Z'), [
      '2026-12-25T01:30 excepted 2026-12-25T02:30',
    ]);
  });

  it('say what daylight saving made of them', () => {
    assert.deepEqual(comingOf(timesOf(), '2026-03-29T00:00Z', 1), ['2026-03-29T01:00 moved 2026-03-29T02:30']);
    const skips = timesOf({ dst: { skipped: 'skip', repeated: 'twice' } });
    const [gap, plain] = comingOf(skips, '2026-03-29T00:00Z', 1);
    assert.match(gap ?? '', /gap-skipped 2026-03-29T02:30$/);
    assert.equal(plain, '2026-03-30T00:30 plain 2026-03-30T02:30');
    const kinds = comingOf(skips, '2026-10-25T00:00Z', 2).map((line) => line.split(' ')[1]);
    assert.deepEqual(kinds, ['first-of-two', 'second-of-two']);
  });

  it('are one where schedules meet in a minute', () => {
    const job = timesOf({ schedule: ['30 2 * * *', '0 3 * * *', '@daily'] });
    const found = comingOf(job, '2026-03-28T23:30Z', 2);
    assert.deepEqual(found, ['2026-03-29T01:00 moved 2026-03-29T02:30', '2026-03-29T22:00 plain 2026-03-30T00:00']);
  });

  it('are none before its start and after its end, also where these are decades away', () => {
    const job = timesOf({ schedule: ['* * * * *'], start: '2060-01-01T00:00', end: '2060-01-01T00:01' });
    assert.deepEqual(comingOf(job, '2026-01-01T00:00Z', 5), [
      '2059-12-31T23:00 plain 2060-01-01T00:00',
      '2059-12-31T23:01 plain 2060-01-01T00:01',
    ]);
    assert.deepEqual(comingOf(timesOf({ end: '2026-01-01T23:59' }), '2026-01-02T00:00Z'), []);
    assert.deepEqual(comingOf(timesOf({ schedule: ['@reboot'] }), '2026-01-02T00:00Z'), []);
  });

  it('that run are the slots of its calendar', () => {
    const policy = fc.record<DaylightPolicy>({
      skipped: fc.constantFrom('as-cron', 'run-after', 'skip'),
      repeated: fc.constantFrom('as-cron', 'once', 'twice'),
    });
    const expression = fc.constantFrom(
      '30 2 * * *',
      '*/20 1-3 * * *',
      '0 3 * * *',
      'every 50m',
      '15 0 L * *',
      '@hourly',
    );
    const jobs = fc.record({
      schedule: fc.tuple(expression, expression),
      timezone: fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana', 'Africa/Cairo'),
      dst: policy,
      jitter: fc.record({ offset: fc.constantFrom(0, 1_800_000), delay: fc.constant(0) }),
      except: fc.constantFrom([], [{ from: '2026-03-29', to: '2026-04-05', name: '' }]),
      start: fc.constantFrom('', '2026-03-08T01:00'),
    });
    const from = fc.integer({ min: Date.UTC(2026, 1, 20), max: Date.UTC(2026, 10, 10) });
    fc.assert(
      fc.property(jobs, from, fc.integer({ min: 1, max: 40 }), (changes, after, count) => {
        const job = timesOf(changes);
        const found = coming(job, host, { from: after, until: undefined, count });
        const slots = [...calendarOf(job, host).slots(after).take(count)];
        assert.deepEqual(
          found.filter(runs).map(({ at }) => at),
          slots,
        );
      }),
    );
  });
});
