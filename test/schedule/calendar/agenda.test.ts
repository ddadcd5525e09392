import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobId } from '../../../src/job/job.ts';
import { agenda } from '../../../src/schedule/calendar/agenda.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { timesOf } from '../times.ts';

const host = namedZone('UTC');
const day = 86_400_000;
const from = Date.parse('2026-11-24T00:00Z');
const often = timesOf({ id: 'shop/often' as JobId, schedule: ['* * * * *'], timezone: '' });
const daily = timesOf({ id: 'shop/daily' as JobId, schedule: ['@daily'], timezone: '' });
const never = timesOf({ id: 'shop/never' as JobId, schedule: ['@reboot'], timezone: '' });

const countOf = (entries: readonly { readonly job: { readonly id: JobId } }[], { id }: { readonly id: JobId }) =>
  entries.filter(({ job }) => job.id === id).length;

describe('an agenda', () => {
  it('has the times of all jobs in their order', () => {
    const { entries, isCut } = agenda([often, daily, never], host, { from, until: from + 2 * day, most: 5_000 });
    assert.equal(isCut, false);
    assert.deepEqual([countOf(entries, often), countOf(entries, daily), countOf(entries, never)], [2_880, 2, 0]);
    const instants = entries.map(({ occasion }) => occasion.at);
    assert.deepEqual(
      instants,
      instants.toSorted((one, other) => one - other),
    );
  });

  it('with too little room keeps what jobs with few times have', () => {
    const { entries, isCut } = agenda([often, daily, never], host, { from, until: from + 90 * day, most: 100 });
    assert.equal(isCut, true);
    assert.deepEqual([countOf(entries, often), countOf(entries, daily)], [50, 50]);
    const roomy = agenda([often, daily], host, { from, until: from + 90 * day, most: 1_000 });
    assert.deepEqual([countOf(roomy.entries, often), countOf(roomy.entries, daily)], [910, 90]);
  });

  it('that is just full is not cut', () => {
    const { entries, isCut } = agenda([daily], host, { from, until: from + 5 * day, most: 5 });
    assert.deepEqual([entries.length, isCut], [5, false]);
  });

  it('leaves out what does not run', () => {
    const except = [{ from: '2026-11-25', to: '2026-11-25', name: '' }];
    const { entries } = agenda([{ ...daily, except }], host, { from, until: from + 2 * day, most: 9 });
    assert.deepEqual(
      entries.map(({ occasion }) => occasion.wall),
      ['2026-11-26T00:00'],
    );
  });
});
