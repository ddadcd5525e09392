import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { PlanView } from '../../src/terminal/plan-view.ts';
import type { RestoreView, RevisionView, SnapshotView } from '../../src/terminal/table-views.ts';
import type { JobRowView, RunView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { type CronWorld, canMakeCronWorld, makeCronWorld } from './cron-world.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy, start, until } from './program.ts';

const launcher = builtProgram();
const noTerminal = skipWithout(existsSync('/usr/bin/script'), 'script');
const noCron = skipWithout(canMakeCronWorld(), 'Debian’s cron, util-linux, openssl and root');

/** Lines of others, one of them no UTF-8. */
const foreign = Buffer.from('MAILTO=ops\n# caf\xe9\n5 4 * * * /usr/bin/mine %\n', 'latin1');

const backup = '  backup: { schedule: daily at 02:30, command: "true" }\n';
const clean = '  clean: { schedule: hourly, command: "true" }\n';

function tableOf(place: Place): string {
  return readFileSync(place.table, 'latin1');
}

/** A place whose table has lines of others, and where two jobs were installed, of which one was removed then. */
async function twiceInstalled(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  writeFileSync(place.table, foreign);
  await place.install(`jobs:\n${backup}${clean}`);
  place.jobs(`jobs:\n${backup}`);
  await ends(place, 0, 'sync', '--yes');
  return place;
}

/** Runs cronwright, sees that it ends with this status, and returns all that it said. */
async function ends(place: Place, status: number, ...words: readonly string[]): Promise<string> {
  const ended = await place.cronwright(words);
  assert.equal(ended.status, status, `${words.join(' ')}: ${ended.out}${ended.err}`);
  return ended.out + ended.err;
}

async function jobs(place: Place): Promise<readonly string[]> {
  return (await place.json<readonly JobRowView[]>(['list'])).map(({ job }) => job);
}

/** The same words at a terminal, where each question gets the same answer. */
async function atTerminal(t: TestContext, place: Place, words: readonly string[], answer: string) {
  const line = `stty -echo cols 80; ${launcher} --file ${place.path}/jobs.yaml --state ${place.state} ${words.join(' ')}`;
  const shown = start(['script', '-qec', line, '/dev/null'], { cwd: place.path, stdin: 'pipe' });
  t.after(() => shown.process.kill('SIGKILL'));
  await until('it asks', () => shown.out().includes('[y/N]') || shown.process.exitCode !== null);
  shown.process.stdin?.write(`${answer}\n`);
  const { status, out } = await shown.ended;
  return { status, out: stripVTControlCharacters(out).replaceAll('\r', '') };
}

describe('snapshots', { concurrency: true }, () => {
  it('are listed with who, when and why, and printed byte for byte', async (t) => {
    const place = await twiceInstalled(t);
    const rows = await place.json<readonly SnapshotView[]>(['snapshots']);
    assert.deepEqual(
      rows.map(({ id, target, reason, revision, bytes }) => [id, target, reason, revision, bytes > foreign.length]),
      [
        [2, `file:${place.table}`, 'sync of shop, revision 2', 2, true],
        [1, `file:${place.table}`, 'sync of shop, revision 1', 1, false],
      ],
    );
    assert.equal(rows[1]?.lines, 3);
    const printed = start([launcher, '--state', place.state, 'snapshots', '1']);
    const chunks: Buffer[] = [];
    printed.process.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    await printed.ended;
    assert.ok(Buffer.concat(chunks).equals(foreign));
    const out = await ends(place, 0, 'snapshots');
    assert.match(
      out,
      /^snapshots of target file:.*\nID +TAKEN +BY +LINES +SIZE +BEFORE\n2 .*sync of shop, revision 2\n1 /,
    );
  });

  it('are none before the first write, and only those of the table that is asked for', async (t) => {
    const place = newPlace(t, launcher);
    assert.equal(await ends(place, 0, 'snapshots'), 'no snapshots are kept\n');
    assert.deepEqual(await place.json(['snapshots']), []);
    const installed = await twiceInstalled(t);
    assert.deepEqual(await installed.json(['snapshots', '--target', 'user']), []);
    assert.equal(
      (await installed.json<readonly unknown[]>(['snapshots', '--target', `file:${installed.table}`])).length,
      2,
    );
    assert.match(await ends(installed, 2, 'snapshots', '7'), /there is no snapshot 7\n.*the nearest is 2/);
  });
});

describe('restore', { concurrency: true }, () => {
  it('needs consent, shows the difference, and puts the table back byte for byte', async (t) => {
    const place = await twiceInstalled(t);
    const before = tableOf(place);
    assert.match(await ends(place, 2, 'restore', '1'), /which needs --yes; nothing was changed\n.*--check/);
    const difference = await ends(place, 1, 'restore', '1', '--check');
    assert.match(difference, /^--- target file:.* now\n\+\+\+ snapshot 1 of .*\n@@ -1,9 \+1,3 @@\n MAILTO=ops\n/);
    assert.match(difference, /\n-# BEGIN cronwright shop\n-30 2 \* \* \* /);
    assert.equal(tableOf(place), before);
    assert.match(
      await ends(place, 0, 'restore', '1', '--yes'),
      /! shop: revision 2 is installed, and its lines are not in the table now/,
    );
    assert.ok(readFileSync(place.table).equals(foreign));
    assert.match(await ends(place, 0, 'restore', '1'), /^the table of target file:.* is as snapshot 1 has it\n$/);
    await ends(place, 0, 'restore', '3', '--yes');
    assert.equal(tableOf(place), before);
  });

  it('names the revision that goes with the table, and a rollback to it brings both together', async (t) => {
    const place = await twiceInstalled(t);
    const view = await place.json<RestoreView>(['restore', '2', '--yes']);
    const here = { target: `file:${place.table}`, elsewhere: false };
    assert.deepEqual(view.projects, [{ project: 'shop', installed: 2, ...here, fits: false, revision: 1 }]);
    assert.deepEqual([view.applied, view.added, view.removed], [true, 1, 0]);
    const restored = tableOf(place);
    const plan = await place.json<PlanView>(['rollback', '1', '--yes']);
    assert.deepEqual([plan.revision, plan.add.map(({ job }) => job)], [3, ['shop/clean']]);
    assert.equal(tableOf(place), restored);
    assert.equal((await place.cronwright(['restore', '2', '--check'])).status, 0);
  });

  it('asks at a terminal, and a no changes nothing', { skip: noTerminal }, async (t) => {
    const place = await twiceInstalled(t);
    const before = tableOf(place);
    const no = await atTerminal(t, place, ['restore', '1'], 'n');
    assert.equal(no.status, 1);
    assert.match(no.out, /\n-# BEGIN cronwright shop\n[\s\S]*Go on\? \[y\/N\] [\s\S]*nothing was changed\n/);
    assert.equal(tableOf(place), before);
    assert.equal((await place.json<readonly unknown[]>(['snapshots'])).length, 2);
    assert.equal((await atTerminal(t, place, ['restore', '1'], 'y')).status, 0);
    assert.ok(readFileSync(place.table).equals(foreign));
  });

  it('asks again where the table is edited while the question stands', { skip: noTerminal }, async (t) => {
    const place = await twiceInstalled(t);
    const line = `stty -echo cols 80; ${launcher} --state ${place.state} restore 1`;
    const shown = start(['script', '-qec', line, '/dev/null'], { cwd: place.path, stdin: 'pipe' });
    t.after(() => shown.process.kill('SIGKILL'));
    const asked = (times: number) => () => shown.out().split('[y/N]').length > times;
    await until('it asks', asked(1));
    appendFileSync(place.table, '1 1 * * * new\n');
    shown.process.stdin?.write('y\n');
    await until('it asks again', asked(2));
    assert.match(shown.out(), /-1 1 \* \* \* new/);
    shown.process.stdin?.write('n\n');
    assert.equal((await shown.ended).status, 1);
    assert.match(tableOf(place), /1 1 \* \* \* new\n$/);
  });
});

describe('rollback', { concurrency: true }, () => {
  it('installs the jobs before, and a second one takes the first back', async (t) => {
    const place = await twiceInstalled(t);
    const now = tableOf(place);
    const looked = await place.json<PlanView>(['rollback', '--check']);
    assert.deepEqual([looked.add.map(({ job }) => job), looked.remove], [['shop/clean'], []]);
    assert.equal(tableOf(place), now);
    const said = await ends(place, 0, 'rollback');
    assert.match(
      said,
      /rollback to revision 1 is done: its jobs are installed as revision 3\n.*jobs\.yaml was not changed/,
    );
    assert.deepEqual(await jobs(place), ['shop/backup', 'shop/clean']);
    assert.match(tableOf(place), /run --scheduled shop\/clean\n/);
    assert.match(await ends(place, 2, 'rollback'), /this would remove 1 job.*\n.*--yes/);
    await ends(place, 0, 'rollback', '--yes');
    assert.equal(tableOf(place), now);
    const [snapshot] = await place.json<readonly SnapshotView[]>(['snapshots']);
    assert.deepEqual([snapshot?.reason, snapshot?.revision], ['rollback to revision 2 of shop, revision 4', 4]);
  });

  it('past an adoption says which lines do not come back, and restore brings them', async (t) => {
    const place = newPlace(t, launcher);
    const own = '# nightly\n5 4 * * * /usr/bin/mine\n';
    writeFileSync(place.table, own);
    await place.install(`jobs:\n${backup}`);
    await ends(place, 0, 'adopt', '--write');
    await ends(place, 0, 'sync', '--yes');
    assert.doesNotMatch(tableOf(place), /bin.mine/);
    const { remove, staysOut } = await place.json<PlanView>(['rollback', '--check']);
    assert.deepEqual(
      remove.map(({ job }) => job),
      ['shop/mine'],
    );
    const [{ snapshot } = { snapshot: null }] = staysOut;
    const lines = ['# nightly', '5 4 * * * /usr/bin/mine'];
    assert.deepEqual(
      staysOut,
      lines.map((text) => ({ job: 'shop/mine', target: `file:${place.table}`, text, snapshot })),
    );
    assert.match(await ends(place, 0, 'rollback', '--yes'), /do not come\s+back by\s+themselves/);
    await ends(place, 0, 'restore', String(snapshot), '--yes');
    assert.ok(tableOf(place).startsWith(own));
    assert.match(await ends(place, 0, 'drift'), /as installed/);
    await ends(place, 0, 'sync', '--yes');
    await ends(place, 0, 'restore', String(snapshot), '--yes');
    assert.deepEqual((await place.json<PlanView>(['rollback', '--check'])).staysOut, []);
    await ends(place, 0, 'sync', '--yes');
    await ends(place, 0, 'rollback', '1', '--yes');
    await ends(place, 0, 'sync', '--yes');
    const again = await place.json<PlanView>(['rollback', '--check', '1']);
    assert.deepEqual(
      again.staysOut.map(({ text }) => text),
      lines,
    );
  });

  it('lists the revisions, each with its difference from the one before', async (t) => {
    const place = await twiceInstalled(t);
    const rows = await place.json<readonly RevisionView[]>(['rollback', '--list']);
    assert.deepEqual(
      rows.map(({ revision, current, jobs, added, changed, removed }) => [
        revision,
        current,
        jobs,
        added,
        changed,
        removed,
      ]),
      [
        [2, true, 1, 0, 0, 1],
        [1, false, 2, 2, 0, 0],
      ],
    );
    const out = await ends(place, 0, 'rollback', '--list');
    assert.match(
      out,
      /^revisions of shop\nREVISION +INSTALLED +BY +JOBS +CHANGES\n2 \(now\) .* 1 +1 removed\n1 .* 2 +2 added\n$/,
    );
  });

  it('keeps the runs of a job, and the next sync brings the file’s jobs back', async (t) => {
    const place = await twiceInstalled(t);
    await ends(place, 0, 'run', 'backup');
    await ends(place, 0, 'rollback', '1');
    await ends(place, 0, 'run', 'backup');
    assert.equal((await place.json<readonly RunView[]>(['history', 'backup'])).length, 2);
    await ends(place, 0, 'sync', '--yes');
    assert.deepEqual(await jobs(place), ['shop/backup']);
  });

  it('has nothing to do where that revision is installed, and says what is not there', async (t) => {
    const place = await twiceInstalled(t);
    assert.match(await ends(place, 0, 'rollback', '2'), /nothing to do/);
    assert.match(await ends(place, 0, 'rollback', '2', '--check'), /nothing to do/);
    assert.match(await ends(place, 2, 'rollback', '9'), /there is no revision 9\n.*rollback --list/);
    assert.match(await ends(newPlace(t, launcher), 2, 'rollback'), /no jobs are installed/);
  });

  it('goes back into the table of that revision', async (t) => {
    const place = newPlace(t, launcher);
    writeFileSync(place.table, foreign);
    await place.install(`jobs:\n${backup}`);
    const [first, other] = [tableOf(place), join(place.path, 'other')];
    writeFileSync(other, '# other\n');
    // Two tables are written at once only in the middle of a minute.
    const also = clockMovedBy(70_000 - (Date.now() % 60_000));
    const moved = await place.cronwright(['sync', '--target', `file:${other}`, '--yes'], { also });
    assert.equal(moved.status, 0, moved.err);
    assert.ok(readFileSync(place.table).equals(foreign));
    const back = await place.cronwright(['rollback', '--yes'], { also });
    assert.equal(back.status, 0, back.err);
    assert.equal(tableOf(place), first);
    assert.equal(readFileSync(other, 'utf8'), '# other\n');
  });
});

describe('with a real crontab', { skip: noCron }, () => {
  async function worldOf(t: TestContext) {
    const place = newPlace(t, launcher);
    const directory = join(place.path, 'world');
    mkdirSync(directory);
    const world = await makeCronWorld(t, directory);
    const file = join(place.path, 'jobs.yaml');
    const cronwright = async (...words: readonly string[]) => {
      const ended = await world.run(launcher, '--file', file, ...words);
      assert.equal(ended.status, 0, `${words.join(' ')}: ${ended.out}${ended.err}`);
      return ended.out;
    };
    return { place, world, cronwright };
  }

  async function setTable(world: CronWorld, text: string): Promise<void> {
    const ended = await world.run('sh', '-c', 'printf %s "$0" | crontab -', text);
    assert.equal(ended.status, 0, ended.err);
  }

  it('a table that somebody emptied comes back whole, and one that was not there goes again', async (t) => {
    const { place, world, cronwright } = await worldOf(t);
    place.jobs(`jobs:\n${backup}`);
    await cronwright('sync');
    await setTable(world, `# mine\n${await world.table()}5 4 * * * /usr/bin/mine\n`);
    const mine = await world.table();
    place.jobs(`jobs:\n${backup}${clean}`);
    await cronwright('sync');
    const both = await world.table();
    await world.run('crontab', '-r');
    await cronwright('restore', '2', '--yes');
    assert.equal(await world.table(), mine);
    await cronwright('sync', '--yes');
    assert.equal(await world.table(), both);
    await cronwright('restore', '1', '--yes');
    assert.equal(existsSync(world.spoolFile), false);
  });

  it('a file in /etc/cron.d goes back there', async (t) => {
    const { place, world, cronwright } = await worldOf(t);
    const read = async () => (await world.run('cat', '/etc/cron.d/cronwright-shop')).out;
    place.jobs(`jobs:\n${backup}`);
    await world.run('chmod', '755', '/etc/cron.d');
    await cronwright('sync', '--target', 'cron.d');
    const first = await read();
    place.jobs(`jobs:\n${backup}${clean}`);
    await cronwright('sync');
    const [snapshot] = JSON.parse(await cronwright('snapshots', '--target', 'cron.d', '--json')) as SnapshotView[];
    assert.equal(snapshot?.target, 'cron.d:cronwright-shop');
    assert.notEqual(await read(), first);
    await cronwright('restore', String(snapshot?.id), '--yes');
    assert.equal(await read(), first);
    assert.equal((await world.run('stat', '-c', '%a %U', '/etc/cron.d/cronwright-shop')).out, '644 root\n');
    await cronwright('rollback', '--yes');
    assert.equal(await read(), first);
  });
});
