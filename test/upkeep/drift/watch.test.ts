import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { jobLines, tickLine } from '../../../src/crontab/line.ts';
import { lockOf } from '../../../src/install/place.ts';
import type { Job, JobName, MailSettings } from '../../../src/job/job.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { install } from '../../../src/store/registry.ts';
import { type Store, withLock } from '../../../src/store/store.ts';
import { toldOf, watchedTables } from '../../../src/store/watch.ts';
import { noteWritten } from '../../../src/store/written.ts';
import { watchTables } from '../../../src/upkeep/drift/watch.ts';
import { mailThrough, worldOf } from '../../launch/rig.ts';
import { MovedClock } from '../../moved-clock.ts';
import { jobOf, minute, morning, newStore, projectOf, settingsOf } from '../../store/rig.ts';

const mail = mailThrough('refuses', '75');
const launcher = { path: '/usr/bin/cronwright', state: undefined };
const zone = { zone: namedZone('UTC'), at: morning };

function linesOf(job: Job): readonly string[] {
  return jobLines(job, launcher, zone);
}

/** A table that two projects share, as sync left it, and ticks that look at it. */
function site(t: TestContext, through: MailSettings | null = mail) {
  const store = newStore(t);
  const path = join(store.directory, 'table');
  const target = `file:${path}`;
  const shop = [jobOf('backup'), jobOf('clean', { schedule: ['5 4 * * 1'] })];
  const web = [jobOf('visits', { id: 'web/visits' as never, project: 'web' as JobName })];
  installIn(store, target, shop, through ?? undefined);
  installIn(store, target, web, through ?? undefined);
  const table = `${[
    '15 2 * * * /usr/local/bin/rotate',
    ...['# BEGIN cronwright shop', ...shop.flatMap(linesOf), '# END cronwright shop'],
    ...['# BEGIN cronwright web', ...web.flatMap(linesOf), '# END cronwright web'],
    ...['# BEGIN cronwright', tickLine(launcher), '# END cronwright'],
  ].join('\n')}\n`;
  writeFileSync(path, table);
  noteWritten(store, target, Buffer.from(table), morning);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  return {
    ...{ store, world, path, target, table, clock },
    /** A tick, so many milliseconds later; returns the subjects of all mails up to now. */
    async after(ms: number) {
      clock.move(ms);
      await watchTables(world);
      return subjects(store);
    },
    edit: (from: string | RegExp, to: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(from, to)),
  };
}

function installIn(store: Store, target: string, jobs: readonly Job[], through: MailSettings | undefined): void {
  const [first] = jobs;
  if (first === undefined) throw new Error('no jobs');
  install(store, {
    project: projectOf(jobs, { name: first.project, mail: through }),
    settings: settingsOf({ target, mail: through, launcher }),
    lines: new Map(jobs.map((job) => [job.id, linesOf(job)])),
    by: 'ann',
    at: morning,
  });
}

function subjects({ db }: Store): readonly string[] {
  return db
    .all<{ subject: string }>('SELECT subject FROM outbox ORDER BY created_at, project')
    .map(({ subject }) => subject);
}

const edited = '[db1] shop: line 3: the line of shop/backup was edited';
const gone = '[db1] shop: the line of shop/clean is gone';

