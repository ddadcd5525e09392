import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, type TestContext, test } from 'node:test';
import { endRun } from '../../src/launch/end-run.ts';
import { thisProcess } from '../../src/launch/holder.ts';
import { groupAnswers } from '../../src/run/process-table.ts';
import { startTime } from '../../src/run/tree.ts';
import { closeRun, openRunById, requestCancel, runById } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { fixture, PushedClock, until } from '../run/rig.ts';
import { begin, jobOf } from '../store/rig.ts';
import { storeWith, worldOf } from './rig.ts';

/** A run that a fixture holds as if it were the wrapper, and that somebody wants to end. */
async function heldBy(t: TestContext, store: Store, program: string) {
  const child = spawn(fixture(program), { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const pid = child.pid ?? 0;
  t.after(() => {
    child.stdout.destroy();
    if (groupAnswers(pid)) process.kill(-pid, 'SIGKILL');
  });
  let said = '';
  child.stdout.on('data', (bytes) => {
    said += bytes;
  });
  await until('it is ready', () => said.includes('ready'));
  begin(store, { run: 'one', holder: { ...thisProcess(), pid, born: startTime(pid) ?? 0 } });
  requestCancel(store, 'one', 'ann');
  const run = openRunById(store, 'one');
  assert.ok(run);
  return { run, child, said: () => said };
}

suite('ending a run', () => {
  test('of a wrapper that ends without a word closes it, in the name of who asked', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    const { run } = await heldBy(t, store, 'sleeps-forever');
    await endRun(worldOf(store, new PushedClock()), run, 0);
    assert.deepEqual(
      [runById(store, 'one')?.state, runById(store, 'one')?.reason],
      ['cancelled', 'was cancelled by ann'],
    );
  });

  test('of a wrapper that is deaf ends that, once its time is over', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    const { run, child, said } = await heldBy(t, store, 'ignores-term');
    const gone = once(child, 'exit');
    const clock = new PushedClock();
    const ended = endRun(worldOf(store, clock), run, 5_000);
    await until('it was asked to end', () => said().includes('deaf'));
    assert.equal(runById(store, 'one')?.state, 'running');
    clock.push(60_000);
    await ended;
    assert.deepEqual((await gone)[1], 'SIGKILL');
    assert.equal(runById(store, 'one')?.state, 'cancelled');
  });

  test('that its wrapper has closed meanwhile leaves its word', async (t) => {
    const { store } = storeWith(t, jobOf('backup'));
    const { run } = await heldBy(t, store, 'sleeps-forever');
    closeRun(store, { run: 'one', state: 'succeeded', at: 5 });
    await endRun(worldOf(store, new PushedClock()), run, 0);
    assert.equal(runById(store, 'one')?.state, 'succeeded');
  });
});
