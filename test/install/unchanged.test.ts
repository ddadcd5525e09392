import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { unchangedPlan } from '../../src/install/unchanged.ts';
import { readTimetable } from '../../src/schedule/timetable.ts';
import { noteWritten } from '../../src/store/written.ts';
import { launcher, newGround, quiet } from './rig.ts';

const job = '{schedule: "0 9 * * *", command: "true"}';

/** A project that was read from a file with an included folder, and is installed. */
async function installedGround(t: TestContext, jobs = `  sweep: ${job}\n`) {
  const ground = newGround(t);
  const file = join(ground.path, 'jobs.yaml');
  mkdirSync(join(ground.path, 'parts'));
  writeFileSync(join(ground.path, 'parts/a.yaml'), `jobs:\n  part: ${job}\n`);
  writeFileSync(file, `version: 1\nproject: shop\ninclude: parts/*.yaml\njobs:\n${jobs}`);
  const sync = async () => {
    const { project, sources } = readTimetable(file);
    assert.ok(project);
    return ground.install(project.jobs, project, { sources });
  };
  const asked = { target: undefined, state: ground.state, launcher, version: '1.0.0', clock: ground.clock, file };
  const { kind } = await sync();
  assert.equal(kind, 'installed');
  return { ...ground, file, sync, asked, known: () => unchangedPlan(asked) };
}

describe('a sync with nothing to do', () => {
  it('is known without reading the jobs, and is what reading them would say', async (t) => {
    const { known, sync } = await installedGround(t);
    const { prepared, kind } = await sync();
    assert.equal(kind, 'nothing');
    assert.deepEqual(await known(), { ...prepared.plan, unchanged: prepared.plan.unchanged.toSorted() });
  });

  const differences: Readonly<Record<string, (ground: Awaited<ReturnType<typeof installedGround>>) => void>> = {
    'the jobs file': ({ file }) => appendFileSync(file, '\n'),
    'the jobs file, which is gone': ({ file }) => renameSync(file, `${file}.old`),
    'an included file': ({ path }) => appendFileSync(join(path, 'parts/a.yaml'), '\n'),
    'what there is to include': ({ path }) => writeFileSync(join(path, 'parts/b.yaml'), 'jobs: {}\n'),
    'the folder of what is included, which is gone': ({ path }) => rmSync(join(path, 'parts'), { recursive: true }),
    'a line of ours in the table': ({ read, write }) => write(read().replace('0 9', '5 9')),
    'a line of others in the table': ({ read, write }) => write(`${read()}* * * * * true\n`),
    'the table, which is gone': ({ path }) => rmSync(join(path, 'table')),
    'the plain copy, which cannot be made': ({ state }) => {
      rmSync(`${state}.installed`, { recursive: true });
      writeFileSync(`${state}.installed`, '');
      writeFileSync(join(state, 'installed'), '');
    },
  };
  for (const [what, change] of Object.entries(differences)) {
    it(`is not known once another is ${what}`, async (t) => {
      const ground = await installedGround(t);
      change(ground);
      assert.equal(await ground.known(), undefined);
    });
  }

  it('is not known of another version, another launcher, another table and another year', async (t) => {
    const { asked, target, clock } = await installedGround(t);
    for (const other of [{ version: '1.0.1' }, { launcher: '/opt/cronwright' }, { target: target('other') }]) {
      assert.equal(await unchangedPlan({ ...asked, ...other }), undefined);
    }
    clock.move(366 * 86_400_000);
    assert.equal(await unchangedPlan(asked), undefined);
  });

  it('is not known of a table that was restored, nor after a revision from elsewhere', async (t) => {
    const ground = await installedGround(t);
    const before = ground.read();
    ground.write('# mine\n');
    ground.look((store) => noteWritten(store, ground.target(), Buffer.from('# mine\n'), quiet));
    assert.equal(await ground.known(), undefined);
    ground.write(before);
    assert.ok(await ground.known());
    const { project } = readTimetable(ground.file);
    const consent = { yes: true, ask: undefined, preview: 'cronwright plan', show: () => undefined };
    await ground.install(project?.jobs.slice(0, 1) ?? [], {}, { consent });
    assert.equal(await ground.known(), undefined);
  });

  it('is not known where lines are to be taken out of other tables, which may have them again', async (t) => {
    const other = '{schedule: "0 9 * * *", command: "true", replaces: {table: TABLE, line: "0 9 * * * true"}}';
    const ground = newGround(t);
    const file = join(ground.path, 'jobs.yaml');
    ground.write('0 9 * * * true\n', 'other');
    writeFileSync(
      file,
      `version: 1\nproject: shop\njobs:\n  a: ${other.replace('TABLE', join(ground.path, 'other'))}\n`,
    );
    const { project, sources } = readTimetable(file);
    assert.ok(project);
    await ground.install(project.jobs, project, { sources });
    assert.equal(ground.read('other'), '');
    const asked = { target: undefined, state: ground.state, launcher, version: '1.0.0', clock: ground.clock, file };
    assert.equal(await unchangedPlan(asked), undefined);
  });
});
