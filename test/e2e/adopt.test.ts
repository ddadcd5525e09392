import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { AdoptView } from '../../src/terminal/table-views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { type CronWorld, canMakeCronWorld, makeCronWorld } from './cron-world.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram } from './program.ts';

const launcher = builtProgram();

const byHand = `# shop's own
SHELL=/bin/sh
MAILTO=ops@shop.example

# Nightly dump
30 2 * * *   /usr/local/bin/dump --all   >/dev/null 2>&1

*/15 * * * * flock -n /tmp/report.lock timeout 10m /usr/local/bin/report%hello

22-2 * * * * never
0 5 * * *\tkeep-me
`;

/** What is left of it when the two jobs are adopted. */
const left = `# shop's own
SHELL=/bin/sh
MAILTO=ops@shop.example



22-2 * * * * never
0 5 * * *\tkeep-me
`;

function placeWithTable(t: TestContext, table = byHand): Place {
  const place = newPlace(t, launcher);
  writeFile(place.path, 'table', table);
  place.jobs('# ours\njobs:   # one below the other\n    old: { schedule: hourly, command: "true" }\n');
  return place;
}

const target = (place: Place) => ['--target', `file:${place.table}`];
const jobsText = (place: Place) => readFileSync(join(place.path, 'jobs.yaml'), 'utf8');
const tableText = (place: Place) => readFileSync(place.table, 'utf8');

