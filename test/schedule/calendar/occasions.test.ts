import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobId } from '../../../src/job/job.ts';
import type { JobTimes } from '../../../src/schedule/calendar/job-calendar.ts';
import { occasions } from '../../../src/schedule/calendar/occasions.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';

const berlin: JobTimes = {
  id: 'main/a' as JobId,
  schedule: ['30 2 * * *'],
  timezone: 'Europe/Berlin',
  dst: { skipped: 'as-cron', repeated: 'as-cron' },
  jitter: { offset: 0, delay: 0 },
  start: '',
  end: '',
  except: [],
};

function shown(job: Partial<JobTimes>, from: string, until: string): readonly string[] {
  const found = occasions({ ...berlin, ...job }, namedZone('UTC'), Date.parse(from), Date.parse(until));
  return Array.from(found, ({ at, wall, kind, name }) => {
    return `${new Date(at).toISOString().slice(11, 16)} ${wall.slice(5)} ${kind} ${name}`.trim();
  });
}

describe('the occasions of a job', () => {
  const spring = ['2026-03-29T00:00Z', '2026-03-29T02:00Z'] as const;
  const autumn = ['2026-10-25T00:00Z', '2026-10-25T02:00Z'] as const;

  it('are moved behind a gap together, or left out', () => {
    const schedule = ['0,30 2,3 * * *'] as const;
    const behind = ['01:00 03-29T03:00 plain', '01:30 03-29T03:30 plain'];
    const moved = ['01:00 03-29T02:00 moved', '01:00 03-29T02:30 moved', ...behind];
    assert.deepEqual(shown({ schedule }, ...spring), moved);
    const left = ['01:00 03-29T02:00 gap-skipped', '01:00 03-29T02:30 gap-skipped', ...behind];
    assert.deepEqual(shown({ schedule, dst: { ...berlin.dst, skipped: 'skip' } }, ...spring), left);
  });

  it('are the first and the second of two, the second left out or not', () => {
    const first = '00:30 10-25T02:30 first-of-two';
    assert.deepEqual(shown({}, ...autumn), [first, '01:30 10-25T02:30 not-repeated']);
    const both = shown({ dst: { ...berlin.dst, repeated: 'twice' } }, ...autumn);
    assert.deepEqual(both, [first, '01:30 10-25T02:30 second-of-two']);
  });

  it('that several schedules name are there once, as the one that runs', () => {
    const schedule = ['30 2 * * *', '*/30 2 * * *', '30 2 * * *'] as const;
    assert.deepEqual(shown({ schedule }, '2026-10-25T01:30Z', '2026-10-25T01:59Z'), [
      '01:30 10-25T02:30 second-of-two',
    ]);
  });

  it('on days that are left out are there with the reason and the name', () => {
    const except = [{ from: '2026-12-25', to: '2026-12-25', name: 'Christmas Day' }];
    const job = { except, start: '2026-12-24T03:00', end: '2026-12-26T02:30' };
    assert.deepEqual(shown(job, '2026-12-24T00:00Z', '2026-12-27T12:00Z'), [
      '01:30 12-24T02:30 before-start',
      '01:30 12-25T02:30 excepted Christmas Day',
      '01:30 12-26T02:30 plain',
      '01:30 12-27T02:30 after-end',
    ]);
  });

  it('are from the first instant to the last, both with the minutes of jitter', () => {
    const job: Partial<JobTimes> = { jitter: { offset: 3_600_000, delay: 0 } };
    const [{ at, offset } = { at: 0, offset: 0 }] = occasions({ ...berlin, ...job }, namedZone('UTC'), 0, 1e12);
    const again = [...occasions({ ...berlin, ...job }, namedZone('UTC'), at, at)];
    assert.deepEqual([again.length, again[0]?.offset, (at - offset) % 3_600_000], [1, offset, 1_800_000]);
    assert.ok(offset > 0);
    assert.deepEqual([...occasions({ ...berlin, ...job }, namedZone('UTC'), at + 1, at + 60_000)], []);
  });

  it('of a job that knows the start of the machine alone are none', () => {
    assert.deepEqual(shown({ schedule: ['@reboot'] }, ...spring), []);
  });
});
