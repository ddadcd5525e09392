import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileTable } from '../../src/crontab/file-table.ts';
import { type Table, TableChanged } from '../../src/crontab/table.ts';
import { fitsOf, restore } from '../../src/install/restore.ts';
import type { Job, JobId, JobName } from '../../src/job/job.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { install, installedJobs } from '../../src/store/registry.ts';
import { keepSnapshot, namedSnapshot, type Snapshot, snapshots } from '../../src/store/snapshots.ts';
import type { Store } from '../../src/store/store.ts';
import { lastWritten, noteWritten } from '../../src/store/written.ts';
import { jobOf, morning, newStore, projectOf, settingsOf } from '../store/rig.ts';
import { newGround } from './rig.ts';

const host = { zone: namedZone('UTC'), at: morning };

/** A table in a file, and a snapshot of what was in it once. */
class Site {
  readonly store: Store;
  readonly path: string;
  readonly target: string;

  constructor(t: TestContext, now: string | Buffer) {
    this.store = newStore(t);
    this.path = join(this.store.directory, '../table');
    this.target = `file:${this.path}`;
    writeFileSync(this.path, now);
  }

  snapshot(content: string | Buffer): Snapshot {
    const taken = { target: this.target, takenAt: morning - 1, takenBy: 'ann', reason: 'sync of shop, revision 1' };
    return namedSnapshot(this.store, String(keepSnapshot(this.store, { ...taken, content: Buffer.from(content) })));
  }

  restore(snapshot: Snapshot, before: string | Buffer): Promise<void> {
    const table = fileTable(this.path);
    return restore(this.store, { snapshot, table, before: Buffer.from(before), by: 'bob', at: morning });
  }

  /** Installs jobs whose lines are as given, without writing a table. */
  installed(lines: Readonly<Record<string, string>>, name = 'shop'): number {
    const project = name as JobName;
    const jobs = Object.keys(lines).map((job): Job => ({ ...jobOf(job), id: `${name}/${job}` as JobId, project }));
    return install(this.store, {
      project: projectOf(jobs, { name: project }),
      settings: settingsOf({ target: this.target }),
      lines: new Map(Object.entries(lines).map(([job, line]) => [`${name}/${job}` as JobId, [line]])),
      by: 'ann',
      at: morning,
    });
  }

  /** What is said of a project that is installed in this table. */
  get home() {
    return { target: this.target, elsewhere: false };
  }

  fits(content: string) {
    return fitsOf(this.store, { target: this.target, content: Buffer.from(content) }, host);
  }
}

function block(project: string, ...lines: readonly string[]): string {
  return [`# BEGIN cronwright ${project}`, ...lines, `# END cronwright ${project}`, ''].join('\n');
}

suite('a table that is restored', () => {
  test('is as the snapshot has it, byte for byte, and is kept as it was', async (t) => {
    const now = '# edited by mistake\n';
    const then = Buffer.from('MAILTO=ops\n# caf\xe9, no UTF-8\n5 4 * * * /usr/bin/mine %\n', 'latin1');
    const site = new Site(t, now);
    const snapshot = site.snapshot(then);
    await site.restore(snapshot, now);
    assert.ok(readFileSync(site.path).equals(then));
    const [kept, old, ...none] = snapshots(site.store, site.target);
    const { takenAt, takenBy, reason, revision } = kept ?? assert.fail();
    const { id } = snapshot;
    assert.deepEqual([takenAt, takenBy, reason, revision], [morning, 'bob', `restore of snapshot ${id}`, undefined]);
    assert.equal(kept?.content.toString(), now);
    assert.deepEqual([old?.id, none], [id, []]);
  });

  test('is noted as what was written last', async (t) => {
    const site = new Site(t, 'now\n');
    await site.restore(site.snapshot('then\n'), 'now\n');
    assert.deepEqual(lastWritten(site.store, site.target), { at: morning, content: Buffer.from('then\n') });
  });

  test('may become empty, and may have been', async (t) => {
    const site = new Site(t, 'now\n');
    await site.restore(site.snapshot(''), 'now\n');
    assert.equal(readFileSync(site.path, 'utf8'), '');
    const [kept] = snapshots(site.store);
    await site.restore(kept ?? assert.fail(), '');
    assert.equal(readFileSync(site.path, 'utf8'), 'now\n');
  });

  test('is left alone where it is another than the one that was looked at, and nothing is kept', async (t) => {
    const site = new Site(t, 'edited meanwhile\n');
    await assert.rejects(site.restore(site.snapshot('then\n'), 'now\n'), TableChanged);
    assert.equal(readFileSync(site.path, 'utf8'), 'edited meanwhile\n');
    assert.equal(snapshots(site.store).length, 1);
    assert.equal(lastWritten(site.store, site.target), undefined);
  });

  test('whose place stores something else is an error that says in what', async (t) => {
    const site = new Site(t, 'now\n');
    const file = fileTable(site.path);
    const table: Table = { ...file, write: (next, options) => file.write(Buffer.from(`# header\n${next}`), options) };
    const restoring = {
      snapshot: site.snapshot('then\n'),
      table,
      before: Buffer.from('now\n'),
      by: 'bob',
      at: morning,
    };
    const message = /is not as the snapshot, first in line 1: "then" was expected, "# header" was found/;
    await assert.rejects(restore(site.store, restoring), { name: 'UserError', message });
    assert.equal(lastWritten(site.store, site.target), undefined);
  });

  test('leaves what is installed as it is', async (t) => {
    const site = new Site(t, 'now\n');
    site.installed({ a: '0 9 * * * a' });
    await site.restore(site.snapshot('then\n'), 'now\n');
    assert.deepEqual(
      installedJobs(site.store).map(({ job }) => job.id),
      ['shop/a'],
    );
  });
});

