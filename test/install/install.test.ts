import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Host } from '../../src/crontab/fields.ts';
import { apply } from '../../src/install/apply.ts';
import { lineLauncher } from '../../src/install/line-launcher.ts';
import { type Place, tableOf } from '../../src/install/place.ts';
import { type Prepared, prepare } from '../../src/install/prepare.ts';
import type { Job, Project } from '../../src/job/job.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { installedJobs, installedLines, latestRevision, latestRevisions } from '../../src/store/registry.ts';
import { snapshots } from '../../src/store/snapshots.ts';
import { defaultStateDirectory } from '../../src/store/state.ts';
import { MovedClock } from '../moved-clock.ts';
import { jobOf, morning, newStore, projectOf } from '../store/rig.ts';

/** A program that stands where cronwright would in a table line. */
function launcher(name: string): string {
  return fileURLToPath(new URL(`../fixtures/install/${name}`, import.meta.url));
}

const foreign = 'MAILTO=ops\n# mine\n5 4 * * * /usr/bin/mine\n';

function placeIn(path: string, host: Host, program: string): Place {
  const target = `file:${path}`;
  return { table: tableOf(target), target, launcher: { path: launcher(program), state: undefined }, host };
}

/** A store and a table file, and `sync` on them. */
class Site {
  readonly store;
  readonly path: string;
  /** Where the table is, and when. */
  host: Host = { zone: namedZone('UTC'), at: morning };

  constructor(t: TestContext, table = foreign) {
    this.store = newStore(t);
    this.path = join(this.store.directory, '../table');
    writeFileSync(this.path, table);
  }

  get table(): string {
    return readFileSync(this.path, 'utf8');
  }

  get installed(): readonly string[] {
    return installedJobs(this.store).map(({ job }) => `${job.name} ${job.schedule.join(' ')}`);
  }

  prepare(jobs: readonly Job[], program = 'starts', changes: Partial<Project> = {}): Promise<Prepared> {
    return prepare(this.store, projectOf(jobs, changes), placeIn(this.path, this.host, program));
  }

  async sync(jobs: readonly Job[], program?: string): Promise<Prepared> {
    const prepared = await this.prepare(jobs, program);
    if (prepared.hasChanges) await this.apply(prepared);
    return prepared;
  }

  apply(prepared: Prepared): Promise<string | undefined> {
    // A table that was changed in this second would be written in the next one.
    utimesSync(this.path, 1, 1);
    return apply(this.store, prepared, { by: 'ann', clock: new MovedClock(morning) });
  }
}

function block(jobs: readonly string[], program = 'starts'): string {
  const lines = jobs.map((job) => `0 9 * * * ${launcher(program)} run --scheduled shop/${job}\n`);
  const tick = `# BEGIN cronwright\n* * * * * ${launcher(program)} tick\n# END cronwright\n`;
  return `# BEGIN cronwright shop\n${lines.join('')}# END cronwright shop\n${tick}`;
}

