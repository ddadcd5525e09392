import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtProgram } from '../e2e/program.ts';
import { skipUnlessMounts } from '../store/spool-rig.ts';
import { type Ground, newGround } from './ground.ts';
import { expectRecorded, failing } from './trouble-rig.ts';
import { atTheStart } from './troubles.ts';

const launcher = builtProgram();

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

/** Two starts at once, and one more. */
async function startThrice({ asCron }: Ground) {
  const twins = [asCron(), asCron()];
  const ended = await Promise.all(twins.map((twin) => twin.ended));
  return [...ended, await asCron().ended];
}

function errorsOf(ended: readonly { readonly err: string }[]): string {
  return ended.map(({ err }) => err).join('\n');
}