suite('the tick and the tables', () => {
  test('tells nothing of a table that is as it was installed, and does not read it again', async (t) => {
    const { after, store, edit } = site(t);
    assert.deepEqual(await after(minute), []);
    assert.deepEqual(await after(minute), []);
    assert.equal(watchedTables(store)[0]?.lookedAt, morning + minute);
    edit('15 2', '16 2');
    assert.deepEqual(await after(minute), []);
    assert.equal(watchedTables(store)[0]?.lookedAt, morning + 3 * minute);
  });

  test('tells a difference once, whatever others do to the table besides', async (t) => {
    const { after, edit, store } = site(t);
    await after(minute);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), [edited]);
    assert.deepEqual(await after(minute), [edited]);
    edit('15 2', '# a comment\n15 2');
    assert.deepEqual(await after(24 * 60 * minute), [edited]);
    const [{ text = '', recipients = '' } = {}] = store.db.all<{ text: string; recipients: string }>(
      'SELECT text, recipients FROM outbox',
    );
    assert.match(text, /now:\n {2}\| 1 9 \* \* \* .*\n {2}installed:\n {2}\| 0 9 \* \* \*/);
    assert.equal(recipients, '["ops@shop.example"]');
  });

  test('tells it again when it comes again after it was mended', async (t) => {
    const { after, edit } = site(t);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), [edited]);
    edit('1 9 * * *', '0 9 * * *');
    assert.deepEqual(await after(minute), [edited]);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), [edited, edited]);
  });

  test('tells another difference an hour after the first, as it is then', async (t) => {
    const { after, edit } = site(t);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), [edited]);
    edit(/^5 4 .*\n/m, '');
    assert.deepEqual(await after(minute), [edited]);
    assert.deepEqual(await after(50 * minute), [edited]);
    edit('1 9 * * *', '0 9 * * *');
    assert.deepEqual(await after(10 * minute), [edited, gone]);
    assert.deepEqual(await after(60 * minute), [edited, gone]);
  });

  test('tells another difference also where nothing happens to the table in the hour between', async (t) => {
    const { after, edit, target } = site(t);
    edit(/^5 4 .*\n/m, '');
    assert.deepEqual(await after(minute), [gone]);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), [gone]);
    assert.deepEqual(await after(60 * minute), [gone, `[db1] shop: the table ${target} was changed, 2 differences`]);
  });

  test('forgets what was mended while another project is told of', async (t) => {
    const { after, edit, store, target } = site(t);
    edit('0 9 * * * /usr/bin/cronwright run --scheduled shop', '1 9 * * * /usr/bin/cronwright run --scheduled shop');
    assert.deepEqual(await after(minute), [edited]);
    edit('1 9 * * *', '0 9 * * *');
    edit(/^(.*web\/visits)$/m, '#$1');
    assert.equal((await after(minute)).length, 2);
    assert.deepEqual(Object.keys(toldOf(store, target)), ['web']);
  });

  test('tells each project of its own', async (t) => {
    const { after, edit } = site(t);
    edit(/^5 4 .*\n/m, '');
    assert.deepEqual(await after(minute), [gone]);
    edit(/^(.*web\/visits)$/m, '#$1');
    assert.deepEqual(await after(minute), [gone, '[db1] web: line 6: the line of web/visits was commented out']);
  });

  test('tells a table that is gone, or was replaced', async (t) => {
    const { after, path, target, store } = site(t);
    await after(minute);
    rmSync(path);
    const lost = (project: string) =>
      `[db1] ${project}: the table was replaced: nothing is left of what cronwright wrote, and nothing of ${project}`;
    assert.deepEqual(await after(minute), [lost('shop'), lost('web')]);
    assert.deepEqual(await after(minute), [lost('shop'), lost('web')]);
    writeFileSync(path, '1 1 * * * true\n');
    assert.deepEqual(await after(minute), [lost('shop'), lost('web')]);
    assert.deepEqual(Object.keys(toldOf(store, target)), ['shop', 'web']);
  });

  test('tells damaged markers, which sync would refuse', async (t) => {
    const { after, edit, store } = site(t);
    edit('# END cronwright shop\n', '');
    assert.deepEqual(await after(minute), ['[db1] shop: line 2: begins a block that does not end']);
    const text = store.db.get<{ text: string }>('SELECT text FROM outbox')?.text ?? '';
    assert.match(text, /has to be\s+mended by hand first/);
  });

  test('says it on standard error where there is no mail', async (t) => {
    const { after, edit, world } = site(t, null);
    edit('0 9 * * *', '1 9 * * *');
    assert.deepEqual(await after(minute), []);
    await after(minute);
    assert.equal(world.complaints.length, 1);
    assert.match(
      world.complaints[0] ?? '',
      /not as cronwright\s+installed\s+them\.\n {2}line 3: .*\n {2}cronwright drift\n$/,
    );
  });

  test('leaves a sync alone that has written the one thing and not yet the other', async (t) => {
    const { after, edit, store, target } = site(t);
    await after(minute);
    await withLock(lockOf(target, store.directory, {}), async () => {
      edit('0 9 * * *', '1 9 * * *');
      assert.deepEqual(await after(minute), []);
      edit('1 9 * * *', '0 9 * * *');
    });
    assert.deepEqual(await after(minute), []);
    edit('0 9 * * *', '1 9 * * *');
    await withLock(lockOf(target, store.directory, {}), async () => assert.deepEqual(await after(minute), []));
    assert.deepEqual(await after(minute), [edited]);
  });

  test('says nothing of a table that cannot be read, and looks again after ten minutes', async (t) => {
    const { after, path, world } = site(t);
    await after(minute);
    rmSync(path);
    symlinkSync('/dev/null', path);
    assert.deepEqual(await after(minute), []);
    rmSync(path);
    writeFileSync(path, '1 1 * * * true\n');
    assert.deepEqual(await after(9 * minute), []);
    assert.equal((await after(minute)).length, 2);
    assert.deepEqual(world.complaints, []);
  });

  test('is not held up by a clock that was set back', async (t) => {
    const { after, path, store } = site(t);
    await after(minute);
    rmSync(path);
    assert.equal((await after(minute)).length, 2);
    await after(-48 * 60 * minute);
    assert.equal(watchedTables(store)[0]?.lookedAt, morning + 2 * minute - 48 * 60 * minute);
  });
});
