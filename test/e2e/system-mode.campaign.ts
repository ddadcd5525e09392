import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, chownSync, existsSync, linkSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import type { JobRowView, RunView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { accounts, canMakeSystem, makeSystem, programForAll, type System, systemWith } from './other-crons.ts';
import { clockMovedBy, until } from './program.ts';
import { bytes, foreignOf, jobs, jobsFile, keeps } from './table-life.ts';

const launcher = canMakeSystem('debian') ? programForAll() : '';
const table = '/etc/cron.d/cronwright-shop';
const backup = '  backup: { schedule: "30 2 * * *", command: "true", user: www-data }\n';

/** Two tables are written at once only in the middle of a minute. */
const inTheMiddle = () => ({ env: clockMovedBy(70_000 - (Date.now() % 60_000)) as Record<string, string> });

async function statusOf(system: System, ...paths: string[]): Promise<string> {
  return (await system.run(['stat', '-c', '%a %U:%G %n', ...paths])).out;
}

describe('root', { skip: skipWithout(canMakeSystem('debian'), systemWith('debian')) }, () => {
  it('installs into a file of its own in /etc/cron.d, and everything has the modes that it should', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    await system.place(bytes);
    jobs(system, backup);
    await system.ends(0, ['sync', '--target', 'cron.d']);
    assert.equal(
      await statusOf(system, table, '/var/lib/cronwright', '/var/lib/cronwright/cronwright.db'),
      `644 root:root ${table}\n700 root:root /var/lib/cronwright\n600 root:root /var/lib/cronwright/cronwright.db\n`,
    );
    const text = readFileSync(system.file(table), 'utf8');
    assert.match(text, /^30 2 \* \* \* root \S+ run --scheduled shop\/backup$/m);
    assert.match(text, /^\* \* \* \* \* root \S+ tick$/m);
    assert.deepEqual(system.stored(), bytes, 'the crontab of root stays as it was');
    assert.match(await system.ends(0, ['sync']), /nothing to do/);
    jobs(system, '');
    await system.ends(0, ['sync', '--yes']);
    assert.equal(existsSync(system.file(table)), false);
  });

  it('has a job run by cron as the account that it names, with its groups and the environment of cron', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    appendFileSync(system.file('/etc/group'), 'press:x:61010:www-data\n');
    const says = '"id -un; id -Gn; pwd; env | sort"';
    jobs(system, `  who: { schedule: "* * * * *", command: ${says}, user: www-data, cwd: / }\n`);
    await system.ends(0, ['sync', '--target', 'cron.d']);
    system.start(['cron', '-f', '-L', '0']);
    const done = async () =>
      (await system.json<readonly RunView[]>(['history'])).some(({ state }) => state === 'succeeded');
    await until('cron has started the job', done, 80_000);
    const said = await system.ends(0, ['logs', 'who']);
    assert.match(said, /www-data\nwww-data press\n\/\n/);
    assert.match(said, /^LOGNAME=www-data$/m);
    assert.match(said, /^HOME=\/var\/www$/m);
    assert.match(said, /^PATH=\/usr\/bin:\/bin$/m);
    assert.match(said, /^SHELL=\/bin\/sh$/m);
    assert.doesNotMatch(said, /SUDO|XDG|CRONWRIGHT_PIPES/);
  });

  it('keeps two projects side by side, each in its file', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    const read = (name: string) => readFileSync(system.file(`/etc/cron.d/cronwright-${name}`), 'utf8');
    jobs(system, backup);
    await system.ends(0, ['sync', '--target', 'cron.d']);
    const shop = read('shop');
    jobs(system, backup, 'farm');
    await system.ends(0, ['sync', '--target', 'cron.d']);
    const farm = read('farm');
    assert.equal(read('shop'), shop);
    assert.doesNotMatch(farm, /shop/);
    await system.ends(0, ['drift']);
    jobs(system, '');
    await system.ends(0, ['sync', '--yes']);
    assert.equal(existsSync(system.file(table)), false);
    assert.equal(read('farm'), farm);
    const rows = await system.json<readonly JobRowView[]>(['list']);
    assert.deepEqual(
      rows.map(({ job }) => job),
      ['farm/backup'],
    );
  });

  it('moves a project from its crontab to /etc/cron.d and back, and the lines of others stay', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    await system.place(bytes);
    jobs(system, backup);
    await system.ends(0, ['sync']);
    const inCrontab = system.stored();
    keeps(system, bytes);
    await system.ends(0, ['sync', '--target', 'cron.d'], inTheMiddle());
    assert.deepEqual(system.stored(), bytes);
    assert.match(readFileSync(system.file(table), 'utf8'), /root \S+ run --scheduled shop\/backup/);
    await system.ends(0, ['sync', '--target', 'user'], inTheMiddle());
    assert.deepEqual(system.stored(), inCrontab);
    assert.equal(existsSync(system.file(table)), false);
    await system.ends(0, ['rollback', '--yes'], inTheMiddle());
    assert.deepEqual(system.stored(), bytes);
    assert.ok(existsSync(system.file(table)));
  });

  const doors: readonly (readonly [what: string, open: (system: System) => void, said: RegExp])[] = [
    ['jobs from a file that others can write', (s) => chmodSync(s.file(jobsFile), 0o664), /jobs\.yaml \(mode 0664\)/],
    [
      'jobs from a file of somebody else',
      (s) => chownSync(s.file(jobsFile), accounts.alice, 0),
      /jobs\.yaml belongs to/,
    ],
    [
      'jobs from a folder of somebody else',
      (s) => chownSync(dirname(s.file(jobsFile)), accounts.alice, 0),
      /\/etc\/cronwright belongs to another account/,
    ],
    [
      'into a folder that others can write',
      (s) => chmodSync(s.file('/etc/cron.d'), 0o777),
      /\/etc\/cron\.d \(mode 0777\)/,
    ],
    [
      'into a file that others can write',
      (s) => chmodSync(s.file(table), 0o666),
      /others may write to it \(mode 0666\)/,
    ],
    ['into a file of somebody else', (s) => chownSync(s.file(table), accounts.alice, 0), /belongs to another account/],
    ['into a file with a second name', (s) => linkSync(s.file(table), `${s.file(table)}-x`), /it has 2 names/],
    [
      'through a link',
      (s) => {
        rmSync(s.file(table));
        symlinkSync('/etc/passwd', s.file(table));
      },
      /it is a symbolic link/,
    ],
  ];
  it('installs nothing where others could change what root runs, and says what and where', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    for (const [what, open, said] of doors) {
      rmSync(system.file('/etc/cron.d'), { recursive: true, force: true });
      rmSync(system.file('/var/lib/cronwright'), { recursive: true, force: true });
      rmSync(dirname(system.file(jobsFile)), { recursive: true, force: true });
      await system.run(['mkdir', '-m', '755', '/etc/cron.d']);
      jobs(system, backup);
      await system.ends(0, ['sync', '--target', 'cron.d']);
      const before = foreignOf(readFileSync(system.file('/etc/passwd')));
      const installed = readFileSync(system.file(table), 'utf8');
      jobs(system, `${backup}  more: { schedule: hourly, command: "true" }\n`);
      open(system);
      assert.match(await system.ends(2, ['sync']), said, what);
      assert.equal(foreignOf(readFileSync(system.file('/etc/passwd'))), before, what);
      if (what !== 'through a link') assert.equal(readFileSync(system.file(table), 'utf8'), installed, what);
      const rows = await system.json<readonly JobRowView[]>(['list']);
      assert.deepEqual(
        rows.map(({ job }) => job),
        ['shop/backup'],
        what,
      );
    }
  });
});
