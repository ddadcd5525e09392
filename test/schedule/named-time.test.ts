import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namedTime } from '../../src/schedule/named-time.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';

const berlin = namedZone('Europe/Berlin');

describe('a time that a person names', () => {
  for (const [text, first, last = first] of [
    ['2026-12', '2026-12-01T00:00+01:00', '2026-12-31T23:59:59.999+01:00'],
    ['2026-03-29', '2026-03-29T00:00+01:00', '2026-03-29T23:59:59.999+02:00'],
    ['2026-12-24T08:00', '2026-12-24T08:00+01:00'],
    ['2026-12-24 08:00:30', '2026-12-24T08:00:30+01:00'],
    ['2026-12-24T08:00Z', '2026-12-24T08:00Z'],
    ['2026-12-24T08:00:00.5-05:00', '2026-12-24T08:00:00.500-05:00'],
    ['2026-03-29T02:30', '2026-03-29T03:00+02:00'],
    ['2026-10-25T02:30', '2026-10-25T02:30+02:00'],
  ] as const) {
    it(`is read on the clock of the zone, or by its offset: ${text}`, () => {
      assert.deepEqual(namedTime(text, berlin), { first: Date.parse(first), last: Date.parse(last) });
    });
  }

  for (const text of [
    '',
    'tomorrow',
    '2026',
    '2026-13',
    '2026-02-30',
    '2026-02-30T08:00',
    '2026-12-24T24:00',
    '08:00',
    '2026-12-24T08:00+99:00',
  ]) {
    it(`is none: ${JSON.stringify(text)}`, () => assert.equal(namedTime(text, berlin), undefined));
  }
});
