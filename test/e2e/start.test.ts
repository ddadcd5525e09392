import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { LogView, RunView } from '../../src/terminal/views.ts';
import { isAlive } from '../run/rig.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy, until } from './program.ts';

const minute = 60_000;
const launcher = builtProgram();

/** A task that notes the process ids of itself and of a child, and ends by a signal only. */
const endless = (place: Place, name: string) =>
  `["/bin/sh", "-c", "sleep 1000000 & echo $$ $! > ${join(place.path, name)}; wait"]`;

/** The processes of such a task; none before it has noted them. */
function processesOf(place: Place, name: string): readonly number[] {
  try {
    return readFileSync(join(place.path, name), 'latin1').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}

/** Moves the clock to the last seconds of a minute, so that nobody waits for the next one. */
function shortlyBeforeTheMinute(): NodeJS.ProcessEnv {
  return clockMovedBy(minute - (Date.now() % minute) - 2_500);
}

describe('start', { concurrency: true }, () => {
  it('runs the jobs of a minute without a cron, and ends them when it gets TERM', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(`jobs:
  quick: { schedule: "* * * * *", command: echo done }
  endless: { schedule: "* * * * *", command: ${endless(place, 'pids')} }
  tomorrow: { schedule: "0 0 29 2 *", command: "true" }
`);
    const scheduler = place.start(['start'], { also: shortlyBeforeTheMinute() });
    await until('the endless task runs', () => processesOf(place, 'pids').length === 2);
    await until('the quick one has ended', () => scheduler.err().includes('shop/quick ended with status 0'));
    scheduler.process.kill('SIGTERM');
    const { status, out, err } = await scheduler.ended;
    assert.deepEqual({ status, out }, { status: 0, out: '' }, err);
    assert.deepEqual(processesOf(place, 'pids').filter(isAlive), []);
    assert.match(err, /scheduling 3 jobs.*shop\/endless started.*ended\n$/s);
    const runs = await place.json<readonly RunView[]>(['history']);
    const told = runs.map(({ job, state, trigger }) => `${job} ${state} ${trigger}`).sort();
    assert.deepEqual(told, ['shop/endless cancelled schedule', 'shop/quick succeeded schedule']);
    for (const { slot, startedAt } of runs) {
      const due = Date.parse(slot ?? '');
      assert.equal(due % minute, 0);
      assert.ok(Date.parse(startedAt) - due < 20_000, `${startedAt} for ${slot}`);
    }
    const { run } = await place.json<LogView>(['logs', 'endless']);
    assert.match(run.reason ?? '', /TERM|cancelled/);
  });

  it('runs what is to run at boot, and ends on INT as well', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(`jobs: { daemon: { schedule: "@reboot", command: ${endless(place, 'pids')} } }\n`);
    const scheduler = place.start(['start']);
    await until('the task of the boot runs', () => processesOf(place, 'pids').length === 2);
    scheduler.process.kill('SIGINT');
    assert.equal((await scheduler.ended).status, 0);
    assert.deepEqual(processesOf(place, 'pids').filter(isAlive), []);
    const runs = await place.json<readonly RunView[]>(['history']);
    assert.deepEqual(
      runs.map(({ state, trigger, slot }) => ({ state, trigger, slot })),
      [{ state: 'cancelled', trigger: 'boot', slot: null }],
    );
  });

  it('does not begin where nothing was ever installed', async (t) => {
    const place = newPlace(t, launcher);
    const { status, err } = await place.cronwright(['start']);
    assert.equal(status, 2);
    assert.match(err, /no jobs are installed.*\n.*cronwright sync/);
  });
});
