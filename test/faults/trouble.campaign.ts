import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtProgram, until } from '../e2e/program.ts';
import { skipUnlessMounts } from '../store/spool-rig.ts';
import { newGround } from './ground.ts';
import { expectRecorded, failing } from './trouble-rig.ts';
import { meanwhile } from './troubles.ts';

const launcher = builtProgram();

describe('a run that meets while its task goes on', { concurrency: 2, skip: skipUnlessMounts }, () => {
  for (const trouble of meanwhile) {
    it(`${trouble.name} ends as its task does, is told of, and is recorded later`, async (t) => {
      const ground = await newGround(t, launcher);
      await trouble.prepare?.(ground);
      const gate = `${ground.notes}.gate`;
      await ground.installJob(failing(ground, `mkfifo '${gate}'; read word <'${gate}';`));
      const first = ground.asCron();
      await until('the task has begun', () => ground.noted().length === 1);
      const over = await trouble.begin(ground, t);
      await ground.mounts.change(`echo go >'${gate}'`);
      const { status, err } = await first.ended;
      assert.equal(status, 3, err);
      for (const again of [ground.asCron(), ground.asCron()]) assert.equal((await again.ended).status, 0);
      await over();
      await expectRecorded(ground);
    });
  }
});
