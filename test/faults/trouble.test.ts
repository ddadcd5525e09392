import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtProgram } from '../e2e/program.ts';
import { skipUnlessMounts } from '../store/spool-rig.ts';
import { writeFile } from '../temporary.ts';
import { type Ground, newGround } from './ground.ts';
import { expectOneFailure, expectRecorded, failing } from './trouble-rig.ts';
import { atTheStart, fill, fullDisk } from './troubles.ts';

const launcher = builtProgram();
const minute = 60_000;

describe('a job that meets at its start', { concurrency: 3, skip: skipUnlessMounts }, () => {
  for (const trouble of atTheStart) {
    it(`${trouble.name} runs once for its slot, is told of, and is recorded later`, async (t) => {
      const ground = await newGround(t, launcher);
      await trouble.prepare?.(ground);
      await ground.installJob(failing(ground));
      const over = await trouble.begin(ground, t);
      const ended = await startThrice(ground);
      assert.deepEqual(ended.map(({ status }) => status).sort(), [0, 0, 3], errorsOf(ended));
      await over();
      await expectRecorded(ground);
    });
  }
});

describe('a job', { concurrency: 2, skip: skipUnlessMounts }, () => {
  it('is tried again where no temporary file can be made', async (t) => {
    const ground = await newGround(t, launcher);
    const retry = { attempts: 2, delay: '10ms', backoff: 'fixed' };
    await ground.installJob({ ...failing(ground), retry });
    const places = [`${ground.path}/tmp`, '/dev/shm'];
    for (const place of places) {
      await ground.mounts.change(`mkdir -p '${place}' && mount -t tmpfs -o size=4k,nr_inodes=1 full '${place}'`);
    }
    const { status, err } = await ground.asCron({ TMPDIR: `${ground.path}/tmp` }).ended;
    assert.deepEqual({ status, err }, { status: 3, err: '' });
    const [run = '', again] = ground.noted();
    assert.equal(again, run, 'two attempts');
    await expectOneFailure(ground, run);
  });

  it('runs once for its slot and is told of where no place at all has room for its record', async (t) => {
    const ground = await newGround(t, launcher);
    await fullDisk.prepare?.(ground);
    await ground.installJob(failing(ground));
    const over = await fullDisk.begin(ground, t);
    writeFile(ground.path, 'state.spool', 'no directory');
    for (const place of ['/var/tmp', '/dev/shm']) {
      await ground.mounts.change(`mount -t tmpfs -o size=4k full '${place}'; ${fill(place)}`);
    }
    const ended = await startThrice(ground);
    assert.deepEqual(ended.map(({ status }) => status).sort(), [0, 0, 3], errorsOf(ended));
    assert.match(errorsOf(ended), /is recorded nowhere: it exited with status 3/);
    const [run = '', ...more] = ground.noted();
    assert.deepEqual(more, []);
    assert.ok(ground.messageIds().some((id) => id.startsWith(`${run}.failed`)));
    await over();
    await ground.tick(15 * minute);
    const known = (await ground.runs()).map(({ state, slot }) => ({ state, slot: slot === null }));
    assert.deepEqual(known, [{ state: 'interrupted', slot: false }]);
  });
});

/** Two starts at once, and one more. */
async function startThrice({ asCron }: Ground) {
  const twins = [asCron(), asCron()];
  const ended = await Promise.all(twins.map((twin) => twin.ended));
  return [...ended, await asCron().ended];
}

function errorsOf(ended: readonly { readonly err: string }[]): string {
  return ended.map(({ err }) => err).join('\n');
}
