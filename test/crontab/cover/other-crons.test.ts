import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wakes } from '../../../src/crontab/cover/host-cron.ts';
import type { CronName } from '../../../src/crontab/cron/cron.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { timeParts } from '../../../src/crontab/fields.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { schedule, timesOf } from '../rig.ts';
import { simulate } from '../year-simulation.ts';

const at = Date.UTC(2026, 0, 1);

function line(written: string, cron: CronName, zone = 'Europe/Berlin', timezone = ''): string {
  const parts = timeParts(timesOf([written], { timezone }), { zone: namedZone(zone), at, cron: crons[cron] });
  return parts.map(({ text }) => text).join(' | ');
}

describe('the line of a job on a cron that does not make up for what daylight saving skips', () => {
  it('names the end of the gap too, for a time in the gap', () => {
    for (const cron of ['busybox', 'macos', 'bcron', 'systemd-cron'] as const) {
      assert.equal(line('30 2 * * *', cron), '0,30 2,3 * * *', cron);
      assert.equal(line('30 4 * * *', cron), '30 4 * * *', cron);
    }
    assert.equal(line('30 2 * * *', 'cronie'), '30 2 * * *');
  });

  it('is as written where the host has no daylight saving', () => {
    for (const cron of Object.values(crons)) {
      for (const written of ['30 2 * * *', '*/30 1,2,3 * * *', '17 * * * *']) {
        assert.equal(line(written, cron.name, 'Asia/Kathmandu'), written, cron.name);
      }
    }
  });

  it('is of every hour on bcron, where a wildcard has times that come twice', () => {
    assert.equal(line('*/30 1-3 * * *', 'bcron'), '*/30 * * * *');
    assert.equal(line('*/30 4-5 * * *', 'bcron'), '*/30 4,5 * * *');
    assert.equal(line('*/30 1-3 * * *', 'busybox'), '*/30 1,2,3 * * *');
  });

  it('is that of Debian’s cron where the cron is not known', () => {
    const [part] = timeParts(timesOf(['30 2 * * *']), { zone: namedZone('Europe/Berlin'), at });
    assert.equal(part?.text, '30 2 * * *');
  });
});

describe('the two day fields', () => {
  it('are left open where the cron would join by "and" what crontab(5) joins by "or"', () => {
    assert.equal(line('0 12 13 * 5', 'busybox'), '0 12 13 * 5');
    for (const cron of ['bcron', 'systemd-cron'] as const) assert.equal(line('0 12 13 * 5', cron), '0 12 * * *');
    for (const cron of ['busybox', 'bcron', 'systemd-cron'] as const) {
      assert.equal(line('0 12 1-31 * 5', cron), '0 12 * * *');
      assert.equal(line('0 12 */2 * 5', cron), '0 12 */2 * 5');
      assert.equal(line('0 12 * 3 5', cron), '0 12 * 3 5');
    }
  });

  it('are read as each cron reads them', () => {
    const noon = (date: string) => Date.parse(`${date}T12:00:00Z`);
    const fields = (text: string) => {
      const read = schedule(text);
      assert.ok(read.kind === 'calendar');
      return read.fields;
    };
    const due = (text: string, date: string) =>
      Object.values(crons).flatMap((cron) =>
        wakes(fields(text), namedZone('UTC'), noon(date), cron) ? cron.name : [],
      );
    const byStar = ['debian', 'cronie', 'macos'];
    const all = ['debian', 'cronie', 'busybox', 'systemd-cron', 'bcron', 'macos'];
    assert.deepEqual(due('0 12 13 * 5', '2026-11-13'), all, 'a Friday, the 13th');
    assert.deepEqual(due('0 12 13 * 5', '2026-11-20'), ['debian', 'cronie', 'busybox', 'macos'], 'a Friday');
    assert.deepEqual(due('0 12 1-31 * 5', '2026-11-21'), byStar, 'a Saturday');
    assert.deepEqual(due('0 12 */2 * 5', '2026-11-21'), ['busybox'], 'a Saturday, and odd');
    assert.deepEqual(due('0 12 13 3 5', '2026-11-13'), [], 'another month');
  });
});

it('a start of the machine has no line on a cron that does not know it', () => {
  assert.equal(line('@reboot', 'bcron'), '');
  assert.equal(line('@reboot', 'busybox'), '@reboot');
});

it('each slot of a year is woken for on every cron, as far as it starts anything then', (t) => {
  const year = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };
  const hosts = (['busybox', 'bcron', 'systemd-cron'] as const).flatMap((cron) =>
    (['Europe/Berlin', 'Australia/Lord_Howe'] as const).map((zone) => [zone, cron] as const),
  );
  const { slots, faults } = simulate({ zones: ['Europe/Berlin', 'America/New_York', 'UTC'], hosts, year });
  t.diagnostic(`${slots} slots`);
  assert.deepEqual(faults.slice(0, 10), []);
});
