import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { calendarOf } from '../../../src/schedule/calendar/job-calendar.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { type Looking, lastSlots, unservedSlots, without } from '../../../src/upkeep/missed/stretches.ts';
import { jobOf, minute, morning } from '../../store/rig.ts';

const everyMinute = calendarOf(jobOf('often', { schedule: ['* * * * *'] }), namedZone('Etc/UTC'));
const hourly = calendarOf(jobOf('hourly', { schedule: ['0 * * * *'] }), namedZone('Etc/UTC'));
const hour = 60 * minute;

function looking(minutes: number, changes: Partial<Looking> = {}): Looking {
  const now = morning + minutes * minute;
  return { from: morning, limit: now - 3 * minute, now, served: [], ...changes };
}

function at(...minutes: readonly number[]) {
  return minutes.map((each) => ({ first: morning + each * minute, last: morning + each * minute }));
}

suite('slots that nothing has started', () => {
  test('are one stretch, up to those that may still be started', () => {
    const { stretches, next } = unservedSlots(everyMinute, looking(10));
    assert.deepEqual(stretches, [{ first: morning, last: morning + 7 * minute, count: 8, isRough: false }]);
    assert.equal(next, morning + 8 * minute);
  });

  test('are parted by those that have their run, of which the latest are accounted for as well', () => {
    const { stretches, next } = unservedSlots(everyMinute, looking(6, { served: at(1, 2, 4, 5) }));
    assert.deepEqual(
      stretches.map(({ first, count }) => [(first - morning) / minute, count]),
      [
        [0, 1],
        [3, 1],
      ],
    );
    assert.equal(next, morning + 6 * minute);
  });

  test('are none where a stretch is recorded as missed already', () => {
    const served = [{ first: morning, last: morning + 7 * minute }];
    assert.deepEqual(unservedSlots(everyMinute, looking(10, { served })).stretches, []);
  });

  test('are counted roughly beyond a thousand, and with their real ends', () => {
    const week = 7 * 24 * 60;
    const [stretch, ...more] = unservedSlots(everyMinute, looking(week)).stretches;
    assert.deepEqual(stretch, { first: morning, last: morning + (week - 3) * minute, count: week - 2, isRough: true });
    assert.deepEqual(more, []);
  });

  test('that are too many to be looked at in one go are left to the next', () => {
    const served = [{ first: morning, last: morning + 1e9 * minute }];
    const { next } = unservedSlots(everyMinute, looking(5_000, { served }));
    assert.equal(next, morning + 2_000 * minute);
  });

  test('are none of a schedule that has no more times', () => {
    const over = calendarOf(jobOf('over', { end: '2026-11-24T07:00' }), namedZone('Etc/UTC'));
    assert.deepEqual(unservedSlots(over, looking(10)), { stretches: [], next: undefined });
  });
});

suite('of a stretch', () => {
  const stretch = { first: morning, last: morning + 5 * hour, count: 6, isRough: false };

  test('the last slots are found from its end, not before an instant', () => {
    assert.deepEqual(lastSlots(hourly, stretch, 0, 2), [morning + 4 * hour, morning + 5 * hour]);
    assert.deepEqual(lastSlots(hourly, stretch, morning + 4 * hour + 1, 9), [morning + 5 * hour]);
    assert.deepEqual(lastSlots(hourly, stretch, morning + 6 * hour, 9), []);
    assert.equal(lastSlots(hourly, stretch, 0, 99).length, 6);
  });

  test('what is left without them ends at the slot before', () => {
    assert.deepEqual(without(hourly, stretch, [morning + 5 * hour]), {
      ...stretch,
      last: morning + 4 * hour,
      count: 5,
    });
    assert.equal(without(hourly, stretch, lastSlots(hourly, stretch, 0, 9)), undefined);
    assert.equal(without(hourly, stretch, []), stretch);
  });
});
