import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comingYears, isSameClock, stretchesOf } from '../../../src/crontab/cover/zone-spans.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';

const years = comingYears(Date.UTC(2026, 5, 1));
const zone = namedZone;

describe('the years that a line holds for', () => {
  it('begin with the year and are as many as it takes for each date to come on each weekday', () => {
    assert.deepEqual(years, { from: Date.UTC(2026, 0, 1), until: Date.UTC(2054, 0, 1) });
  });
});

describe('two clocks', () => {
  it('are the same under several names, and not where they differ at any time', () => {
    assert.equal(isSameClock(zone('Europe/Berlin'), zone('Europe/Oslo'), years), true);
    assert.equal(isSameClock(zone('UTC'), zone('Africa/Abidjan'), years), true);
    assert.equal(isSameClock(zone('Europe/London'), zone('UTC'), years), false);
    assert.equal(isSameClock(zone('Europe/Berlin'), zone('Africa/Tunis'), years), false);
  });

  it('are laid side by side, without a hole', () => {
    const found = stretchesOf(zone('America/New_York'), zone('Europe/Berlin'), years, 0);
    assert.deepEqual([found[0]?.from, found.at(-1)?.until], [years.from, years.until]);
    for (const [index, { until }] of found.entries()) assert.equal(found[index + 1]?.from ?? years.until, until);
    const differences = new Set(found.map(({ host, job }) => host - job));
    assert.deepEqual([...differences].toSorted(), [-300, -360]);
  });

  it('change for a slot that is later than its wall time by as much earlier', () => {
    const hour = 3_600_000;
    const [first] = stretchesOf(zone('Europe/Berlin'), zone('UTC'), years, hour);
    assert.deepEqual(first, { from: years.from, until: Date.UTC(2026, 2, 29, 0), host: 60, job: 0 });
  });
});