suite('installing a project', () => {
  test('for the first time adds its block and the tick, and leaves the lines of others alone', async (t) => {
    const site = new Site(t);
    const { plan, hasChanges } = await site.sync([jobOf('backup'), jobOf('clean')]);
    assert.equal(hasChanges, true);
    assert.deepEqual(
      plan.add.map(({ job }) => job),
      ['shop/backup', 'shop/clean'],
    );
    assert.equal(site.table, foreign + block(['backup', 'clean']));
    assert.deepEqual(site.installed, ['backup 0 9 * * *', 'clean 0 9 * * *']);
    assert.equal(latestRevision(site.store, 'shop')?.id, plan.revision);
  });

  test('a second time has nothing to do', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const { plan, hasChanges } = await site.sync([jobOf('backup')]);
    assert.equal(hasChanges, false);
    assert.deepEqual([plan.unchanged, plan.revision, plan.drift], [['shop/backup'], 1, []]);
  });

  test('that changed and lost jobs brings table and registry to the file', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup'), jobOf('clean')]);
    const { plan } = await site.sync([jobOf('clean', { schedule: ['30 2 * * *'] })]);
    assert.deepEqual([plan.change[0]?.fields, plan.remove[0]?.job], [['schedule'], 'shop/backup']);
    assert.match(site.table, /^30 2 \* \* \* \S+ run --scheduled shop\/clean$/m);
    assert.doesNotMatch(site.table, /shop\/backup/);
    assert.deepEqual(site.installed, ['clean 30 2 * * *']);
  });

  test('without jobs takes away all that is ours, and nothing else', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    await site.sync([]);
    assert.equal(site.table, foreign);
    assert.deepEqual(site.installed, []);
  });

  test('without jobs may leave an empty table where nothing else was in it', async (t) => {
    const site = new Site(t, '');
    await site.sync([jobOf('backup')]);
    await site.sync([]);
    assert.equal(site.table, '');
  });

  test('whose command alone has changed stores it and does not touch the table', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const { plan } = await site.sync([jobOf('backup', { command: { kind: 'shell', line: 'false' } })]);
    assert.deepEqual([plan.revision, plan.change[0]?.fields], [2, ['command']]);
    assert.equal(snapshots(site.store, `file:${site.path}`).length, 1);
  });

  test('from another place of cronwright rewrites the lines', async (t) => {
    const site = new Site(t, `COLOUR="sea green"\n`);
    await site.sync([jobOf('backup')]);
    const { hasChanges, plan } = await site.sync([jobOf('backup')], 'starts-with-colour');
    assert.deepEqual([hasChanges, plan.unchanged], [true, ['shop/backup']]);
    assert.equal(site.table, `COLOUR="sea green"\n${block(['backup'], 'starts-with-colour')}`);
    assert.equal((await site.sync([jobOf('backup')], 'starts-with-colour')).hasChanges, false);
  });

  test('puts lines right that were edited in the table', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const right = site.table;
    writeFileSync(site.path, right.replace('0 9 * * *', '0 10 * * *'));
    const { plan } = await site.sync([jobOf('backup')]);
    assert.deepEqual([plan.drift[0]?.kind, plan.revision], ['edited', 1]);
    assert.equal(site.table, right);
  });

  test('keeps what the table was before each write', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const between = site.table;
    await site.sync([]);
    const kept = snapshots(site.store, `file:${site.path}`);
    assert.deepEqual(
      kept.map(({ content, reason, takenBy, takenAt }) => [content.toString(), reason, takenBy, takenAt]),
      [
        [between, 'sync of shop, revision 2', 'ann', morning],
        [foreign, 'sync of shop, revision 1', 'ann', morning],
      ],
    );
  });
});

suite('an installing that fails', () => {
  test('because the table has changed meanwhile leaves registry and table as they were', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const before = latestRevisions(site.store);
    const prepared = await site.prepare([jobOf('other')]);
    const changed = `${site.table}# somebody was faster\n`;
    writeFileSync(site.path, changed);
    await assert.rejects(site.apply(prepared), { name: 'UserError', message: /has changed since it was read/ });
    assert.equal(site.table, changed);
    assert.deepEqual(site.installed, ['backup 0 9 * * *']);
    assert.deepEqual(latestRevisions(site.store), before);
  });

  test('the first time leaves a registry without jobs', async (t) => {
    const site = new Site(t);
    const prepared = await site.prepare([jobOf('backup')]);
    writeFileSync(site.path, '');
    await assert.rejects(site.apply(prepared), { name: 'UserError' });
    assert.deepEqual([site.installed, latestRevisions(site.store)], [[], []]);
  });

  test('because cron could not start the launcher changes nothing, and says why', async (t) => {
    const site = new Site(t);
    await assert.rejects(site.sync([jobOf('backup')], 'does-not-start'), {
      name: 'UserError',
      message: /cron could not start the jobs: .*no Node\.js was found/s,
      hint: /nothing was changed/,
    });
    assert.deepEqual([site.table, site.installed, latestRevisions(site.store)], [foreign, [], []]);
  });

  test('because of damaged markers is told before anything is tried', async (t) => {
    const site = new Site(t, '# BEGIN cronwright shop\n');
    await assert.rejects(site.prepare([jobOf('backup')]), { name: 'UserError', message: /begins a block/ });
  });
});