describe('cronwright adopt', { concurrency: true }, () => {
  it('shows the jobs that entries become and changes nothing', async (t) => {
    const place = placeWithTable(t);
    const [file, table] = [jobsText(place), statSync(place.table)];
    const { out, err, status } = await place.cronwright(['adopt', ...target(place)]);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^\+ shop\/dump {2}every day at 02:30\n {4}.*table:6 {2}30 2 \* \* \*/m);
    assert.match(out, /offer {2}overlap: skip can take the place of flock -n \/tmp\/report\.lock/);
    assert.match(out, /^! .*table:10 stays as it is\n {4}22-2 \* \* \* \* never\n {4}why {2}/m);
    assert.match(
      out.replace(/\s+/g, ' '),
      /3 jobs to adopt, 1 cannot be adopted cron mails what they print; .* nothing was changed; cronwright adopt --write/,
    );
    assert.equal(jobsText(place), file);
    assert.deepEqual([tableText(place), statSync(place.table).mtimeMs], [byHand, table.mtimeMs]);
  });

  it('--write adds them to the file as it stands, and sync takes the entries out and puts the jobs in', async (t) => {
    const place = placeWithTable(t);
    const file = jobsText(place);
    const words = ['adopt', ...target(place), '--write', 'dump', 'flock'];
    const view = await place.json<AdoptView>(words);
    assert.deepEqual(
      [view.written, view.jobs.map(({ job }) => job), view.leftOut, view.obstructed.length],
      [true, ['shop/dump', 'shop/report'], 1, 1],
    );
    assert.ok(jobsText(place).startsWith(file));
    assert.match(jobsText(place), /\n\n {4}dump:\n {8}description: Nightly dump\n {8}schedule: "30 2 \* \* \*"\n/);
    assert.match(jobsText(place), / {8}# overlap: skip can take the place of: flock/);
    assert.equal(tableText(place), byHand);
    const synced = await place.cronwright(['sync', ...target(place), '--yes']);
    assert.equal(synced.status, 0, synced.err);
    const [foreign, block] = tableText(place).split(/(?=^# BEGIN cronwright shop$)/m);
    assert.equal(foreign, left);
    assert.match(block ?? '', /^30 2 \* \* \* \S+ .*run --scheduled shop\/dump$/m);
    const again = await place.json<AdoptView>(['adopt']);
    assert.deepEqual([again.jobs.map(({ job }) => job), again.tables], [['shop/keep-me'], [place.table]]);
  });

  it('leaves out what the file has adopted, before and after the table has changed', async (t) => {
    const place = placeWithTable(t);
    await place.cronwright(['adopt', ...target(place), '--write']);
    const file = jobsText(place);
    const { out, status } = await place.cronwright(['adopt', ...target(place), '--write']);
    assert.equal(status, 0);
    assert.match(out.replace(/\s+/g, ' '), /0 jobs to adopt, 1 cannot be adopted, 3 adopted already nothing to adopt/);
    assert.equal(jobsText(place), file);
  });

  it('--unwrap lets settings take the place of flock and timeout', async (t) => {
    const place = placeWithTable(t);
    const view = await place.json<AdoptView>(['adopt', ...target(place), '--write', '--unwrap', 'report']);
    const [job] = view.jobs;
    assert.deepEqual([job?.command, job?.offers.map(({ taken }) => taken)], ['/usr/local/bin/report', [true, true]]);
    assert.match(
      jobsText(place),
      /command: \/usr\/local\/bin\/report\n(?:.*\n)*? {8}overlap: skip\n {8}timeout: 10m\n/,
    );
  });

  it('makes a file that is not there', async (t) => {
    const place = placeWithTable(t);
    rmSync(join(place.path, 'jobs.yaml'));
    const { status, out } = await place.cronwright(['adopt', ...target(place), '--write', 'dump']);
    assert.equal(status, 0, out);
    assert.match(jobsText(place), /\nversion: 1\nproject: main\n\njobs:\n {2}dump:\n/);
    assert.equal((await place.cronwright(['validate'])).status, 0);
  });

  it('takes its names from the command, and none that is taken', async (t) => {
    const place = placeWithTable(t, '0 1 * * * /bin/old\n0 2 * * * /bin/old\n');
    const { jobs } = await place.json<AdoptView>(['adopt', ...target(place)]);
    assert.equal(new Set(jobs.map(({ job }) => job)).size, 2);
    assert.ok(jobs.every(({ job }) => job !== 'shop/old'));
  });

  it('says what is wrong and writes nothing', async (t) => {
    const place = placeWithTable(t);
    const refused = async (words: readonly string[], exit: number, message: RegExp) => {
      const file = jobsText(place);
      const { status, out, err } = await place.cronwright(['adopt', ...words, '--write']);
      assert.equal(status, exit, out + err);
      assert.match(out + err, message);
      assert.equal(jobsText(place), file);
    };
    await refused([...target(place), 'nothing-like-it'], 2, /no entry that could be adopted fits nothing-like-it/);
    await refused(['--from', '/nowhere/table'], 2, /there is no table \/nowhere\/table/);
    await refused(['--from', 'everything'], 2, /expected user, user:NAME, \/etc\/crontab/);
    await refused(['--from', 'user:nobody-of-that-name'], 2, /there is no user nobody-of-that-name here/);
    place.jobs('jobs: { old: { schedule: hourly, command: x } }\n');
    await refused(target(place), 2, /jobs: stands in braces/);
    place.jobs('colour: red\njobs: {}\n');
    await refused(target(place), 1, /unknown key "colour"/);
  });
});

const skip = skipWithout(canMakeCronWorld(), 'cron, util-linux and root');

describe('cronwright adopt, as root with the real crontab', { skip }, () => {
  /** A world whose /etc/crontab, /etc/cron.d and spool hold a table each. */
  async function world(t: TestContext): Promise<{ readonly cron: CronWorld; readonly path: string }> {
    const path = mkdtempSync(join(tmpdir(), 'cronwright-e2e-'));
    t.after(() => rmSync(path, { recursive: true, force: true }));
    const cron = await makeCronWorld(t, path);
    writeFile(path, 'crontab', 'SHELL=/bin/sh\n17 * * * * root run-parts /etc/cron.hourly\n25 6 * * * daemon tidy\n');
    writeFile(path, 'own', '0 3 * * * own-job\n');
    writeFile(path, 'daemons', 'MAILTO=""\n0 4 * * * daemons-job\n');
    const sh = async (script: string) => {
      const { status, err } = await cron.run('sh', '-ec', script);
      assert.equal(status, 0, err);
    };
    await sh(`chmod 755 /etc/cron.d; umount /etc/crontab; mount --bind ${path}/crontab /etc/crontab
crontab ${path}/own; crontab -u daemon ${path}/daemons
echo '5 5 * * * root php-sessions' >/etc/cron.d/php; echo '6 6 * * * root ignored' >/etc/cron.d/php.bak`);
    return { cron, path };
  }

  it('--from all reads every table and changes none', async (t) => {
    const { cron, path } = await world(t);
    const words = [launcher, '--file', join(path, 'jobs.yaml'), '--state', join(path, 'state')] as const;
    const { out, err, status } = await cron.run(...words, 'adopt', '--from', 'all', '--json');
    assert.deepEqual([status, err], [0, '']);
    const view = JSON.parse(out) as AdoptView;
    assert.deepEqual(view.tables, ['user', 'user:daemon', '/etc/crontab', '/etc/cron.d/php']);
    assert.deepEqual(
      view.jobs.map(({ table, user, spec }) => [table, user, spec.user ?? null]),
      [
        ['user', 'root', null],
        ['user:daemon', 'daemon', 'daemon'],
        ['/etc/crontab', 'root', null],
        ['/etc/crontab', 'daemon', 'daemon'],
        ['/etc/cron.d/php', 'root', null],
      ],
    );
    assert.equal(await cron.table(), '0 3 * * * own-job\n');
  });

  it('adopts the crontab of another account into a project of its own', async (t) => {
    const { cron, path } = await world(t);
    const file = join(path, 'jobs.yaml');
    const words = [launcher, '--file', file, 'adopt', '--target', 'user:daemon', '--write', '--json'] as const;
    const { out, err, status } = await cron.run(...words);
    assert.deepEqual([status, err], [0, '']);
    const [job, ...more] = (JSON.parse(out) as AdoptView).jobs;
    assert.deepEqual(
      [job?.entry, job?.user, job?.spec.user, job?.spec.replaces, more.length],
      ['0 4 * * * daemons-job', 'daemon', undefined, '0 4 * * * daemons-job', 0],
    );
    assert.match(readFileSync(file, 'utf8'), /\n {4}replaces: "0 4 \* \* \* daemons-job"\n/);
  });
});