suite('what is installed', () => {
  test('and stands in another table again is named, with that one, and taken out of it by the next sync', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    const [first, moved] = [ground.target(), { target: ground.target('other') }];
    const before = ground.read();
    ground.write('', 'other');
    await ground.install([jobOf('backup')], {}, moved);
    assert.equal(ground.read(), '# mine\n');
    ground.write(before);
    ground.look((store) => noteWritten(store, first, Buffer.from(before), ground.clock.now()));
    const fits = ground.look((store) => fitsOf(store, { target: first, content: Buffer.from(before) }, host));
    const named = { project: 'shop', installed: 2, target: ground.target('other'), elsewhere: true };
    assert.deepEqual(fits, [{ ...named, fits: false, revision: 2 }]);
    const { kind, prepared } = await ground.install([jobOf('backup')], {}, { target: undefined });
    assert.deepEqual([kind, prepared.plan.leaves, ground.read()], ['installed', [first], '# mine\n']);
    assert.equal((await ground.install([jobOf('backup')], {}, { target: undefined })).kind, 'nothing');
  });

  test('and stands in a table that is gone keeps nothing from being installed', async (t) => {
    const ground = newGround(t);
    await ground.install([jobOf('backup')]);
    ground.write('', 'other');
    rmSync(join(ground.path, 'table'));
    const { kind } = await ground.install([jobOf('backup')], {}, { target: ground.target('other') });
    assert.equal(kind, 'installed');
  });

  test('fits a table whose block has its lines, in any order', (t) => {
    const site = new Site(t, '');
    site.installed({ a: '1 * * * * a', b: '2 * * * * b' });
    const fit = { project: 'shop', installed: 1, ...site.home, fits: true, revision: 1 };
    assert.deepEqual(site.fits(`# mine\n${block('shop', '2 * * * * b', '1 * * * * a')}`), [fit]);
  });

  test('does not fit a table with the lines of an earlier revision, of which the newest is named', (t) => {
    const site = new Site(t, '');
    const old = { a: '1 * * * * a', b: '2 * * * * b' };
    site.installed(old);
    site.installed({ a: '1 * * * * a' });
    site.installed(old);
    site.installed({ b: '2 * * * * b', c: '3 * * * * c' });
    const [fit] = site.fits(block('shop', ...Object.values(old)));
    assert.deepEqual(fit, { project: 'shop', installed: 4, ...site.home, fits: false, revision: 3 });
    assert.equal(site.fits(block('shop', '1 * * * * a'))[0]?.revision, 2);
  });

  test('fits no table with lines that no revision had, without its block, or with damaged markers', (t) => {
    const site = new Site(t, '');
    site.installed({ a: '1 * * * * a' });
    const none = { project: 'shop', installed: 1, ...site.home, fits: false, revision: undefined };
    for (const content of [block('shop', '9 * * * * a'), '# mine\n', '# BEGIN cronwright shop\n1 * * * * a\n', '']) {
      assert.deepEqual(site.fits(content), [none], JSON.stringify(content));
    }
  });

  test('as no job at all fits a table without a block', (t) => {
    const site = new Site(t, '');
    site.installed({ a: '1 * * * * a' });
    site.installed({});
    assert.equal(site.fits('# mine\n')[0]?.fits, true);
    assert.deepEqual(site.fits(block('shop', '1 * * * * a'))[0]?.revision, 1);
  });

  test('into other tables is none of a table’s concern, and several projects are judged each on its own', (t) => {
    const site = new Site(t, '');
    site.installed({ a: '1 * * * * a' });
    site.installed({ b: '2 * * * * b' }, 'web');
    const elsewhere = new Site(t, '');
    elsewhere.installed({ a: '1 * * * * a' });
    assert.deepEqual(fitsOf(elsewhere.store, { target: 'user', content: Buffer.alloc(0) }, host), []);
    const fits = site.fits(`${block('web', '2 * * * * b')}${block('shop', 'other')}`);
    assert.deepEqual(
      fits.map((fit) => [fit.project, fit.fits]),
      [
        ['shop', false],
        ['web', true],
      ],
    );
  });
});
