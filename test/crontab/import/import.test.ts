import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isName } from '../../../src/job/job.ts';
import { adoptable, draftOf, entriesOf, fixture, obstructed } from './rig.ts';

test('A comment right above an entry describes it, and is its own unless another entry follows', () => {
  const entries = entriesOf(fixture('user/comments-everywhere')).map(adoptable);
  assert.deepEqual(
    entries.map(({ draft, lines }) => [draft.description, lines.length]),
    [
      ['Dumps the shop', 2],
      ['indented comment', 2],
      ['', 1],
      ['first', 2],
      ['second', 2],
      ['heading of two', 1],
      ['', 1],
      ['', 1],
    ],
  );
  assert.deepEqual(entries[0]?.lines, ['# Dumps the shop', '10 1 * * * /srv/dump shop']);
});

test('Templates, drawings of the columns and entries that are switched off describe nothing', () => {
  for (const name of ['debian-template', 'drawing-of-columns', 'crontab-header-of-vixie', 'only-comments']) {
    for (const { draft } of entriesOf(fixture(`user/${name}`)).map(adoptable)) assert.equal(draft.description, '');
  }
  assert.equal(draftOf('# A=1\n0 1 * * * x').description, '');
  assert.equal(draftOf('0 1 * * * x # at the end').description, 'at the end');
  assert.equal(draftOf("0 1 * * * echo '# quoted'").description, '');
});

test('A description is one line of at most 500 characters', () => {
  const { description } = adoptable(entriesOf(fixture('user/long-description')).at(0)).draft;
  assert.ok(description.length <= 500 && description.endsWith('…'));
  assert.equal(draftOf('# a\tb\n0 1 * * * x').description, 'a b');
});

test('Entries of other programs are named as theirs', () => {
  const notes = (name: string) => entriesOf(fixture(`user/${name}`)).map((entry) => adoptable(entry).notes.join());
  assert.deepEqual(notes('ansible'), Array(2).fill('Ansible wrote it, and would write it again'));
  assert.deepEqual(notes('whenever'), Array(2).fill('whenever wrote it, and would write it again'));
  assert.deepEqual(notes('puppet-and-salt'), [
    'Puppet wrote it, and would write it again',
    'Salt wrote it, and would write it again',
  ]);
});

test('MAILTO becomes the addresses of the job, or nobody', () => {
  const told = entriesOf(fixture('user/mailto')).map((entry) => adoptable(entry));
  assert.deepEqual(
    told.map(({ draft }) => draft.notifyTo),
    [undefined, ['ops@example.org'], ['ops@example.org', 'dev@example.org'], 'nobody', undefined, ['ops@example.org']],
  );
  assert.deepEqual(told[4]?.notes, ['MAILTO names root, which is no mail address: nobody is told there']);
  assert.deepEqual(draftOf('TEAM=a@b.example\nMAILTO=$TEAM\n0 1 * * * x', { cron: 'cronie' }).notifyTo, [
    'a@b.example',
  ]);
});

test('What the shell is told in a text is a text for /bin/sh, and a list for another one', () => {
  assert.equal(draftOf('SHELL=/bin/sh\n0 1 * * * x').command, 'x');
  assert.deepEqual(draftOf('SHELL=/bin/bash\n0 1 * * * x').command, ['/bin/bash', '-c', 'x']);
});

test('What a jobs file cannot say under env: goes through env(1)', () => {
  assert.deepEqual(draftOf('my-var=1\nA=2\n0 1 * * * x'), {
    ...draftOf('A=2\n0 1 * * * x'),
    command: ['/usr/bin/env', 'my-var=1', '/bin/sh', '-c', 'x'],
  });
  const dangerous = 'LD_PRELOAD=/x.so\n0 1 * * * daemon x';
  assert.deepEqual(draftOf(dangerous, { system: true }).command, [
    '/usr/bin/env',
    'LD_PRELOAD=/x.so',
    '/bin/sh',
    '-c',
    'x',
  ]);
  assert.equal(draftOf(dangerous, { system: true, account: 'daemon' }).command, 'x');
});

test('What cron would hand on to the job alone is taken back', () => {
  const [entry] = entriesOf('0 1 * * * x\nLANG=de_DE.UTF-8\nPATH=/opt\n').map(adoptable);
  assert.deepEqual(entry?.draft.command, ['/usr/bin/env', '-u', 'LANG', '/bin/sh', '-c', 'x']);
  assert.deepEqual(entry?.draft.env, { PATH: '/usr/bin:/bin' });
  assert.match(entry?.notes.join() ?? '', /LANG for others alone/);
  const [elsewhere] = entriesOf('0 1 * * * x\nLANG=de_DE.UTF-8\n', { outer: [] }).map(adoptable);
  assert.equal(elsewhere?.draft.command, 'x');
});

