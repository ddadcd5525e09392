import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { comingTime } from '../../src/schedule/coming-time.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';

const berlin = namedZone('Europe/Berlin');
const now = Date.parse('2026-11-24T09:30:00+01:00');

function meant(text: string, at = now, zone = berlin): string | undefined {
  const instant = comingTime(text, zone, at);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

suite('a time to come', () => {
  test('of day is today’s, or tomorrow’s once it has passed', () => {
    assert.equal(meant('18:00'), '2026-11-24T17:00:00.000Z');
    assert.equal(meant('09:31'), '2026-11-24T08:31:00.000Z');
    assert.equal(meant('09:30'), '2026-11-25T08:30:00.000Z');
    assert.equal(meant('8:05'), '2026-11-25T07:05:00.000Z');
    assert.equal(meant('00:00'), '2026-11-24T23:00:00.000Z');
  });

  test('of day goes by the clock of the zone, also before 1970 and across midnight in UTC', () => {
    const honolulu = namedZone('Pacific/Honolulu');
    assert.equal(meant('23:00', Date.parse('2026-11-25T08:30:00Z'), honolulu), '2026-11-25T09:00:00.000Z');
    assert.equal(meant('12:00', Date.parse('1969-12-31T10:30:00Z')), '1969-12-31T11:00:00.000Z');
  });

  test('of day that daylight saving skips is that at which the clock is past it', () => {
    assert.equal(meant('02:30', Date.parse('2026-03-28T12:00:00Z')), '2026-03-29T01:00:00.000Z');
  });

  test('is a date, from its beginning on, or a date with a time, or an instant', () => {
    assert.equal(meant('2026-12-24'), '2026-12-23T23:00:00.000Z');
    assert.equal(meant('2026-12-24 18:00'), '2026-12-24T17:00:00.000Z');
    assert.equal(meant('2026-12-24T18:00'), '2026-12-24T17:00:00.000Z');
    assert.equal(meant('2026-12-24T18:00:00Z'), '2026-12-24T18:00:00.000Z');
    assert.equal(meant('2020-01-01'), '2019-12-31T23:00:00.000Z');
  });

  test('is not read out of anything else', () => {
    for (const text of ['', '24:00', '18:60', '18', 'tomorrow', '2026-02-30', '2026-12-24 25:00', '18:00:00x']) {
      assert.equal(meant(text), undefined, text);
    }
  });
});
