import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { PlanView } from '../../src/terminal/plan-view.ts';
import type { DriftView, SnapshotView } from '../../src/terminal/table-views.ts';
import type { FindingView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { canMakeSystem, makeSystem, type System, systemWith, type WorldCron } from './other-crons.ts';

/** What a cron is like, as far as the life of a table shows it. */
export interface Life {
  readonly cron: WorldCron;
  /** As doctor names it. */
  readonly title: string;
  /** A table with all that is hard to keep and that this cron takes; it ends with {@link moon}. */
  readonly foreign: Buffer;
  /** Absent where nothing bounds a table. */
  readonly full?: Full;
  /** Whether it takes a table whose last line does not end. */
  readonly takesOpenEnd?: boolean;
}

/** A table that has no room for more. */
export interface Full {
  readonly table: string;
  /** Whose it is, where that is not root. */
  readonly user?: 'alice';
  /** What is said where more is to be put there. */
  readonly said: RegExp;
}

/** An entry that can be adopted, with the comment that describes it. */
export const moon = '# takes the moon away\n17 4 * * *  /usr/local/bin/moon --all\n';

/** Comments at the top, lines of the environment, tabs, twice the blanks, a line of blanks. */
const plainly = `# kept by hand
# and with care\t
# since long
MAILTO=""
PATH = /usr/bin:/bin
\t
*/5 *\t*  * *  true   # twice  the blanks
\t0 3 * * 1 date +\\%F
  # BEGIN of something else
`;

/** A table that a cron takes whose tables are bytes. */
export const bytes = Buffer.from(`${plainly}# caf\xe9\n0 5 * * * true\r\n\n${moon}`, 'latin1');

/** The same for a cron whose tables are text. */
export const utf8 = Buffer.from(`${plainly}# café\n\n${moon}`);

export const jobsFile = '/etc/cronwright/jobs.yaml';
const backup = '  backup: { schedule: "30 2 * * *", command: "true" }\n';
const later = '  backup: { schedule: "40 2 * * *", command: "true" }\n';
const clean = '  clean: { schedule: "50 2 * * 0", command: "true" }\n';

/** Writes root's jobs file. */
export function jobs(system: System, text: string, project = 'shop'): string {
  return system.write(jobsFile, `version: 1\nproject: ${project}\n${text === '' ? 'jobs: {}\n' : `jobs:\n${text}`}`);
}

/** A table without the blocks of cronwright. */
export function foreignOf(table: Buffer | undefined): string {
  const text = table?.toString('latin1') ?? '';
  return text.replace(/^# BEGIN cronwright.*\n(?:.*\n)*?# END cronwright.*\n/gm, '');
}

/** Whether what is not cronwright's is what it was, to the byte. */
export function keeps(system: System, foreign: Buffer | string, user?: string): void {
  assert.equal(foreignOf(system.stored(user)), foreign.toString('latin1'));
}

/** Registers the tests of a table's life under one cron. */
export function tableLife(launcher: string, { cron, title, foreign, full, takesOpenEnd = false }: Life): void {
  const make: Make = (t) => makeSystem(t, launcher, cron);
  const skip = skipWithout(canMakeSystem(cron), systemWith(cron));
  describe(`a table of ${title}`, { concurrency: 3, skip }, () => {
    it('is installed into, changed, mended and left, and what is foreign stays as it is', async (t) => {
      const system = await make(t);
      await system.place(foreign);
      const before = system.stored() as Buffer;
      await installs(system, before);
      await changes(system, before);
      await mends(system, before);
      await leaves(system, before);
    });

    it('gives an entry away that was adopted, and nothing else', async (t) => {
      const system = await make(t);
      await system.place(foreign);
      const before = system.stored() as Buffer;
      jobs(system, backup);
      await system.ends(0, ['sync']);
      await system.ends(0, ['adopt', '--write', 'moon']);
      keeps(system, before);
      const plan = await system.json<PlanView>(['plan']);
      assert.deepEqual([plan.add.map(({ job }) => job), plan.replaced.length], [['shop/moon'], 2]);
      await system.ends(0, ['sync']);
      keeps(system, before.toString('latin1').replace(moon, ''));
      assert.match(String(system.stored()), /^17 4 .* run --scheduled shop\/moon$/m);
      await system.ends(0, ['plan', '--check']);
    });

    it('comes back from a snapshot, and its jobs from a revision', async (t) => {
      const system = await make(t);
      await system.place(foreign);
      const before = system.stored() as Buffer;
      await goesBack(system, before);
    });

    it('is not made where there was none once the last job goes', async (t) => {
      const system = await make(t);
      jobs(system, backup);
      await system.ends(0, ['sync']);
      assert.match(String(system.stored()), /run --scheduled shop\/backup/);
      jobs(system, '');
      await system.ends(0, ['sync', '--yes']);
      assert.equal(system.stored(), undefined);
      assert.match(await system.ends(0, ['sync']), /nothing to do/);
    });

    it('may be that of another account, which then owns all that is remembered', async (t) => {
      const system = await make(t);
      await system.place(foreign, 'alice');
      const before = system.stored('alice') as Buffer;
      jobs(system, backup);
      await system.ends(0, ['sync', '--target', 'user:alice']);
      keeps(system, before, 'alice');
      assert.match(String(system.stored('alice')), /^30 2 \* \* \* \S+ run --scheduled shop\/backup$/m);
      assert.equal(system.stored(), undefined);
      // Root's own registry has no job of it, and knows whose table it was.
      assert.deepEqual(await system.json<readonly unknown[]>(['list']), []);
      assert.match(await system.ends(0, ['plan']), /nothing to do/);
      assert.match(await system.ends(0, ['sync']), /nothing to do/);
      assert.equal(system.stored(), undefined);
      const found = await system.run(['find', '/home/alice', '!', '-user', 'alice']);
      assert.deepEqual(found, { status: 0, out: '', err: '' });
      jobs(system, '');
      await system.ends(0, ['sync', '--yes', '--target', 'user:alice']);
      assert.deepEqual(system.stored('alice'), before);
    });

    if (full !== undefined) refusesMore(make, full);
    if (takesOpenEnd) refusesHalf(make);

    it('is judged by the rules of that cron, which doctor knows', async (t) => {
      const system = await make(t);
      jobs(system, backup);
      await system.ends(0, ['sync']);
      const findings = await system.json<readonly FindingView[]>(['doctor']);
      const said = findings.map(({ check, message }) => `${check}: ${message}`);
      assert.ok(said.includes(`crontab: the crontab program answers, that of ${title}`), said.join('\n'));
      const bad = findings.filter(({ check, state }) => state === 'problem' && check !== 'daemon');
      assert.deepEqual(bad, []);
    });
  });
}

type Make = (t: TestContext) => Promise<System>;

function refusesMore(make: Make, { table, user, said }: Full): void {
  it('is refused before anything is written where it would be more than that cron takes', async (t) => {
    const system = await make(t);
    await system.place(table, user);
    jobs(system, backup);
    const target = user === undefined ? 'user' : `user:${user}`;
    for (const verb of ['plan', 'sync']) assert.match(await system.ends(2, [verb, '--target', target]), said);
    await unchanged(system, table, user);
  });
}

function refusesHalf(make: Make): void {
  it('is refused where it stops within a line, as half of one would', async (t) => {
    const system = await make(t);
    const open = `${plainly}${moon.trimEnd()}`;
    await system.place(open);
    jobs(system, backup);
    assert.match(await system.ends(2, ['sync']), /stops within a line, so there may be more; nothing was written/);
    await unchanged(system, open);
  });
}

async function unchanged(system: System, table: string, user?: 'alice'): Promise<void> {
  assert.equal(system.stored(user)?.toString('latin1'), table);
  assert.deepEqual(await system.json(['list'], user && { as: user }), []);
}

async function installs(system: System, before: Buffer): Promise<void> {
  jobs(system, backup);
  const plan = await system.json<PlanView>(['plan']);
  assert.deepEqual([plan.add.map(({ job }) => job), plan.unmanaged], [['shop/backup'], entriesOf(before)]);
  assert.deepEqual(system.stored(), before, 'a plan writes nothing');
  await system.ends(0, ['sync']);
  keeps(system, before);
  assert.match(String(system.stored()), /^30 2 \* \* \* \S+ run --scheduled shop\/backup$/m);
}

function entriesOf(table: Buffer): number {
  return (table.toString('latin1').match(/^[\t ]*[\d*].*/gm) ?? []).length;
}

async function changes(system: System, before: Buffer): Promise<void> {
  jobs(system, later + clean);
  await system.ends(0, ['sync']);
  keeps(system, before);
  assert.match(String(system.stored()), /^40 2 \* \* \* .* shop\/backup\n(?:.*\n)*50 2 \* \* 0 .* shop\/clean\n/m);
  const stored = system.stored();
  assert.match(await system.ends(0, ['sync']), /nothing to do/);
  assert.deepEqual(system.stored(), stored);
}

async function mends(system: System, before: Buffer): Promise<void> {
  const stored = system.stored() as Buffer;
  const edited = Buffer.from(stored.toString('latin1').replace(/^40 2/m, '# 40 2'), 'latin1');
  await system.place(edited);
  const [drift] = await system.json<readonly DriftView[]>(['drift']);
  assert.deepEqual(
    drift?.drift.map(({ kind }) => kind),
    ['commented-out'],
  );
  await system.ends(2, ['sync']);
  assert.deepEqual(system.stored(), edited, 'nothing is overwritten unasked');
  await system.ends(0, ['sync', '--yes']);
  assert.deepEqual(system.stored(), stored);
  keeps(system, before);
}

async function leaves(system: System, before: Buffer): Promise<void> {
  jobs(system, later);
  await system.ends(2, ['sync']);
  await system.ends(0, ['sync', '--yes']);
  keeps(system, before);
  jobs(system, '');
  await system.ends(0, ['sync', '--yes']);
  assert.deepEqual(system.stored(), before);
}

async function goesBack(system: System, before: Buffer): Promise<void> {
  jobs(system, backup);
  await system.ends(0, ['sync']);
  const first = system.stored();
  jobs(system, later + clean);
  await system.ends(0, ['sync']);
  const second = system.stored();
  const [newest, oldest] = await system.json<readonly SnapshotView[]>(['snapshots']);
  const bytesOf = async (id: unknown) =>
    (await system.run(['sh', '-c', `${system.launcher} snapshots ${id} | od -An -v -tx1`])).out;
  assert.equal(hex(await bytesOf(oldest?.id)), before.toString('hex'));
  assert.equal(hex(await bytesOf(newest?.id)), first?.toString('hex'));
  await system.ends(1, ['restore', String(oldest?.id), '--check']);
  await system.ends(2, ['restore', String(oldest?.id)]);
  assert.deepEqual(system.stored(), second);
  await system.ends(0, ['restore', String(oldest?.id), '--yes']);
  assert.deepEqual(system.stored(), before);
  await system.ends(0, ['rollback', '--yes']);
  assert.deepEqual(system.stored(), first);
  await system.ends(0, ['sync']);
  assert.deepEqual(system.stored(), second);
  await system.ends(0, ['restore', String(newest?.id), '--yes']);
  assert.deepEqual(system.stored(), first);
}

function hex(dump: string): string {
  return dump.replace(/\s/g, '');
}
