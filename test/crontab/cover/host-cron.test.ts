import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { wakes } from '../../../src/crontab/cover/host-cron.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { debianLoop } from '../../schedule/debian-loop.ts';
import { schedule } from '../rig.ts';

const minute = 60_000;
const nights = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Australia/Lord_Howe', '2026-04-04'],
  ['America/Nuuk', '2026-03-28'],
  ['Asia/Kathmandu', '2026-03-28'],
] as const;

it('a line wakes exactly when the loop of Debian’s cron starts it', () => {
  const time = fc.constantFrom('*', '0', '*/20', '15,45', '30');
  const hour = fc.constantFrom('*', '1', '2', '0,3', '*/2', '23');
  const days = fc.constantFrom('* * *', '* * 0', '1-15 * 6');
  fc.assert(
    fc.property(time, hour, days, fc.constantFrom(...nights), (minutes, hours, rest, [name, date]) => {
      const read = schedule(`${minutes} ${hours} ${rest}`);
      assert.ok(read.kind === 'calendar');
      const zone = namedZone(name);
      const from = Date.parse(date) - 12 * 60 * minute;
      const started = new Set(debianLoop(read.fields, zone, from, from + 48 * 60 * minute));
      for (let at = from + minute; at <= from + 48 * 60 * minute; at += minute) {
        assert.equal(wakes(read.fields, zone, at), started.has(at), `${read.text} at ${new Date(at).toISOString()}`);
      }
    }),
    { numRuns: 60 },
  );
});
