import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { instants } from '../../src/schedule/calendar/calendar.ts';
import { formatInstant } from '../../src/schedule/instant.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { type Night, spend } from './daemon.ts';
import { schedule } from './expressions.ts';
import { skipWithout } from './requirement.ts';

const minute = 60_000;
/** Cron pauses while it makes up for a gap, and a job takes its time to start: both are minutes at this speed. */
const late = 6 * minute;
const early = 30_000;
/** Instants of one expression that are nearer cannot be told from each other. */
const apart = 10 * minute;
const speed = 130;

/** What the people of every night have. */
const usual = [
  '30 2 * * *',
  '0,30 2 * * *',
  '10 2 * * *',
  '0 1-3 * * *',
  '20,50 1 * * *',
  '15 0,3 * * *',
  '45 0-23 * * *',
  '@daily',
  '@hourly',
  '5 * * * *',
  '*/30 1-3 * * *',
  '*/20 2 * * *',
  '*/15 1 * * *',
  '*/30 23,0 * * *',
  '30 */2 * * *',
  '0 */1 * * *',
  '0 1,*/2 * * *',
  '30 23,0 * * *',
  '30 1,2 */9 * sun',
  '40 1,2 */7 * sun',
  '30 1,2 1-31 * 1',
];

const nights: readonly Omit<Night, 'speed'>[] = [
  { zone: 'America/New_York', start: '2026-03-08T00:58:00-05:00', last: '2026-03-08T04:08:00-04:00' },
  { zone: 'America/New_York', start: '2026-11-01T00:28:00-04:00', last: '2026-11-01T02:38:00-05:00' },
  { zone: 'Europe/Berlin', start: '2026-03-29T00:58:00+01:00', last: '2026-03-29T04:08:00+02:00' },
  { zone: 'Europe/Berlin', start: '2026-10-25T01:28:00+02:00', last: '2026-10-25T03:38:00+01:00' },
  { zone: 'Australia/Lord_Howe', start: '2026-10-04T01:13:00+10:30', last: '2026-10-04T03:38:00+11:00' },
  { zone: 'Australia/Lord_Howe', start: '2026-04-05T00:58:00+11:00', last: '2026-04-05T03:08:00+10:30' },
  { zone: 'Pacific/Chatham', start: '2026-09-27T01:58:00+12:45', last: '2026-09-27T04:53:00+13:45' },
  { zone: 'Asia/Beirut', start: '2026-03-28T23:13:00+02:00', last: '2026-03-29T02:08:00+03:00' },
  { zone: 'Asia/Beirut', start: '2026-10-24T22:43:00+03:00', last: '2026-10-25T00:38:00+02:00' },
  { zone: 'America/Nuuk', start: '2026-03-28T22:13:00-02:00', last: '2026-03-29T01:08:00-01:00' },
];

const few = fc.integer({ min: 0, max: 11 }).map((fifth) => fifth * 5);
const minutes = fc.oneof(
  few.map(String),
  fc.uniqueArray(few, { minLength: 2, maxLength: 3 }).map((values) => values.sort((a, b) => a - b).join(',')),
  fc.constantFrom('*/15', '*/20', '*/30', '0-59/15', '10-50/20', '5,*/30', '*/30,5'),
);
const hours = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map(String),
  fc.constantFrom(
    '*',
    '*/2',
    '*/3',
    '0-3',
    '1-2',
    '22-23',
    '23',
    '0,2',
    '1,3',
    '23,0,1',
    '0-23/2',
    '1-23/2',
    '2,*/4',
    '*/4,1',
  ),
);
const days = fc.constantFrom(
  ...[
    '* * *',
    '* * *',
    '* * *',
    '* * *',
    '* * sun',
    '* * sat,sun',
    '1-31 * 1',
    '*/2 * sun',
    '* 3,4,9-11 *',
    '1-15 * *',
  ],
);

/** Expressions of a night, the same in each run. */
function generated(count: number, seed: number, fits: (text: string) => boolean): readonly string[] {
  const texts = fc.tuple(minutes, hours, days).map((parts) => parts.join(' '));
  return [...new Set(fc.sample(texts, { numRuns: count * 6, seed }))].filter(fits).slice(0, count);
}

const present =
  process.getuid?.() === 0 &&
  ['/usr/sbin/cron', '/usr/bin/unshare'].every((file) => existsSync(file)) &&
  readdirSync('/usr/lib').some((triplet) => existsSync(`/usr/lib/${triplet}/faketime/libfaketime.so.1`));

describe("the calendar and Debian's cron", {
  skip: skipWithout(present, 'root, cron and faketime'),
  concurrency: 5,
}, () => {
  for (const [index, night] of nights.entries()) {
    it(`agree about the night of ${night.start.slice(0, 10)} in ${night.zone}`, async () => {
      const zone = namedZone(night.zone);
      const [from, until] = [Date.parse(night.start), Date.parse(night.last)];
      const dueOf = (text: string) => [...instants([schedule(text)], zone, from + minute, until)];
      const canBeTold = (text: string) => {
        const due = dueOf(text);
        return due.length > 0 && due.every((at, n) => n === 0 || at - (due[n - 1] ?? 0) >= apart);
      };
      const expressions = [...usual, ...generated(40, index, canBeTold)];
      const fired = await spend({ ...night, speed }, expressions);
      const shown = (found: Iterable<number>) => [...found].map((instant) => formatInstant(instant, zone));
      const differences = expressions.flatMap((text, n) => {
        const due = dueOf(text);
        // Cron starts a job once for each of its minutes that were skipped; we know one instant after the gap.
        const ran = new Set((fired[n] ?? []).map((at) => due.findLast((d) => d - early <= at && at <= d + late) ?? at));
        const [expected, actual] = [shown(due), shown([...ran].sort((a, b) => a - b))];
        return expected.join() === actual.join() ? [] : [{ text, expected, actual }];
      });
      assert.deepEqual(differences, []);
      assert.ok(fired.flat().length > expressions.length, 'cron ran too little to show anything');
    });
  }
});
