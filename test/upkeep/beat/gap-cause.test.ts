import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gapBetween } from '../../../src/upkeep/beat/gap-cause.ts';
import { minute, momentAt, morning } from '../../store/rig.ts';

const hour = 60 * minute;
const before = momentAt(morning);
const later = morning + 8 * hour;

suite('between two ticks', () => {
  test('of a minute or two there is no gap', () => {
    assert.equal(gapBetween(before, momentAt(morning + minute)), undefined);
    assert.equal(gapBetween(before, momentAt(morning + 2 * minute)), undefined);
  });

  test('of another boot the machine was off', () => {
    const gap = gapBetween(before, momentAt(later, { boot: 'next', uptime: minute, awake: minute }));
    assert.deepEqual(gap, { from: morning, until: later, cause: 'machine-off' });
  });

  test('of which the later counts from a younger start, a container was off', () => {
    assert.equal(gapBetween(before, momentAt(later, { uptime: minute, awake: minute }))?.cause, 'machine-off');
  });

  test('between which one clock stood, the machine was asleep', () => {
    const gap = gapBetween(before, momentAt(later, { awake: morning + minute }));
    assert.deepEqual(gap, { from: morning, until: later, cause: 'machine-asleep' });
  });

  test('between which only the clock on the wall moved, it was set', () => {
    const uptime = { uptime: morning + minute, awake: morning + minute };
    const forward = gapBetween(before, momentAt(morning + 24 * hour + minute, uptime));
    assert.deepEqual(forward, { from: morning + minute, until: morning + 24 * hour + minute, cause: 'clock-forward' });
    const back = gapBetween(before, momentAt(morning - hour, uptime));
    assert.deepEqual(back, { from: morning - hour, until: morning, cause: 'clock-back' });
  });

  test('between which more time passed than the clock on the wall tells, it was set back', () => {
    const uptime = { uptime: later + hour, awake: later + hour };
    assert.deepEqual(gapBetween(before, momentAt(later, uptime)), {
      from: later,
      until: later + hour,
      cause: 'clock-back',
    });
  });

  test('between which all clocks moved alike, cron was silent', () => {
    assert.deepEqual(gapBetween(before, momentAt(later)), { from: morning, until: later, cause: 'cron-silent' });
  });

  test('of which the earlier is of a version that noted the time alone, cron was silent', () => {
    assert.equal(gapBetween({ at: morning }, momentAt(later))?.cause, 'cron-silent');
  });
});
