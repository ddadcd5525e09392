import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryDirectory } from '../../temporary.ts';
import { findings } from './rig.ts';

const directory = temporaryDirectory();

function project(schedules: readonly string[], settings = ''): string {
  const jobs = schedules.map((schedule, n) => `  j${n}: { schedule: ${JSON.stringify(schedule)}, command: "true" }\n`);
  return `${settings}jobs:\n${jobs.join('')}`;
}

const found = (schedules: readonly string[], settings = '') => findings(directory, project(schedules, settings));
const times = (count: number, schedule: string): readonly string[] => Array(count).fill(schedule);

describe('many jobs on one minute', () => {
  it('are told once, at the first of them', () => {
    const schedules = [...times(5, '0 0 * * *'), ...times(4, '@daily'), 'daily', '0 0,12 * * *'];
    assert.deepEqual(found(schedules), [
      {
        where: '3: 0 0 * * * crowded-minute',
        message: 'found 11 jobs that start at 00:00 in Europe/Berlin, on 2026-11-24 for one: j0, j1, j2 and 8 more',
        hint: 'let those that may begin later choose a minute by their names, "H 0 * * *", or spread them with jitter: 15m',
      },
    ]);
  });

  it('are no more than ten with impunity', () => assert.deepEqual(found(times(10, '0 0 * * *')), []));

  it('are counted on each day by itself', () => {
    assert.deepEqual(found(Array.from({ length: 12 }, (_, n) => `0 0 ${n + 1} * *`)), []);
    const [first] = found([...times(6, '0 0 24 12 *'), ...times(6, '0 0 * * 4')]);
    assert.match(first?.message ?? '', /^found 12 jobs that start at 00:00 in Europe\/Berlin, on 2026-12-24 for one/);
  });

  it('are those of the fullest minute, and how many others are as full is said', () => {
    const [first, ...rest] = found([...times(12, '30 * * * *'), '30 7 * * *']);
    assert.deepEqual(rest, []);
    assert.match(first?.message ?? '', /^found 13 jobs that start at 07:30 .*; 23 other minutes are full too$/);
  });

  it('are none where their names or a jitter spread them, or their zones are others', () => {
    for (const schedule of ['H 0 * * *', 'H(0-1) 0 * * *']) assert.deepEqual(found(times(30, schedule)), [], schedule);
    assert.deepEqual(found(times(30, '0 0 * * *'), 'defaults: { jitter: 15m }\n'), []);
    assert.deepEqual(found(times(30, '* * * * *')), []);
    const zones = ['UTC', 'Asia/Tokyo', 'America/Lima'];
    const jobs = Array.from(
      { length: 12 },
      (_, n) => `  j${n}: { schedule: daily, command: a, timezone: ${zones[n % 3]} }\n`,
    );
    assert.deepEqual(findings(directory, `jobs:\n${jobs.join('')}`), []);
  });
});
