import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RunView } from '../../src/terminal/views.ts';
import { writeFile } from '../temporary.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, run, until } from './program.ts';

const launcher = builtProgram();
const cronwright = (...words: string[]) => run([launcher, ...words]);

/** The commands that the first help page names. */
async function commands(): Promise<readonly string[]> {
  const { out } = await cronwright('--help');
  const named = [...out.matchAll(/^ {2}([a-z]+)(?: \[| {2,}| <)/gm)].map(([, name = '']) => name);
  return named.filter((name) => name !== 'help');
}

function assertFits(text: string): void {
  for (const line of text.split('\n')) assert.ok([...line].length <= 80, `${[...line].length} columns: ${line}`);
}

describe('the help pages', { concurrency: true }, () => {
  it('name every command, and each has its exit statuses and examples', async () => {
    const names = await commands();
    for (const name of [
      'init',
      'validate',
      'plan',
      'sync',
      'list',
      'show',
      'next',
      'history',
      'logs',
      'run',
      'cancel',
      'unlock',
      'start',
    ]) {
      assert.ok(names.includes(name), name);
    }
    await Promise.all(names.map((name) => hasFullPage(name)));
    assertFits((await cronwright('--help')).out);
  });

  async function hasFullPage(name: string): Promise<void> {
    const { status, out, err } = await cronwright(name, '--help');
    assert.deepEqual({ name, status, err }, { name, status: 0, err: '' });
    assert.match(out, new RegExp(`^Usage: cronwright ${name}\\b`));
    assert.match(out, /\nExit status:\n {2}0 +\w/, name);
    assert.match(out, /\nExamples:\n {2}cronwright /, name);
    assertFits(out);
    assert.equal((await cronwright('help', name)).out, out);
  }

  it('are shown when nothing is asked for', async () => {
    const { status, out } = await cronwright();
    assert.equal(status, 0);
    assert.match(out, /^Usage: cronwright/);
  });
});

describe('a mistake in the command line', { concurrency: true }, () => {
  const mistakes: readonly (readonly [what: string, words: readonly string[], said: RegExp])[] = [
    ['a command that is nearly one', ['synk'], /unknown command 'synk'\n\(Did you mean sync\?\)/],
    ['an option that is nearly one', ['list', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['an operand that is missing', ['show'], /missing required argument 'job'/],
    ['an operand too many', ['list', 'one'], /too many arguments/],
    [
      'a value that is none',
      ['next', '--schedule', '@daily', '--count', 'many'],
      /found --count many, expected a whole/,
    ],
    [
      'a target that is none',
      ['plan', '--target', 'moon', '--file', join(import.meta.dirname, '../../jobs.example.yaml')],
      /found the target "moon"/,
    ],
    ['a zone that is none', ['next', '--schedule', '@daily', '--timezone', 'Europe/Berlln'], /Europe\/Berlln/],
    ['a schedule that is none', ['next', '--schedule', '0 24 * * *'], /cannot read the schedule "0 24 \* \* \*"/],
  ];
  for (const [what, words, said] of mistakes) {
    it(`is told in words, with status 2: ${what}`, async (t) => {
      const { state } = newPlace(t, launcher);
      const { status, out, err } = await cronwright('--state', state, ...words);
      assert.deepEqual({ status, out }, { status: 2, out: '' }, err);
      assert.match(err, said);
      assert.match(err, /^error: /);
      assert.doesNotMatch(err, /\n +at /);
    });
  }

  it('is told as JSON where JSON was asked for', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { backup: { schedule: "@daily", command: backup } }\n');
    const { status, out, err } = await place.cronwright(['show', 'bakcup', '--json']);
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    const said = { message: 'no job bakcup is installed', hint: 'did you mean backup?', exit: 2 };
    assert.deepEqual(JSON.parse(err), { error: said });
    const human = await place.cronwright(['show', 'bakcup']);
    assert.equal(human.err, 'error: no job bakcup is installed\n  → did you mean backup?\n');
  });

  it('--version is the version of the package', async () => {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    assert.deepEqual(await cronwright('--version'), { status: 0, out: `${version}\n`, err: '' });
  });
});

describe('init', { concurrency: true }, () => {
  it('writes a file that is valid and says what to do next, and never writes it again', async (t) => {
    const { path } = newPlace(t, launcher);
    const file = join(path, 'deep/web.yaml');
    const first = await cronwright('init', file);
    assert.deepEqual({ status: first.status, err: first.err }, { status: 0, err: '' });
    assert.ok(first.out.includes(`cronwright validate ${file}`), first.out);
    assert.equal((await cronwright('validate', file)).status, 0);
    writeFile(path, 'deep/web.yaml', '# mine now\n');
    const again = await cronwright('init', file);
    assert.deepEqual({ status: again.status, out: again.out }, { status: 2, out: '' });
    assert.match(again.err, /web\.yaml is there already, and nothing was written/);
    assert.equal(readFileSync(file, 'utf8'), '# mine now\n');
  });
});

describe('next', () => {
  it('prints the instants of any schedule in any zone', async () => {
    const schedule = ['--schedule', '30 2 * * *', '--timezone', 'America/New_York'];
    const { status, out } = await cronwright(
      'next',
      ...schedule,
      '--from',
      '2026-03-07T00:00:00-05:00',
      '--count',
      '3',
      '--json',
    );
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(out), [
      '2026-03-07T02:30:00-05:00',
      '2026-03-08T03:00:00-04:00',
      '2026-03-09T02:30:00-04:00',
    ]);
    const until = ['--from', '2026-03-07T00:00:00-05:00', '--until', '2026-03-07T01:00:00-05:00', '--json'];
    assert.deepEqual(JSON.parse((await cronwright('next', ...schedule, ...until)).out), []);
  });
});

const threeJobs = `jobs:
  backup:
    description: Copies everything that the shop has to a place far away, every night but the first of a month
    schedule: "0 3 2-31 * *"
    command: [/usr/local/bin/a-command-with-a-long-name, --with, --many, --options, --and, --more, --of, --them]
  ${'a-very-long-name'.repeat(3)}: { schedule: ["*/5 9-17 * * 1-5", "0 0 1,15 */3 *", "monthly on 1 at 05:00"], command: "true" }
  fails: { schedule: "@daily", command: "echo out; echo err >&2; exit 7" }
`;

/** A place in which three jobs are installed, and ran. */
async function busyPlace(place: Place): Promise<Place> {
  await place.install(threeJobs);
  await place.cronwright(['run', 'a-very-long-name'.repeat(3)]);
  await place.cronwright(['run', 'fails']);
  return place;
}

describe('the output', { concurrency: true }, () => {
  it('fits in 80 columns', async (t) => {
    const place = newPlace(t, launcher);
    place.jobs(threeJobs);
    assertFits((await place.cronwright(['plan', '--target', 'file:table'])).out);
    await busyPlace(place);
    place.jobs(threeJobs.replaceAll('--with', '--without').replace('"@daily"', '"@weekly"'));
    for (const words of [['list'], ['history'], ['logs', 'fails'], ['doctor'], ['plan', '--target', 'file:table']]) {
      const { out } = await place.cronwright(words);
      assert.ok(out.includes('shop'), out);
      assertFits(out.replaceAll(place.path, '/var/lib'));
    }
  });

  it('is coloured on request only, and NO_COLOR has its way', async (t) => {
    const place = await busyPlace(newPlace(t, launcher));
    const paint = String.fromCharCode(27);
    const colored = async (also: NodeJS.ProcessEnv) =>
      (await place.cronwright(['history'], { also })).out.includes(paint);
    assert.equal(await colored({}), false);
    assert.equal(await colored({ FORCE_COLOR: '1' }), true);
    assert.equal(await colored({ NO_COLOR: '1' }), false);
    assert.equal(await colored({ FORCE_COLOR: '0' }), false);
    const json = await place.cronwright(['history', '--json'], { also: { FORCE_COLOR: '1' } });
    assert.equal(json.out.includes(paint), false);
  });

  it('may be cut off by its reader', async (t) => {
    const place = await busyPlace(newPlace(t, launcher));
    for (const words of ['schema', 'next --schedule "* * * * *" --count 100000', 'list']) {
      const line = `"${launcher}" --state "${place.state}" ${words} | head -1`;
      const { status, out, err } = await run(['bash', '-o', 'pipefail', '-c', line]);
      assert.deepEqual({ words, status, err }, { words, status: 0, err: '' });
      assert.equal(out.split('\n').length, 2);
    }
  });

  it('of what lists is [] in JSON where there is nothing', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: {}\n');
    for (const words of [['list'], ['history']]) assert.deepEqual(await place.json(words), [], words.join(' '));
    const { status, out } = await place.cronwright(['list']);
    assert.equal(status, 0);
    assert.match(out, /no jobs are installed/);
  });

  it('names the mistake where nothing was ever installed, and looking creates nothing', async (t) => {
    const place = newPlace(t, launcher);
    for (const words of [['list'], ['history']]) assert.deepEqual(await place.json(words), [], words.join(' '));
    for (const words of [['show', 'x'], ['logs', 'x'], ['run', 'x'], ['tick']]) {
      const { status, err } = await place.cronwright(words);
      assert.notEqual(status, 0, words.join(' '));
      assert.match(err, /no jobs are installed/);
    }
    assert.equal(existsSync(place.state), false);
  });
});

