import assert from 'node:assert/strict';
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apply } from '../../../src/install/apply.ts';
import { tableOf } from '../../../src/install/place.ts';
import { prepare } from '../../../src/install/prepare.ts';
import type { JobName, Project } from '../../../src/job/job.ts';
import { readTimetable } from '../../../src/schedule/timetable.ts';
import { hostZone } from '../../../src/schedule/zone/zone.ts';
import { beat } from '../../../src/store/beats.ts';
import { markUnsent, putInOutbox } from '../../../src/store/outbox.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { StoreTrouble } from '../../../src/store/trouble.ts';
import { type Examination, examine } from '../../../src/upkeep/health/health.ts';
import { MovedClock } from '../../moved-clock.ts';
import { jobOf, minute, momentAt, morning, newPath, newStore, projectOf } from '../../store/rig.ts';

function launcher(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/install/${name}`, import.meta.url));
}

async function sync(store: Store, target: string, project: Project, path = launcher('starts')): Promise<void> {
  const place = {
    table: tableOf(target),
    target,
    launcher: { path, state: undefined },
    host: { zone: hostZone(), at: morning },
  };
  await apply(store, await prepare(store, project, place), { by: 'ann', clock: new MovedClock(morning) });
}

function examinationOf(store: Examination['store'], state: string, now = morning): Examination {
  return { store, state, clock: new MovedClock(now), environment: {}, host: 'db1' };
}

const jobsFile = 'version: 1\nproject: shop\njobs: { backup: { schedule: 0 9 * * *, command: "true" } }\n';

/** An installed project in a table file of its own. */
async function site(t: TestContext) {
  const store = newStore(t);
  const folder = join(store.directory, '..');
  const [file, jobs] = [join(folder, 'table'), join(folder, 'jobs.yaml')];
  writeFileSync(file, '');
  writeFileSync(jobs, jobsFile);
  const target = `file:${file}`;
  const { project } = readTimetable(jobs);
  assert.ok(project);
  await sync(store, target, project);
  beat(store, momentAt(morning));
  const look = async (now = morning) => {
    const findings = await examine(examinationOf(store, store.directory, now));
    return findings.map(({ check, state, message }) => ({ check, state, message }));
  };
  const finding = async (check: string, now?: number) => {
    const found = (await look(now)).find((one) => one.check === check);
    assert.ok(found, `nothing was found about ${check}`);
    return [found.state, found.message];
  };
  return { store, file, jobs, target, look, finding };
}

function putMail(store: Store, id: string): void {
  const rest = { project: 'shop', run: 'run1', recipients: ['a@b.c'], subject: 's', text: 't' };
  putInOutbox(store, { ...rest, id, createdAt: morning });
}

suite('looking whether everything is right', () => {
  test('finds that it is', async (t) => {
    const { look, store, target, jobs } = await site(t);
    // The room on the disk and the place of these sources are this machine's.
    const found = (await look()).filter(({ check }) => check !== 'disk' && check !== 'runtime');
    assert.deepEqual(
      found.filter(({ message }) => !/time server/.test(message)),
      [
        { check: 'launcher', state: 'ok', message: `cron can start ${launcher('starts')}` },
        { check: 'table', state: 'ok', message: `shop stands in the table ${target} as it was installed` },
        { check: 'zone', state: 'ok', message: `the lines are for the time zone of the host, ${hostZone().name}` },
        { check: 'tick', state: 'ok', message: 'cron started the tick within the last 3 minutes' },
        { check: 'jobs-file', state: 'ok', message: `shop is installed as ${jobs} has it` },
        { check: 'state', state: 'ok', message: `the state directory ${store.directory} is this account’s alone` },
        { check: 'store', state: 'ok', message: `the database in ${store.directory} is whole` },
        { check: 'mail-settings', state: 'ok', message: 'shop has no mail:, so what fails is told on standard error' },
        { check: 'mail', state: 'ok', message: 'no mail waits to be sent' },
        {
          check: 'clock',
          state: 'ok',
          message: 'the clock says 2026-11-24T08:00:00Z, and nothing was noted at a later time',
        },
      ],
    );
  });

  test('finds that nothing was installed', async (t) => {
    const empty = newStore(t);
    for (const store of [undefined, empty]) {
      const findings = await examine(examinationOf(store, empty.directory));
      const checks = findings.map(({ check }) => check);
      for (const check of ['crontab', 'daemon', 'jobs', 'state', 'disk', 'clock'] as const) {
        assert.ok(checks.includes(check), check);
      }
      assert.equal(checks.includes('store'), store !== undefined);
      const jobs = findings.find(({ check }) => check === 'jobs');
      assert.deepEqual([jobs?.state, jobs?.remedy !== null], ['warning', true]);
    }
  });

  test('finds a clock that was set back', async (t) => {
    const { finding } = await site(t);
    assert.equal((await finding('clock', morning - 60 * minute))[0], 'problem');
  });

  test('asks nobody for a test mail where no project has mail', async (t) => {
    const { store } = await site(t);
    for (const one of [store, undefined]) {
      const testMail = { address: undefined };
      const findings = await examine({ ...examinationOf(one, store.directory), testMail });
      assert.deepEqual(
        findings.filter(({ check }) => check === 'test-mail').map(({ state }) => state),
        ['warning'],
      );
    }
  });
});

suite('the table', () => {
  test('is not right where a line was edited, and says which', async (t) => {
    const { file, target, finding } = await site(t);
    writeFileSync(file, readFileSync(file, 'utf8').replace('0 9 * * *', '0 10 * * *'));
    const message = `shop is not in the table ${target} as it was installed: line 2: the line of shop/backup was edited`;
    assert.deepEqual(await finding('table'), ['problem', message]);
  });

  test('is not right where the line of the tick is gone', async (t) => {
    const { file, finding } = await site(t);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\* \* \* \* \* .*\n/m, ''));
    assert.equal((await finding('table'))[0], 'problem');
  });

  test('is not right where it is gone, or its markers are damaged', async (t) => {
    const { file, finding } = await site(t);
    writeFileSync(file, '');
    assert.equal((await finding('table'))[0], 'problem');
    writeFileSync(file, '# BEGIN cronwright shop\n');
    assert.match((await finding('table'))[1] ?? '', /: line 1 of the table, .* begins a block that does not end/);
  });

  test('is right where another project of the same table, installed elsewhere, has the tick', async (t) => {
    const { store, target, look } = await site(t);
    const name = 'blog' as JobName;
    const jobs = [jobOf('copy', { id: 'blog/copy' as never, project: name })];
    await sync(store, target, projectOf(jobs, { name }), launcher('starts').replace('/starts', '/./starts'));
    const tables = (await look()).filter(({ check }) => check === 'table');
    assert.deepEqual(
      tables.map(({ state }) => state),
      ['ok', 'ok'],
    );
  });
});

test('what two projects have in common is said once', async (t) => {
  const { store, target, look } = await site(t);
  const name = 'blog' as JobName;
  await sync(store, target, projectOf([jobOf('copy', { id: 'blog/copy' as never, project: name })], { name }));
  const messages = (await look()).map(({ message }) => message);
  assert.deepEqual(
    messages.filter((message, at) => messages.indexOf(message) !== at),
    [],
  );
});

test('the launcher is not right where cron cannot start it', async (t) => {
  const { store, finding } = await site(t);
  store.db.run(`UPDATE revision SET settings = replace(settings, '/starts"', '/does-not-start"')`);
  const [state, message] = await finding('launcher');
  assert.equal(state, 'problem');
  assert.match(message ?? '', /no Node\.js was found/);
});

test('the launcher is started with the environment lines of its table', async (t) => {
  const { store, file, finding } = await site(t);
  store.db.run(`UPDATE revision SET settings = replace(settings, '/starts"', '/starts-with-colour"')`);
  assert.equal((await finding('launcher'))[0], 'problem');
  writeFileSync(file, `COLOUR="sea green"\n${readFileSync(file, 'utf8')}`);
  assert.equal((await finding('launcher'))[0], 'ok');
  writeFileSync(file, '# BEGIN cronwright shop\n');
  assert.equal((await finding('launcher'))[0], 'unknown');
});

suite('the tick', () => {
  test('is missed after three minutes, with the number of minutes', async (t) => {
    const { finding } = await site(t);
    assert.equal((await finding('tick', morning + 3 * minute - 1))[0], 'ok');
    assert.deepEqual(await finding('tick', morning + 3 * minute), [
      'problem',
      'the last tick was 3 minutes ago, so cron did not start it since',
    ]);
  });

  test('that never came is awaited for three minutes after sync, and missed then', async (t) => {
    const { store, finding } = await site(t);
    store.db.run('DELETE FROM beat');
    assert.equal((await finding('tick', morning + 3 * minute - 1))[0], 'warning');
    assert.deepEqual(await finding('tick', morning + 60 * minute), [
      'problem',
      'no tick has come since sync, 60 minutes ago',
    ]);
  });
});

suite('mail', () => {
  test('that waits for the next tick is worth a look, and a problem once a try has failed', async (t) => {
    const { store, finding } = await site(t);
    putMail(store, 'one');
    assert.deepEqual(await finding('mail'), ['warning', 'mails that wait to be sent: 1, given up: 0']);
    markUnsent(store, 'one', 'no route to host', morning + minute);
    const message = 'mails that wait to be sent: 1, given up: 0; the last try failed: no route to host';
    assert.deepEqual(await finding('mail'), ['problem', message]);
  });

  test('that was given up is a problem, and not for ever', async (t) => {
    const { store, finding } = await site(t);
    putMail(store, 'one');
    markUnsent(store, 'one', 'no such user', undefined);
    assert.equal((await finding('mail'))[0], 'problem');
    assert.equal((await finding('mail', morning + 11 * 24 * 60 * minute))[0], 'ok');
  });
});

test('a damaged database is found, and what it says of its jobs is not', async (t) => {
  const path = newPath(t);
  const whole = openStore(path);
  const file = join(path, 'table');
  writeFileSync(file, '');
  await sync(whole, `file:${file}`, projectOf(Array.from({ length: 200 }, (_, n) => jobOf(`job-${n}`))));
  const root =
    whole.db.get<{ page: number }>("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'revision'")?.page ?? 0;
  whole.close();
  // The file can be opened, and its revisions cannot be read.
  writeSync(openSync(join(path, 'cronwright.db'), 'r+'), Buffer.alloc(4_096, 'rubbish'), 0, 4_096, (root - 1) * 4_096);
  const store = openStore(path);
  t.after(() => store.close());
  const findings = await examine(examinationOf(store, path));
  const found = findings.find(({ check }) => check === 'store');
  assert.equal(found?.state, 'problem');
  assert.match(found?.message ?? '', /damaged|malformed/);
  assert.equal(found?.remedy, 'restore it from a backup');
  assert.equal(
    findings.some(({ check }) => check === 'table'),
    false,
  );
});

test('a database that cannot be opened is a finding among others', async (t) => {
  const trouble = new StoreTrouble('cannot use the database: no room', 'make room on the disk');
  const findings = await examine(examinationOf(trouble, newPath(t)));
  const found = findings.find(({ check }) => check === 'store');
  assert.deepEqual(found, {
    group: 'state',
    check: 'store',
    state: 'problem',
    message: trouble.message,
    remedy: trouble.hint,
  });
  assert.ok(findings.some(({ check }) => check === 'daemon'));
});
