import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { snapshots } from '../../src/store/snapshots.ts';
import { jobOf } from '../store/rig.ts';
import { blockOf, type Ground, newGround } from './rig.ts';

const yes = { consent: { yes: true, ask: undefined, preview: 'cronwright plan', show: () => undefined } };

function kept(ground: Ground): readonly (readonly [string, string])[] {
  return ground.look((store) => snapshots(store).map(({ reason, content }) => [reason, content.toString()] as const));
}

suite('a table that is written', () => {
  test('is kept as it was', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a')]);
    assert.deepEqual(kept(ground), [['sync of shop, revision 1', '# mine\n']]);
  });

  test('is kept as it was left too, where nothing of that is there any more', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a')]);
    const left = `# mine\n${blockOf(ground, 'a')}`;
    ground.write('0 1 * * * another\n');
    await ground.install([jobOf('a')], {}, yes);
    assert.deepEqual(kept(ground).slice(0, 2), [
      ['sync of shop, revision 1', '0 1 * * * another\n'],
      ['loss of all its lines', left],
    ]);
  });

  test('is kept once where some of its lines are there', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('a')]);
    ground.write('\n# mine\n');
    await ground.install([jobOf('a')], {}, yes);
    assert.deepEqual(
      kept(ground).map(([, content]) => content),
      ['\n# mine\n', '# mine\n'],
    );
  });
});
