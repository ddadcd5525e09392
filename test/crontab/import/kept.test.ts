import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { skipWithout } from '../../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';
import { entriesOf, fixture, obstructed } from './rig.ts';

/** By table and line, what stands in the way; every other entry there becomes a job. */
const obstacles: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'reversed-ranges': {
    1: 'Debian’s cron takes 22-2 and never runs it',
    2: 'Debian’s cron takes fri-mon and never runs it',
    3: 'Debian’s cron takes sat-sun and never runs it',
  },
  'random-values': { 1: 'Debian’s cron reads 0~30 as 0' },
  'characters-behind-values': {
    1: 'Debian’s cron reads 5;x as 5',
    2: 'Debian’s cron reads 1.5 as 1',
    3: 'Debian’s cron reads *5 as *',
    4: 'Debian’s cron reads 1-5-7 as 1-5',
    5: 'Debian’s cron reads 5#3 as 5',
  },
  'dates-that-never-come': {
    1: 'found day 30 in February, expected a date that exists: this would never run',
    2: 'found day 31 in April and June, expected a date that exists: this would never run',
  },
  'nothing-to-run': { 1: 'it runs nothing', 2: 'it runs nothing', 3: 'it runs nothing', 4: 'it runs nothing' },
  'carriage-returns': { 1: 'it holds a carriage return, which cron hands to the command' },
  'latin-1': {
    3: 'the variable "STADT" above it is not UTF-8, as a jobs file is',
    5: 'it is not UTF-8, as a jobs file is',
  },
  'no-final-line-feed': { 2: 'no line feed ends it, and cron reads no such line' },
  'shell-without-path': {
    2: 'its shell is "bash", which cron cannot start',
    4: 'its shell is "", which cron cannot start',
  },
  'home-without-path': {
    2: 'it is to start in "work", which is no absolute path',
    4: 'it is to start in "", which is no absolute path',
  },
  'bad-fields': {
    1: 'Debian’s cron does not take 60 in the minute field',
    2: 'Debian’s cron does not take 0 in the day of month field',
    3: 'Debian’s cron does not take monday in the day of week field',
    4: 'Debian’s cron does not take 5/15 in the minute field',
    5: 'Debian’s cron does not take ? in the day of week field',
    6: 'Debian’s cron does not take H in the minute field',
    7: 'Debian’s cron does not take L in the day of month field',
    8: 'Debian’s cron does not know @fortnightly',
    9: 'Debian’s cron does not take 1,,2 in the minute field',
  },
  'bad-assignments': {
    1: 'it is neither NAME=value nor five times and a command',
    2: 'it is neither NAME=value nor five times and a command',
    3: 'it is neither NAME=value nor five times and a command',
    4: 'it is neither NAME=value nor five times and a command',
  },
  'nul-bytes': {
    1: 'it holds a NUL, where cron ends it',
    3: 'the variable "A" above it holds a NUL, where cron ends it',
  },
  'option-as-name': { 2: 'no program can set the variable -i' },
  'too-long': { 1: 'Debian’s cron takes no command of more than 998 bytes' },
  'wrong-days-by-star': { 1: 'no schedule has the days that Debian’s cron makes of 0 0 */31 * 1' },
};

for (const [name, expected] of Object.entries(obstacles)) {
  test(`${name}: what cannot be adopted is named with the reason, and the rest can`, () => {
    const found = entriesOf(fixture(`kept/${name}`)).filter(({ kind }) => kind === 'obstructed');
    const reasons = found.map((entry) => [entry.line, obstructed(entry).obstacle]);
    assert.deepEqual(Object.fromEntries(reasons), expected);
  });
}

test('What is said to be refused is what crontab -n of Debian refuses', {
  skip: skipWithout(hasDebian(), 'Debian’s crontab'),
}, () => {
  const folder = temporaryDirectory();
  for (const name of Object.keys(obstacles)) {
    for (const entry of entriesOf(fixture(`kept/${name}`))) {
      if (entry.text.includes('\0')) continue;
      const lineFeed = name === 'no-final-line-feed' && entry.line === 2 ? '' : '\n';
      const file = writeFile(folder, 'one', `${entry.text}${lineFeed}`);
      const { status } = spawnSync('crontab', ['-n', file]);
      assert.equal(status === 0, entry.kind === 'adoptable' || !entry.refused, `${name}: ${entry.text}`);
    }
  }
});

function hasDebian(): boolean {
  try {
    return execFileSync('dpkg-query', ['-W', '-f=${Status}', 'cron'], { stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'installed',
    );
  } catch {
    return false;
  }
}

test('A job that begins what does not run at present says so', () => {
  const table = '0 1 * * * /srv/a\n0 25 * * * /srv/b\n';
  const notes = (cron: 'debian' | 'busybox') =>
    entriesOf(table, { cron }).flatMap((entry) => (entry.kind === 'adoptable' ? entry.notes : []));
  assert.deepEqual(notes('debian'), [
    'it does not run at present: Debian’s cron reads nothing of a table with a line such as line 2',
  ]);
  assert.deepEqual(notes('busybox'), []);
});

test('Damaged markers of a block stop the reading, because what is foreign is unknown', () => {
  assert.throws(() => entriesOf('# BEGIN cronwright shop\n0 1 * * * x\n'), /does not end/);
});