suite('the zone of the host', () => {
  const inBerlin = (name: string) => jobOf(name, { timezone: 'Europe/Berlin' });

  test('makes the lines of a job in another one, which are kept with the job', async (t) => {
    const site = new Site(t);
    await site.sync([inBerlin('backup'), jobOf('clean')]);
    assert.match(site.table, /^0 7,8 \* \* \* \S+ run --scheduled shop\/backup$/m);
    const lines = installedLines(site.store, 'shop');
    assert.deepEqual(
      [...lines].map(([job, [line]]) => [job, line !== undefined && site.table.includes(`${line}\n`)]),
      [
        ['shop/backup', true],
        ['shop/clean', true],
      ],
    );
    assert.equal(latestRevision(site.store, 'shop')?.settings.hostZone, 'UTC');
    assert.equal((await site.sync([inBerlin('backup'), jobOf('clean')])).hasChanges, false);
  });

  test('changes the lines alone once it is another, and says which', async (t) => {
    const site = new Site(t);
    const jobs = [inBerlin('backup'), jobOf('clean')];
    await site.sync(jobs);
    const before = site.table;
    site.host = { ...site.host, zone: namedZone('Asia/Kathmandu') };
    const { plan } = await site.sync(jobs);
    assert.deepEqual(plan.settings, ['host-zone']);
    assert.deepEqual([plan.unchanged, plan.drift], [['shop/clean'], []]);
    assert.deepEqual(
      plan.change.map(({ job, fields }) => [job, fields]),
      [['shop/backup', ['lines']]],
    );
    assert.match(plan.change[0]?.before?.lines[0] ?? '', /^0 7,8 /);
    assert.match(plan.change[0]?.after?.lines[0] ?? '', /^45 12,13 /);
    assert.equal(site.table, before.replace('0 7,8 ', '45 12,13 '));
    assert.equal((await site.sync(jobs)).hasChanges, false);
  });

  test('is judged by the lines as they were written, not as they would be now', async (t) => {
    const site = new Site(t);
    await site.sync([inBerlin('backup')]);
    writeFileSync(site.path, site.table.replace('0 7,8 ', '0 9 '));
    site.host = { ...site.host, zone: namedZone('Asia/Kathmandu') };
    const { plan } = await site.prepare([inBerlin('backup')]);
    assert.match(plan.drift[0]?.wanted ?? '', /^0 7,8 /);
  });

  test('takes nothing from jobs that an earlier version installed', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    site.store.db.run('UPDATE job SET lines = NULL');
    site.store.db.run(`UPDATE revision SET settings = json_remove(settings, '$.hostZone')`);
    site.host = { ...site.host, zone: namedZone('Asia/Kathmandu') };
    const { plan, hasChanges } = await site.sync([jobOf('backup')]);
    assert.deepEqual([hasChanges, plan.drift, plan.settings], [false, [], []]);
  });

  test('leaves lines and jobs as they were where the table cannot be written', async (t) => {
    const site = new Site(t);
    await site.sync([inBerlin('backup')]);
    const before = [...installedLines(site.store, 'shop')];
    site.host = { ...site.host, zone: namedZone('Asia/Kathmandu') };
    const prepared = await site.prepare([inBerlin('backup')]);
    writeFileSync(site.path, `${site.table}# somebody else was quicker\n`);
    await assert.rejects(site.apply(prepared));
    assert.deepEqual([...installedLines(site.store, 'shop')], before);
    assert.equal(latestRevision(site.store, 'shop')?.settings.hostZone, 'UTC');
  });
});

suite('a plan', () => {
  test('can be made where nothing was ever installed, and makes nothing', async (t) => {
    const site = new Site(t);
    const place = placeIn(site.path, site.host, 'starts');
    const { plan, current, hasChanges } = await prepare(undefined, projectOf([jobOf('backup')]), place);
    assert.deepEqual([plan.revision, current, hasChanges, plan.unmanaged], [1, undefined, true, 1]);
    assert.equal(site.table, foreign);
  });

  test('of a project whose mail alone has changed has a change, and a revision of its own', async (t) => {
    const site = new Site(t);
    await site.sync([jobOf('backup')]);
    const mail = { from: 'a@b.c', to: ['d@e.f'], transport: { kind: 'smtp', url: 'smtp://localhost' } } as const;
    const { hasChanges, plan } = await site.prepare([jobOf('backup')], 'starts', { mail });
    assert.deepEqual([hasChanges, plan.revision, plan.unchanged], [true, 2, ['shop/backup']]);
  });
});

test('a line names the state directory only where cron would not find it by itself', () => {
  const usual = defaultStateDirectory({ HOME: userInfo().homedir });
  assert.deepEqual(lineLauncher('/bin/cronwright', '/srv/state'), { path: '/bin/cronwright', state: '/srv/state' });
  assert.deepEqual(lineLauncher('/bin/cronwright', usual), { path: '/bin/cronwright', state: undefined });
});
