import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { installedJobs, latestRevision } from '../../src/store/registry.ts';
import { snapshots } from '../../src/store/snapshots.ts';
import { lastWritten } from '../../src/store/written.ts';
import { jobOf, morning } from '../store/rig.ts';
import { blockOf, newGround, quiet } from './rig.ts';

const yes = { consent: { yes: true, ask: undefined, preview: 'cronwright plan', show: () => undefined } };
const replaces = (table: string, ...lines: readonly string[]) => [{ job: jobOf('backup').id, table, lines }];

suite('a project that is installed elsewhere', () => {
  test('goes where it is without being told so again', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    const { kind, prepared } = await ground.install([jobOf('backup')], {}, { target: undefined });
    assert.deepEqual([kind, prepared.place.target], ['nothing', ground.target()]);
  });

  test('leaves the old table, with its tick', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    ground.write('# theirs\n', 'other');
    const { prepared } = await ground.install([jobOf('backup')], {}, { target: ground.target('other') });
    assert.deepEqual([prepared.plan.leaves, prepared.plan.settings], [[ground.target()], ['target']]);
    assert.deepEqual([ground.read(), ground.read('other')], ['# mine\n', `# theirs\n${blockOf(ground, 'backup')}`]);
  });

  test('keeps each table as it was, and what it was left as', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    const before = ground.read();
    ground.write('', 'other');
    await ground.install([jobOf('backup')], {}, { target: ground.target('other') });
    const [kept, left] = ground.look((store) => [
      snapshots(store, ground.target()).map(({ content, revision, reason }) => [content.toString(), revision, reason]),
      lastWritten(store, ground.target())?.content.toString(),
    ]);
    assert.deepEqual(kept[0], [before, 2, 'sync of shop, revision 2']);
    assert.equal(left, '# mine\n');
  });

  test('is withdrawn, and the new table put back, where the old one cannot be written', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    const before = ground.read();
    ground.write('# theirs\n', 'other');
    let times = 0;
    // Whoever writes here meanwhile is found out by the write, not before.
    const check = () => ground.write(before.replace('# mine', `# mine ${times++}`));
    const moving = ground.install([jobOf('backup')], {}, { target: ground.target('other'), check, ...yes });
    await assert.rejects(moving, { name: 'UserError', message: /has changed since it was read/ });
    assert.deepEqual([ground.read('other'), ground.read()], ['# theirs\n', before.replace('# mine', '# mine 2')]);
    assert.equal(
      ground.look((store) => latestRevision(store, 'shop')?.settings.target),
      ground.target(),
    );
  });
});

suite('jobs that take the place of lines', () => {
  test('take them out of the same table in the same write', async (t) => {
    const ground = newGround(t);
    ground.write('A=1\n# nightly\n0 9 * * * backup\n0 4 * * * mine\n');
    const { prepared } = await ground.install([jobOf('backup')], {
      replaces: replaces('', '# nightly', '0 9 * * * backup'),
    });
    assert.equal(prepared.changes.length, 1);
    assert.equal(ground.read(), `A=1\n0 4 * * * mine\n${blockOf(ground, 'backup')}`);
    assert.equal(
      (await ground.install([jobOf('backup')], { replaces: replaces('', '0 9 * * * backup') })).kind,
      'nothing',
    );
  });

  test('take them out of another one, however its path is written, and both are written in one minute', async (t) => {
    const ground = newGround(t);
    ground.write('0 9 * * * backup\n', 'old');
    ground.clock.move(45_000);
    const installing = ground.install([jobOf('backup')], {
      replaces: replaces(join(ground.path, 'old'), '0 9 * * * backup'),
    });
    await ground.clock.untilAsleep();
    assert.deepEqual([ground.read(), ground.read('old')], ['# mine\n', '0 9 * * * backup\n']);
    ground.clock.move(8_000);
    await installing;
    assert.deepEqual([ground.read(), ground.read('old')], [`# mine\n${blockOf(ground, 'backup')}`, '']);
    const [first] = ground.look((store) => snapshots(store));
    assert.equal(first?.takenAt, quiet + 53_000);
  });

  test('leave everything as it was where the other table cannot be written', async (t) => {
    const ground = newGround(t);
    const old = join(ground.path, 'folder/old');
    mkdirSync(join(ground.path, 'folder'));
    ground.write('0 9 * * * backup\n', 'folder/old');
    const check = () => {
      // Not even root writes a directory.
      renameSync(old, `${old}.kept`);
      mkdirSync(old);
    };
    const installing = ground.install([jobOf('backup')], { replaces: replaces(old, '0 9 * * * backup') }, { check });
    await assert.rejects(installing);
    assert.deepEqual([ground.read(), ground.look((store) => installedJobs(store))], ['# mine\n', []]);
  });
});

test('nothing waits for a quiet moment where one table alone changes', async (t) => {
  const ground = newGround(t);
  ground.clock.move(49_000);
  assert.equal(ground.clock.now(), morning + 59_000);
  assert.equal((await ground.install([jobOf('backup')])).kind, 'installed');
});
