/**
 * What the calendar alone costs, for the bench: `node test/bench/calendars.ts instants|jobs|year`.
 *
 * instants: a hundred thousand instants, one after the other, of ten schedules in ten zones.
 * jobs: the next slot of five thousand jobs, each with its schedule to read.
 * year: the simulation of the year 2026 in the ten zones, on hosts in five of them.
 */
import type { JobId } from '../../src/job/job.ts';
import { calendarOf, type JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { simulate } from '../crontab/year-simulation.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/Nuuk',
  'Asia/Beirut',
  'Europe/Dublin',
];
const schedules = [
  '*/5 * * * *',
  '30 2 * * *',
  '0 9 * * 1-5',
  '15 3 1,15 * *',
  '0 0 L * *',
  '0 9 * * fri#3',
  'every 90m',
  'every 15m between 08:00 and 18:00',
  'H H * * *',
  '45 6 LW * *',
];
const from = Date.UTC(2026, 0, 1);

function job(index: number): JobTimes {
  return {
    id: `bench/job-${index}` as JobId,
    schedule: [schedules[index % 10] ?? ''],
    timezone: zones[Math.floor(index / 10) % 10] ?? '',
    dst: { skipped: 'as-cron', repeated: 'as-cron' },
    jitter: { offset: 0, delay: 0 },
    start: '2020-01-01T00:00',
    end: '',
    except: [{ from: '2026-12-24', to: '2026-12-26', name: '' }],
  };
}

function walkThrough(count: number): number {
  let found = 0;
  for (let index = 0; index < 100; index++) {
    for (const _ of calendarOf(job(index))
      .slots(from)
      .take(count / 100))
      found += 1;
  }
  return found;
}

function nextOfEach(count: number): number {
  const host = namedZone('UTC');
  const jobs = Array.from({ length: count }, (_, index) => calendarOf(job(index), host).next(from));
  return jobs.filter((slot) => slot !== undefined).length;
}

function liveThroughYear(): number {
  const year = { from, to: Date.UTC(2027, 0, 1) };
  const { slots, faults } = simulate({
    zones,
    hosts: zones.slice(0, 5).map((zone) => [zone, 'debian'] as const),
    year,
  });
  return faults.length === 0 ? slots : 0;
}

const measures: Readonly<Record<string, () => boolean>> = {
  instants: () => walkThrough(100_000) === 100_000,
  jobs: () => nextOfEach(5_000) === 5_000,
  year: () => liveThroughYear() > 3_000_000,
};
const [what = ''] = process.argv.slice(2);
if (measures[what]?.() !== true) throw new Error(`${what} did not come out as it should`);
