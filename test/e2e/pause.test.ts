import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { JobRowView, NewPauseView, ResumeView, RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy, until } from './program.ts';

const launcher = builtProgram();
const day = 86_400_000;

/** Variables that leave nothing to chance. */
const halfWay = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('Math.random = () => 0.5;')}` };

const jobs = `jobs:
  backup: { schedule: "* * * * *", command: echo ran, labels: [nightly, disk] }
  report: { schedule: "* * * * *", command: echo ran, labels: [nightly] }
  other: { schedule: "* * * * *", command: echo ran }
`;

async function installed(t: TestContext, text = jobs): Promise<Place> {
  const place = newPlace(t, launcher);
  await place.install(text);
  return place;
}

async function rows(place: Place, ...words: readonly string[]): Promise<Readonly<Record<string, JobRowView>>> {
  const found = await place.json<readonly JobRowView[]>(['list', ...words]);
  return Object.fromEntries(found.map((row) => [row.job.slice('shop/'.length), row]));
}

describe('cronwright pause', { concurrency: true }, () => {
  it('holds the jobs of a label back, which is recorded, and others not; resume lets them go', async (t) => {
    const place = await installed(t);
    const { status, out } = await place.cronwright(['pause', '--label', 'nightly', '--reason', 'new  disks\n']);
    assert.deepEqual([status, out], [0, 'the label nightly is paused without an end: new disks\n']);
    for (const job of ['backup', 'other']) await place.cronwright(['run', '--scheduled', `shop/${job}`]);
    const runs = await place.json<readonly RunView[]>(['history']);
    const states = Object.fromEntries(runs.map(({ job, state }) => [job, state]));
    assert.deepEqual(states, { 'shop/backup': 'skipped', 'shop/other': 'succeeded' });
    const skipped = runs.find(({ state }) => state === 'skipped');
    assert.match(skipped?.reason ?? '', /^was paused with the label nightly by \S+ since .*: new disks$/);
    assert.equal((await place.cronwright(['run', 'backup'])).status, 0, 'by hand it runs all the same');
    assert.equal((await place.cronwright(['resume', '--label', 'nightly'])).status, 0);
    assert.equal((await place.cronwright(['resume', '--label', 'nightly'])).status, 1);
    await place.cronwright(['run', '--at-boot', 'shop/report']);
    const [latest] = await place.json<readonly RunView[]>(['history']);
    assert.deepEqual([latest?.job, latest?.state], ['shop/report', 'succeeded']);
  });

  it('is said by every list while it has no end, and shown at each job', async (t) => {
    const place = await installed(t);
    await place.cronwright(['pause', 'backup', '--for', '2h']);
    await place.cronwright(['pause', '--label', 'disk']);
    const { backup, report } = await rows(place);
    assert.deepEqual([backup?.state, backup?.next, backup?.paused?.name], ['paused', null, 'disk']);
    assert.deepEqual([report?.state, report?.paused], ['scheduled', null]);
    const { out: none } = await place.cronwright(['list', '--project', 'nobody']);
    assert.match(none, /^no jobs of the project nobody are installed; cronwright list shows those of all projects$/m);
    for (const words of [['list'], ['list', '--project', 'nobody'], ['list', '--label', 'nightly']]) {
      const { out } = await place.cronwright(words);
      assert.match(out, /\n\nthe label disk is paused by .*, without an end\n {2}→ cronwright resume --label disk\n$/);
      assert.doesNotMatch(out, /shop\/backup is paused/);
    }
  });

  it('with an end shows the first time after it, and is over then', async (t) => {
    const place = await installed(t);
    const [asked] = await place.json<readonly NewPauseView[]>(['pause', '--all', '--until', '2099-12-31']);
    assert.deepEqual([asked?.scope, asked?.until?.slice(0, 16)], ['all', '2099-12-31T00:00']);
    const { backup } = await rows(place);
    assert.deepEqual([backup?.state, backup?.next], ['paused', asked?.until]);
    const [changed] = await place.json<readonly NewPauseView[]>(['pause', '--all', '--for', '12h']);
    assert.deepEqual(changed?.before?.until, asked?.until);
    assert.equal(changed?.since, asked?.since);
    const later = await place.cronwright(['list', '--json'], { also: clockMovedBy(day) });
    const states = (JSON.parse(later.out) as readonly JobRowView[]).map(({ state }) => state);
    assert.deepEqual(states, ['scheduled', 'scheduled', 'scheduled']);
  });

  it('of a job is not ended with that of its label, nor the other way round, which resume says', async (t) => {
    const place = await installed(t);
    await place.cronwright(['pause', 'backup', 'shop/report']);
    await place.cronwright(['pause', '--label', 'disk']);
    const [view] = await place.json<readonly ResumeView[]>(['resume', 'backup']);
    assert.equal(view?.ended?.name, 'shop/backup');
    assert.deepEqual(
      view?.held.map(({ paused, jobs: held }) => [paused.scope, paused.name, held]),
      [['label', 'disk', ['shop/backup']]],
    );
    const { out } = await place.cronwright(['resume', '--label', 'disk']);
    assert.match(out, /^the label disk is resumed; paused by .*\n$/);
    const { backup, report } = await rows(place);
    assert.deepEqual([backup?.state, report?.state], ['scheduled', 'paused']);
  });

  it('is refused for what is not there, and for times that are none, and changes nothing then', async (t) => {
    const place = await installed(t);
    for (const [words, message] of [
      [['bakup'], /no job bakup is installed\n.*did you mean backup\?/],
      [['backup', 'bakup'], /no job bakup is installed/],
      [
        ['--label', 'nightyl'],
        /no installed job has the label nightyl\n.*did you mean nightly\? the labels are disk, nightly/,
      ],
      [[], /found neither a job nor --label nor --all, expected one of them/],
      [['backup', '--all'], /found the job backup and --all/],
      [['--all', '--for', '0'], /found --for 0, expected a time such as 2h/],
      [['--all', '--for', '400d'], /at most 366d/],
      [['--all', '--until', '2020-01-01'], /found --until 2020-01-01, which has passed/],
      [['--all', '--until', 'noon'], /found --until noon, expected a time such as 18:00/],
      [['--all', '--for', '1h', '--until', '18:00'], /found both --for and --until/],
    ] as const) {
      const { status, err } = await place.cronwright(['pause', ...words]);
      assert.equal(status, 2, words.join(' '));
      assert.match(err, message);
    }
    const states = Object.values(await rows(place)).map(({ state }) => state);
    assert.deepEqual(states, ['scheduled', 'scheduled', 'scheduled']);
  });

  it('does not end a run that goes on, and says so', async (t) => {
    const place = await installed(t, 'jobs: { waits: { schedule: hourly, command: echo begun; sleep 60 } }\n');
    const running = place.start(['run', 'waits']);
    await until('the task has begun', () => running.out().includes('begun'));
    const { out } = await place.cronwright(['pause', 'waits']);
    assert.match(out, /\nshop\/waits is running, and goes on; cronwright cancel \w{13} ends it\n$/);
    const { waits } = await rows(place);
    assert.deepEqual([waits?.state, waits?.paused?.scope, waits?.next], ['running', 'job', null]);
    await place.cronwright(['cancel', 'waits']);
    await running.ended;
  });

  it('of a job outlives the job, and can be ended by its full name', async (t) => {
    const place = await installed(t);
    await place.cronwright(['pause', 'other']);
    await place.install(jobs.replace(/ {2}other:.*\n/, ''));
    assert.match((await place.cronwright(['list'])).out, /shop\/other is paused by/);
    assert.equal((await place.cronwright(['resume', 'shop/other'])).status, 0);
    assert.doesNotMatch((await place.cronwright(['list'])).out, /is paused by/);
  });
});

describe('cronwright list --label', () => {
  it('shows the jobs with that label alone', async (t) => {
    const place = await installed(t);
    assert.deepEqual(Object.keys(await rows(place, '--label', 'nightly')), ['backup', 'report']);
    assert.deepEqual(Object.keys(await rows(place, '--label', 'disk')), ['backup']);
    const { status, err } = await place.cronwright(['list', '--label', 'dsik']);
    assert.equal(status, 2);
    assert.match(err, /no installed job has the label dsik\n.*did you mean disk\?/);
  });
});

describe('a job with a random delay', () => {
  it('waits for it in a start by cron, can be cancelled meanwhile, and does not wait by hand', async (t) => {
    const place = await installed(
      t,
      'jobs: { slow: { schedule: "* * * * *", command: echo ran, jitter: { delay: 1h } } }\n',
    );
    const wrapper = place.start(['run', '--scheduled', 'shop/slow'], { also: halfWay });
    const current = async () => (await rows(place)).slow?.current;
    await until('the start waits', async () => (await current())?.state === 'waiting');
    assert.ok(Date.parse((await current())?.until ?? '') > Date.now());
    const { out } = await place.cronwright(['logs', 'slow']);
    assert.match(out, /^shop\/slow \w{13} is waiting to begin\n.*\n {2}it waits until /);
    await place.cronwright(['tick']);
    assert.equal((await current())?.state, 'waiting', 'the tick leaves it alone');
    assert.equal((await place.cronwright(['cancel', 'slow'])).status, 0);
    assert.equal((await wrapper.ended).status, 128 + 15);
    const [cancelled] = await place.json<readonly RunView[]>(['history']);
    assert.deepEqual([cancelled?.state, cancelled?.attempts], ['cancelled', 0]);
    assert.equal((await place.cronwright(['run', 'slow'])).status, 0);
    const { slow } = await rows(place);
    assert.equal(slow?.last?.state, 'succeeded');
  });
});
