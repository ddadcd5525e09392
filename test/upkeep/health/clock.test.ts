import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { beat } from '../../../src/store/beats.ts';
import { keptClock, newestRecord, saneClock } from '../../../src/upkeep/health/clock.ts';
import { begin, installJobs, jobOf, minute, momentAt, morning, newStore } from '../../store/rig.ts';
import { newRoot, verdict } from './rig.ts';

suite('the clock', () => {
  test('is right where it goes on from what was noted', () => {
    for (const newest of [undefined, morning - minute, morning, morning + 2 * minute]) {
      assert.equal(saneClock(morning, newest).state, 'ok');
    }
  });

  test('was set back where something was noted at a later time', () => {
    const { state, message } = saneClock(morning, morning + 90 * minute);
    assert.equal(state, 'problem');
    assert.match(message, /^the clock was set back: the newest record is 1 hour 30 minutes ahead of it/);
  });

  test('cannot be decades off', () => {
    for (const wrong of [0, Date.UTC(2024, 11, 31), Date.UTC(2100, 0, 1)]) {
      assert.match(saneClock(wrong, undefined).message, /which cannot be$/);
    }
  });

  test('is compared with the newest of syncs, ticks and runs', (t) => {
    const store = newStore(t);
    assert.equal(newestRecord(store), undefined);
    installJobs(store, [jobOf('backup')], undefined, morning);
    assert.equal(newestRecord(store), morning);
    beat(store, momentAt(morning + minute));
    assert.equal(newestRecord(store), morning + minute);
    begin(store, { run: 'one', at: morning + 2 * minute });
    assert.equal(newestRecord(store), morning + 2 * minute);
  });
});

suite('a time server', () => {
  /** A timedatectl that gives this answer, on a machine that systemd has booted. */
  function service(t: TestContext, answer: string) {
    const booted = newRoot(t);
    const program = join(booted, 'timedatectl');
    writeFileSync(program, `#!/bin/sh\n[ "$*" = 'show --property=NTPSynchronized --value' ] && ${answer}\n`);
    chmodSync(program, 0o755);
    return { program, booted };
  }

  test('keeps the clock, or does not', async (t) => {
    const kept = await keptClock(service(t, 'echo yes'));
    assert.deepEqual(verdict(kept), ['ok', 'the clock is synchronised with a time server']);
    const drifting = await keptClock(service(t, 'echo no'));
    assert.equal(drifting?.state, 'warning');
    assert.equal(drifting?.remedy, 'timedatectl set-ntp true');
  });

  test('is not spoken of where systemd does not tell, or is not there', async (t) => {
    assert.equal(await keptClock(service(t, 'exit 1')), undefined);
    assert.equal(await keptClock({ ...service(t, 'echo no'), booted: '/nowhere' }), undefined);
  });
});