test('What is usual is said where the table has another value for others', () => {
  const usual = 'SHELL=/bin/sh\nPATH=/usr/bin:/bin\n0 1 * * * x\n';
  assert.deepEqual(draftOf(usual, { outer: [] }).env, {});
  const [entry] = entriesOf(`${usual}SHELL=/bin/bash\nPATH=/opt\n`).map(adoptable);
  assert.deepEqual(entry?.draft.env, { PATH: '/usr/bin:/bin' });
});

test('CRON_TZ is the zone of a job where its cron heeds it', () => {
  const table = 'CRON_TZ=Asia/Tokyo\n0 1 * * * x';
  assert.equal(draftOf(table, { cron: 'cronie' }).timezone, 'Asia/Tokyo');
  assert.equal(draftOf(table).timezone, '');
  const [entry] = entriesOf(`${table}\n`).map(adoptable);
  assert.match(entry?.notes.join() ?? '', /does not heed CRON_TZ=Asia\/Tokyo/);
  assert.match(obstructed(entriesOf('CRON_TZ=:x y\n0 1 * * * x\n', { cron: 'cronie' })[0]).obstacle, /zone/);
});

test('cronie has a sign for entries that are not logged, and a delay at random', () => {
  const [entry] = entriesOf('RANDOM_DELAY=10\n-0 1 * * * x\n', { cron: 'cronie' }).map(adoptable);
  assert.equal(entry?.draft.schedule, '0 1 * * *');
  assert.match(entry?.notes.join() ?? '', /jitter: \{delay: 10m\}.*log of the system/);
});

test('BusyBox has input and environment of its own', () => {
  const [entry] = entriesOf('A=1\nPATH=/opt\n0 1 * * * date +%s\n', { cron: 'busybox' }).map(adoptable);
  assert.deepEqual([entry?.draft.command, entry?.draft.stdin, entry?.draft.env], ['date +%s', '', { PATH: '/opt' }]);
  const obstacle = (line: string) => obstructed(entriesOf(`${line}\n`, { cron: 'busybox' })[0]).obstacle;
  assert.match(obstacle('0 1 * * * x # y'), /ends a command at #/);
  assert.match(obstacle('5/15 * * * * x'), /reads 5\/15 as 5/);
  assert.match(obstacle('0 1 * * 7 x'), /every day/);
});

test('Schedules keep their text where it means the same here, else they are written anew', () => {
  const schedule = (text: string, cron: 'debian' | 'busybox' | 'systemd-cron' = 'debian') =>
    draftOf(`${text} x`, { cron }).schedule;
  assert.equal(schedule('05 3 * JAN sun'), '05 3 * JAN sun');
  assert.equal(schedule('5\t3   *  * *'), '5 3 * * *');
  assert.equal(schedule('*/90 * * * *'), '0 * * * *');
  assert.equal(schedule('0 22-2 * * *', 'busybox'), '0 0,1,2,22,23 * * *');
  assert.equal(schedule('0 1 */10 * 1', 'busybox'), '0 1 1,11,21,31 * 1');
  assert.equal(schedule('0 1 1-31 * 1', 'busybox'), '0 1 * * 1');
  assert.match(
    obstructed(entriesOf('0 1 1 * 1 x\n', { cron: 'systemd-cron' })[0]).obstacle,
    /no schedule has the days that systemd-cron makes of 0 1 1 \* 1/,
  );
});

test('Where the manner of daylight saving changes, a note says so', () => {
  const [entry] = entriesOf('0 */24 * * * x\n').map(adoptable);
  assert.deepEqual(entry?.notes, ['when daylight saving skips its time it runs just after, where cron leaves it out']);
});

test('Each entry of the corpus gets a name of its own that is one', () => {
  for (const table of ['names-collide', 'same-entry-twice', 'yaml-lookalikes', 'unicode', 'several-commands']) {
    const names = entriesOf(fixture(`user/${table}`)).map((entry) => adoptable(entry).draft.name);
    assert.ok(names.every(isName), names.join());
    assert.equal(new Set(names).size, names.length);
  }
});

test('Entries of cronwright itself are no entries, and environment lines around them count', () => {
  const entries = entriesOf(fixture('user/beside-cronwright')).map(adoptable);
  assert.deepEqual(
    entries.map(({ line, draft }) => [line, draft.env]),
    [
      [2, {}],
      [7, { A: '1' }],
    ],
  );
});

test('An entry with more variables above it than a job would repeat stays, and a table of them takes no time', () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => `V${index}=x\n0 1 * * * cmd\n`);
  const entries = entriesOf(lines.join(''));
  assert.equal(Object.keys(adoptable(entries.at(199)).draft.env).length, 200);
  assert.ok(entries.slice(200).every((entry) => /more than 200 variables/.test(obstructed(entry).obstacle)));
});
