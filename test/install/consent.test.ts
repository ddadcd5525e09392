import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { Consent } from '../../src/install/consent.ts';
import { installedJobs } from '../../src/store/registry.ts';
import { jobOf } from '../store/rig.ts';
import { blockOf, type Ground, newGround } from './rig.ts';

/** Somebody who answers, and what was asked. */
function person(ground: Ground, ...answers: readonly (boolean | (() => boolean))[]) {
  const asked: string[] = [];
  const consent: Consent = {
    yes: false,
    preview: 'cronwright plan',
    ask: async (question) => {
      const answer = answers[asked.push(question) - 1] ?? false;
      return typeof answer === 'function' ? answer() : answer;
    },
    show: (plan) => void ground.shown.push(plan),
  };
  return { asked, also: { consent } };
}

suite('consent', () => {
  test('is not needed for what adds and changes', async (t) => {
    const ground = newGround(t);
    assert.equal((await ground.install([jobOf('a')])).kind, 'installed');
    const changed = [jobOf('a', { schedule: ['0 10 * * *'] }), jobOf('b')];
    assert.equal((await ground.install(changed)).kind, 'installed');
    const moved = [{ from: jobOf('b').id, to: jobOf('c').id }];
    assert.equal((await ground.install([jobOf('a'), jobOf('c')], { moved })).kind, 'installed');
  });

  test('is needed to remove jobs, and without anybody to ask nothing is changed', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a'), jobOf('b')]);
    const before = ground.read();
    await assert.rejects(ground.install([jobOf('a')]), {
      name: 'UserError',
      exit: 2,
      message: /^this would remove 1 job, .*nothing was changed$/,
      hint: /--yes/,
    });
    assert.deepEqual([ground.read(), ground.look((store) => installedJobs(store).length)], [before, 2]);
  });

  test('is needed to put back what somebody changed, and to take lines of others out for a job that is installed', async (t) => {
    const ground = newGround(t);
    const { asked, also } = person(ground);
    await ground.install([jobOf('a')]);
    ground.write(`0 1 * * * old\n${ground.read().replace('0 9', '0 8')}`);
    const replaces = [{ job: jobOf('a').id, table: '', lines: ['0 1 * * * old'] }];
    assert.equal((await ground.install([jobOf('a')], { replaces }, also)).kind, 'declined');
    assert.deepEqual(asked, [
      'This will put back 1 line that somebody changed in the table and take out 1 line of others. Go on?',
    ]);
    assert.deepEqual([ground.shown.length, ground.shown[0]?.replaced.length], [1, 1]);
    assert.match(ground.read(), /^0 1 \* \* \* old\n[\s\S]*^0 8 /m);
  });

  test('is not needed for what stays as it is, where the registry was lost and the table was not', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a'), jobOf('b')]);
    const before = ground.read();
    rmSync(ground.state, { recursive: true });
    assert.equal((await ground.install([jobOf('a'), jobOf('b')])).kind, 'installed');
    assert.equal(ground.read(), before);
    rmSync(ground.state, { recursive: true });
    await assert.rejects(ground.install([jobOf('a')]), /^UserError: this would put back 1 line that somebody changed/);
    assert.equal(ground.read(), before);
  });

  test('is given once for what is the same plan then', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a'), jobOf('b')]);
    // Somebody adds a line of his own while the question stands there.
    const { asked, also } = person(ground, () => {
      ground.write(`${ground.read()}# quick\n`);
      return true;
    });
    assert.equal((await ground.install([jobOf('a')], {}, also)).kind, 'installed');
    assert.equal(asked.length, 1);
    assert.equal(ground.read(), `# mine\n${blockOf(ground, 'a')}# quick\n`);
  });

  test('is asked for again where the plan is another by then', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a'), jobOf('b')]);
    const edit = () => {
      ground.write(ground.read().replace('0 9', '0 8'));
      return true;
    };
    const { asked, also } = person(ground, edit, false);
    assert.equal((await ground.install([jobOf('a')], {}, also)).kind, 'declined');
    assert.match(asked[1] ?? '', /^This will remove 1 job and put back 1 line that somebody changed/);
    assert.match(ground.read(), /shop\/b\n/);
  });

  test('to put back a block that is gone says so', async (t) => {
    const ground = newGround(t);
    const { asked, also } = person(ground);
    await ground.install([jobOf('a'), jobOf('b')]);
    ground.write('# mine\n');
    await ground.install([jobOf('a'), jobOf('b')], {}, also);
    assert.deepEqual(asked, ['This will put back the block that somebody took out of the table. Go on?']);
  });

  test('leaves the lock to others while somebody thinks', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a'), jobOf('b')]);
    let other: Promise<unknown> | undefined;
    const ask = async () => {
      other = ground.install([jobOf('a'), jobOf('b'), jobOf('c')]);
      await other;
      return false;
    };
    const { kind } = await ground.install(
      [jobOf('a')],
      {},
      { consent: { yes: false, ask, preview: 'cronwright plan', show: () => undefined } },
    );
    await other;
    assert.deepEqual([kind, ground.look((store) => installedJobs(store).length)], ['declined', 3]);
  });
});

suite('a table that changes while it is written', () => {
  test('is read again, and nothing of the change is lost', async (t) => {
    const ground = newGround(t);
    let times = 0;
    const check = () => {
      if (times++ === 0) ground.write('# mine\n# quick\n');
    };
    assert.equal((await ground.install([jobOf('a')], {}, { check })).kind, 'installed');
    assert.equal(ground.read(), `# mine\n# quick\n${blockOf(ground, 'a')}`);
  });

  test('each time is given up, and nothing is changed', async (t) => {
    const ground = newGround(t);
    let times = 0;
    const check = () => ground.write(`# mine ${times++}\n`);
    await assert.rejects(ground.install([jobOf('a')], {}, { check }), { message: /has changed since it was read/ });
    assert.deepEqual([times, ground.read(), ground.look((store) => installedJobs(store))], [3, '# mine 2\n', []]);
  });
});
