import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { InstallRequest } from '../../src/install/install.ts';
import { checkSaved, readPlan, savePlan } from '../../src/install/plan-file.ts';
import { jobOf } from '../store/rig.ts';
import { blockOf, type Ground, newGround, quiet } from './rig.ts';

/** A ground with one job and a saved plan for two, of which nothing is done yet. */
async function saved(t: TestContext): Promise<Ground & { readonly file: string }> {
  const ground = newGround(t);
  await ground.install([jobOf('a')]);
  const file = join(ground.path, 'plan');
  const saving = ground.install(
    [jobOf('a'), jobOf('b')],
    {},
    {
      check: (prepared) => {
        savePlan(file, prepared, { by: 'ann', at: quiet, state: ground.state });
        throw new Error('saved');
      },
    },
  );
  await assert.rejects(saving, { message: 'saved' });
  return { ...ground, file };
}

function carriedOut({ file, state }: Ground & { readonly file: string }): Partial<InstallRequest> {
  const plan = readPlan(file);
  return { check: (prepared) => checkSaved(plan, prepared, state) };
}

suite('a saved plan', () => {
  test('is carried out where nothing has changed', async (t) => {
    const ground = await saved(t);
    const { kind } = await ground.install([jobOf('a'), jobOf('b')], {}, carriedOut(ground));
    assert.deepEqual([kind, ground.read()], ['installed', `# mine\n${blockOf(ground, 'a', 'b')}`]);
  });

  test('says what it is, for its owner alone', async (t) => {
    const { file, target } = await saved(t);
    const plan = readPlan(file);
    assert.deepEqual([plan.project, plan.target, plan.file, plan.by], ['shop', target(), '/etc/shop.yaml', 'ann']);
    assert.deepEqual([plan.madeAt, plan.plan.add.map(({ job }) => job)], ['2026-11-24T08:00:10.000Z', ['shop/b']]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  test('takes the place of what lies there, also of a link', async (t) => {
    const ground = newGround(t);
    const [elsewhere, file] = [join(ground.path, 'elsewhere'), join(ground.path, 'plan')];
    writeFileSync(elsewhere, 'kept');
    symlinkSync(elsewhere, file);
    const { prepared } = await ground.install([jobOf('a')]);
    savePlan(file, prepared, { by: 'ann', at: quiet, state: ground.state });
    assert.deepEqual([readFileSync(elsewhere, 'utf8'), readPlan(file).project], ['kept', 'shop']);
  });

  const two = () => [jobOf('a'), jobOf('b')];
  const refusals: readonly (readonly [what: string, message: RegExp, change: (ground: Ground) => Promise<unknown>])[] =
    [
      [
        'the table',
        /: the table of target file:\S+ has changed since; nothing was changed$/,
        async (ground) => ground.write(`# quick\n${ground.read()}`),
      ],
      ['the registry', /revision 2 has been installed since/, (ground) => ground.install([jobOf('a', { timeout: 1 })])],
      [
        'all of it',
        /: revision 2 has been installed since; the table of target \S+ has changed since; nothing/,
        (ground) => ground.install([jobOf('a'), jobOf('c')]),
      ],
    ];
  for (const [what, message, change] of refusals) {
    test(`is refused where ${what} has changed since`, async (t) => {
      const ground = await saved(t);
      await change(ground);
      const before = ground.read();
      const installing = ground.install(two(), {}, carriedOut(ground));
      await assert.rejects(installing, { name: 'UserError', message, hint: /plan --out/ });
      assert.equal(ground.read(), before);
    });
  }

  test('is refused where the jobs are others, or cronwright lies elsewhere', async (t) => {
    const ground = await saved(t);
    const others = ground.install([jobOf('a'), jobOf('b', { timeout: 1 })], {}, carriedOut(ground));
    await assert.rejects(others, { message: /the jobs in \/etc\/shop\.yaml have changed since/ });
    const elsewhere = ground.install(two(), {}, { ...carriedOut(ground), launcher: '/opt/cronwright' });
    await assert.rejects(elsewhere, { message: /cronwright, or its state directory, lies elsewhere/ });
  });

  test('that somebody else wrote, or could write, is refused', async (t) => {
    const { file } = await saved(t);
    chmodSync(file, 0o620);
    assert.throws(() => readPlan(file), { name: 'UserError', message: /others may write to it \(mode 0620\)$/ });
    chmodSync(file, 0o644);
    assert.equal(readPlan(file).by, 'ann');
    if (userInfo().uid !== 0) return;
    chownSync(file, 65_534, 65_534);
    assert.throws(() => readPlan(file), { name: 'UserError', message: /it belongs to another account \(uid 65534\)$/ });
  });

  test('is not waited for where a pipe lies in its place', (t) => {
    const path = join(newGround(t).path, 'pipe');
    execFileSync('mkfifo', [path]);
    assert.throws(() => readPlan(path), { name: 'UserError', message: /holds no plan$/ });
  });

  test('that is none is refused', (t) => {
    const ground = newGround(t);
    const path = join(ground.path, 'plan');
    const refuses = (text: string, message: RegExp) => {
      writeFileSync(path, text);
      assert.throws(() => readPlan(path), { name: 'UserError', message });
    };
    assert.throws(() => readPlan(path), { name: 'UserError', message: /^there is no plan \S+$/ });
    for (const text of ['', '{', 'null', '{}', '[1]', '"x"']) refuses(text, /holds no plan$/);
    refuses('{"format":"cronwright plan","version":2}', /another version/);
  });
});