describe('run', { concurrency: true }, () => {
  const jobs = `jobs:
  seven: { schedule: "@daily", command: "echo out; echo err >&2; exit 7" }
  slow: { schedule: "@daily", command: sleep 1000000, timeout: 200ms, grace: 100ms }
  dies: { schedule: "@daily", command: "kill -s USR1 $$" }
  missing: { schedule: "@daily", command: [/no/such/program] }
`;
  const statuses = { seven: 7, slow: 124, dies: 138, missing: 127 };
  for (const [job, expected] of Object.entries(statuses)) {
    it(`ends with status ${expected} after ${job}`, async (t) => {
      const place = newPlace(t, launcher);
      await place.install(jobs);
      const { status, err } = await place.cronwright(['run', job]);
      assert.equal(status, expected);
      assert.match(err, new RegExp(`shop/${job} (?:failed|timed-out) after`));
      const { status: again, out } = await place.cronwright(['run', job, '--json']);
      assert.equal(again, expected);
      const [last] = await place.json<readonly RunView[]>(['history']);
      assert.deepEqual(JSON.parse(out), last);
    });
  }

  it('ends with status 125 where it could not do its own work', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(jobs);
    const { status, err } = await place.cronwright(['run', '--scheduled', 'shop/gone']);
    assert.equal(status, 125);
    assert.match(err, /no job shop\/gone is installed/);
    assert.equal((await place.cronwright(['run', 'gone'])).status, 125);
  });
});

describe('logs --follow', () => {
  it('shows what a task writes while it runs, and ends with it', async (t) => {
    const place = newPlace(t, launcher);
    const gate = join(place.path, 'gate');
    await place.install(`jobs:
  slow:
    schedule: "@daily"
    command: "echo first; until [ -e ${gate} ]; do sleep 0.05; done; echo second; exit 4"
`);
    const task = place.start(['run', 'slow']);
    await until('the task has begun', () => task.out().includes('first'));
    const follower = place.start(['logs', 'slow', '--follow']);
    await until('the follower sees the first line', () => follower.out().includes('first'));
    assert.equal(follower.process.exitCode, null);
    assert.doesNotMatch(follower.out(), /second/);
    writeFile(place.path, 'gate', '');
    const { status, out, err } = await follower.ended;
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    assert.match(out, /is running\n.*\nfirst\nsecond\n.*shop\/slow exited with status 4 after .*\n$/s);
    assert.equal((await task.ended).status, 4);
  });
});

describe('the state directory', () => {
  it('is for its owner alone', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: {}\n');
    assert.equal(statSync(place.state).mode & 0o777, 0o700);
  });
});
