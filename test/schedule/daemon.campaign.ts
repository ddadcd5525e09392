import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { instants } from '../../src/schedule/calendar.ts';
import { formatInstant } from '../../src/schedule/instant.ts';
import { namedZone } from '../../src/schedule/zone.ts';
import { type Night, spend } from './daemon.ts';
import { schedule } from './expressions.ts';
import { skipWithout } from './requirement.ts';

const minute = 60_000;
/** Cron pauses while it makes up for a gap, and a job takes its time to start: both are minutes at this speed. */
const late = 6 * minute;
const early = 30_000;

/** Each has its instants far enough apart to tell them from each other. */
const expressions = [
  '30 2 * * *',
  '0,30 2 * * *',
  '10 2 * * *',
  '0 1-3 * * *',
  '20,50 1 * * *',
  '0 3 * * *',
  '15 3 * * *',
  '0 2,3 * * *',
  '45 0-23 * * *',
  '@daily',
  '@hourly',
  '5 * * * *',
  '*/30 1-3 * * *',
  '*/20 2 * * *',
  '*/15 1 * * *',
  '30 */2 * * *',
  '0 */1 * * *',
  '0 1,*/2 * * *',
  '30 2 * * 1',
  '30 1,2 * * 0',
  '30 1,2 */9 * sun',
  '40 1,2 */7 * sun',
  '30 1,2 1-31 * 1',
  '25 2 8 3 *',
  '25 1 1 11 *',
  '35 1,2 2 * sun',
];

const nights: readonly Night[] = [
  { zone: 'America/New_York', start: '2026-03-08T00:58:00-05:00', last: '2026-03-08T04:08:00-04:00', speed: 125 },
  { zone: 'America/New_York', start: '2026-11-01T00:58:00-04:00', last: '2026-11-01T03:08:00-05:00', speed: 180 },
];

const present =
  process.getuid?.() === 0 &&
  ['/usr/sbin/cron', '/usr/bin/unshare'].every((file) => existsSync(file)) &&
  readdirSync('/usr/lib').some((triplet) => existsSync(`/usr/lib/${triplet}/faketime/libfaketime.so.1`));

describe("the calendar and Debian's cron", {
  skip: skipWithout(present, 'root, cron and faketime'),
  concurrency: 2,
}, () => {
  for (const night of nights) {
    it(`agree about the night of ${night.start.slice(0, 10)} in ${night.zone}`, async () => {
      const zone = namedZone(night.zone);
      const fired = await spend(night, expressions);
      const [from, until] = [Date.parse(night.start), Date.parse(night.last)];
      const shown = (found: Iterable<number>) => [...found].map((instant) => formatInstant(instant, zone));
      const differences = expressions.flatMap((text, index) => {
        const due = [...instants([schedule(text)], zone, from + minute, until)];
        // Cron starts a job once for each of its minutes that were skipped; we know one instant after the gap.
        const ran = new Set(
          (fired[index] ?? []).map((at) => due.findLast((d) => d - early <= at && at <= d + late) ?? at),
        );
        const [expected, actual] = [shown(due), shown([...ran].sort((a, b) => a - b))];
        return expected.join() === actual.join() ? [] : [{ text, expected, actual }];
      });
      assert.deepEqual(differences, []);
      assert.ok(fired.flat().length > expressions.length, 'cron ran too little to show anything');
    });
  }
});
