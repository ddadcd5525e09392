import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { growFile } from '../../../src/install/adopt/grow.ts';
import { type GrowingFile, readGrowingFile } from '../../../src/install/adopt/jobs-file.ts';
import type { Home, SourceTable } from '../../../src/install/adopt/source.ts';
import { type Survey, surveyTables } from '../../../src/install/adopt/survey.ts';
import { withTwins } from '../../../src/install/adopt/twins.ts';
import { ownAccount } from '../../../src/job/account.ts';
import { loadJobs } from '../../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';

const directory = temporaryDirectory();
const own = userInfo().username;
const rootsHome: Home = { table: 'user', target: 'user', account: 'root', outer: [], zone: 'UTC' };

function file(text = 'version: 1\nproject: shop\n'): GrowingFile {
  const found = readGrowingFile(writeFile(mkdtempSync(join(directory, 'file-')), 'jobs.yaml', text));
  assert.ok('said' in found);
  return found;
}

function table(text: string, more: Partial<SourceTable> = {}): SourceTable {
  return { name: 'user', bytes: Buffer.from(text), system: false, owner: 'root', cron: crons.debian, ...more };
}

interface Asked {
  readonly text?: string;
  readonly home?: Home;
  readonly taken?: readonly string[];
  readonly unwrap?: boolean;
}

function survey(
  sources: readonly SourceTable[],
  { text, home = rootsHome, taken = [], unwrap = false }: Asked = {},
): Survey {
  return surveyTables(sources, { file: file(text), home, taken, unwrap });
}

const names = ({ proposals }: Survey) => proposals.map(({ job }) => job.name);
const obstacles = ({ obstructed }: Survey) => obstructed.map(({ line, obstacle }) => `${line}: ${obstacle}`);

describe('the entries of tables become jobs', () => {
  it('with names that no other job has: of the file, installed, or of another entry', () => {
    const text = 'version: 1\njobs: { backup: { schedule: hourly, command: x } }\n';
    const entries = '0 1 * * * /bin/backup\n0 2 * * * /bin/backup --all\n0 3 * * * /bin/report\n';
    const found = survey([table(entries), table('0 4 * * * /bin/report\n', { name: 'user:daemon', owner: 'daemon' })], {
      text,
      taken: ['backup-2'],
    });
    assert.equal(new Set(names(found)).size, 4);
    for (const name of ['backup', 'backup-2']) assert.ok(!names(found).includes(name as never), name);
    assert.ok(names(found).includes('report' as never));
  });

  it('with names of at most 63 characters', () => {
    const long = 'a'.repeat(63);
    const [name] = names(survey([table(`0 1 * * * /bin/${long}\n`)], { taken: [long] }));
    assert.equal(name, `${'a'.repeat(61)}-2`);
  });

  it('and name the table only where it is another than that of the project', () => {
    const entry = '0 1 * * * root /bin/backup';
    const sources = [
      table('0 1 * * * /bin/backup\n'),
      table(`# nightly\n${entry}\n`, { name: '/etc/crontab', system: true }),
      table('0 1 * * * /bin/backup\n', { name: 'user:daemon', owner: 'daemon' }),
    ];
    assert.deepEqual(
      survey(sources).proposals.map(({ job }) => job.entry.replaces),
      [
        '0 1 * * * /bin/backup',
        { table: '/etc/crontab', line: `# nightly\n${entry}` },
        { table: 'user:daemon', line: '0 1 * * * /bin/backup' },
      ],
    );
    const [first] = survey(sources.slice(0, 1), { home: { ...rootsHome, table: 'cron.d:cronwright-shop' } }).proposals;
    assert.deepEqual(first?.job.entry.replaces, { table: 'user', line: '0 1 * * * /bin/backup' });
  });

  it('and name the account only where it is another than that of the project', () => {
    const sources = [
      table('0 1 * * * x\n'),
      table('0 1 * * * root x\n0 2 * * * daemon x\n', { name: '/etc/crontab', system: true }),
      table('0 1 * * * x\n', { name: 'user:daemon', owner: 'daemon' }),
    ];
    const users = survey(sources).proposals.map(({ job }) => job.entry.user);
    assert.deepEqual(users, [undefined, undefined, 'daemon', 'daemon']);
  });

  it('but for those that the file has adopted already, as often as it names them', () => {
    const twice = '0 1 * * * /bin/backup\n0 1 * * * /bin/backup\n';
    const one = (table: string) => `{ schedule: hourly, command: x, replaces: ${table} }`;
    const text = (...replaces: string[]) =>
      `version: 1\njobs:\n${replaces.map((each, index) => `  j${index}: ${one(each)}\n`).join('')}`;
    const [line, other] = ['"0 1 * * * /bin/backup"', '{ table: /etc/crontab, line: "0 1 * * * /bin/backup" }'];
    const found = (...replaces: string[]) => survey([table(twice)], { text: text(...replaces) });
    assert.deepEqual([found(line).proposals.length, found(line).adopted], [1, 1]);
    assert.deepEqual([found(line, line).proposals.length, found(line, line).adopted], [0, 2]);
    assert.deepEqual([found(other).proposals.length, found(other).adopted], [2, 0]);
    const named = '{ table: user, line: "# changed\\n0 1 * * * /bin/backup" }';
    assert.equal(found(named).adopted, 1);
  });

  it('with the wrappers of their commands as comments, or with settings in their place', () => {
    const sources = [table('0 1 * * * flock -n /tmp/a.lock timeout 10m /bin/backup\n')];
    const [kept] = survey(sources).proposals;
    assert.equal(kept?.job.entry.command, 'flock -n /tmp/a.lock timeout 10m /bin/backup');
    assert.deepEqual([kept.job.entry.overlap, kept.job.entry.timeout], ['allow', undefined]);
    assert.deepEqual(kept.job.comments, [
      'overlap: skip can take the place of: flock -n /tmp/a.lock',
      'timeout: 10m can take the place of: timeout 10m',
    ]);
    const [taken] = survey(sources, { unwrap: true }).proposals;
    assert.equal(taken?.job.entry.command, '/bin/backup');
    assert.deepEqual([taken.job.entry.overlap, taken.job.entry.timeout], ['skip', '10m']);
    assert.deepEqual(taken.job.comments, []);
  });

  it('and tell MAILTO’s addresses, or nobody', () => {
    const text = 'version: 1\nmail: { from: a@b.example, to: c@d.example, sendmail: /bin/true }\n';
    const sources = [table('MAILTO=ops@shop.example\n0 1 * * * a\nMAILTO=""\n0 1 * * * b\n')];
    const told = survey(sources, { text }).proposals.map(({ job, notes }) => [job.entry.notify, notes]);
    assert.deepEqual(told, [
      [{ to: ['ops@shop.example'] }, []],
      [{ on: [] }, []],
    ]);
    const [first] = survey(sources).proposals;
    assert.match(first?.notes.join() ?? '', /ops@shop\.example, who are told only once the jobs file has mail:/);
  });
});

describe('an entry stays where it is', () => {
  it('where it runs as somebody as whom the project’s jobs cannot, or stands where only root may take it out', () => {
    const home: Home = { ...rootsHome, account: 'daemon' };
    const system = table('0 1 * * * root x\n0 2 * * * daemon x\n', { name: '/etc/crontab', system: true });
    assert.deepEqual(obstacles(survey([system], { home })), [
      '1: it runs as root, and a job of daemon cannot',
      '2: only root may take lines out of /etc/crontab',
    ]);
  });

  it('where there is no such account', () => {
    const system = table('0 1 * * * nobody-at-all x\n', { name: '/etc/crontab', system: true });
    assert.match(obstacles(survey([system])).join(), /^1: .*nobody-at-all/);
  });

  it('where replaces: could not name it', () => {
    const found = survey([table('', { bytes: Buffer.from('0 1 * * * echo \xe9\n', 'latin1') })]);
    assert.deepEqual(names(found), []);
    assert.equal(found.obstructed.length, 1);
  });

  it('where the same line stands a second time under other variables, and stays there', () => {
    const found = survey([table('SHELL=sh\n0 1 * * * x\nSHELL=/bin/sh\n0 1 * * * x\n0 1 * * *  x\n')]);
    assert.deepEqual(
      found.proposals.map(({ entry }) => entry.line),
      [5],
    );
    assert.match(obstacles(found)[1] ?? '', /^4: line 2 is the same and stays/);
  });

  it('where the file says what a job cannot take back', () => {
    const text = 'version: 1\ndefaults: { except: 2026-12-24 }\n';
    assert.deepEqual(obstacles(survey([table('0 1 * * * x\n')], { text })), [
      '1: defaults: of the jobs file has except:, which a job of that file cannot be without',
    ]);
  });
});

test('Lines of one table that are the same are adopted together, and no others with them', () => {
  const { proposals } = survey([
    table('A=1\n0 1 * * * x\nA=2\n0 1 * * * x\n0 1 * * * y\n'),
    table('0 1 * * * x\n', { name: 'user:daemon', owner: 'daemon' }),
  ]);
  const lines = withTwins(proposals, proposals.slice(1, 2)).map(({ source, entry }) => [source.name, entry.line]);
  assert.deepEqual(lines, [
    ['user', 2],
    ['user', 4],
  ]);
});

describe('a jobs file grows', () => {
  const home: Home = { ...rootsHome, account: own };
  const sources = [table('# Nightly\n30 2 * * * /bin/backup%hello\n', { owner: own })];

  function grown(path: string): string {
    const found = readGrowingFile(path);
    assert.ok('said' in found);
    const { proposals } = surveyTables(sources, { file: found, home, taken: [], unwrap: false });
    growFile(
      found,
      proposals.map(({ job }) => job),
    );
    return readFileSync(path, 'utf8');
  }

  for (const [title, text] of [
    ['that has jobs', 'version: 1\njobs:\n  old: { schedule: hourly, command: x }\n'],
    ['without jobs:', 'version: 1\n'],
    ['with an empty jobs:', 'version: 1\njobs:\n'],
    ['with jobs: {}', 'version: 1\njobs: {}\n'],
    ['with a byte order mark and CRLF', '\uFEFFversion: 1\r\njobs:\r\n  old: { schedule: hourly, command: x }\r\n'],
    [
      'with defaults of its own',
      'version: 1\ntimezone: Asia/Tokyo\ndefaults: { timeout: 1h, cwd: / }\nenv: { A: b }\n',
    ],
  ] as const) {
    it(title, () => {
      const path = writeFile(mkdtempSync(join(directory, 'grow-')), 'jobs.yaml', text);
      const after = grown(path);
      const { project } = loadJobs(path);
      const job = project?.jobs.find(({ name }) => name === 'backup');
      assert.deepEqual(job?.stdin, { kind: 'text', text: 'hello\n' });
      assert.deepEqual([job.description, job.timeout, job.overlap], ['Nightly', 0, 'allow']);
      assert.deepEqual(project?.replaces[0]?.lines, ['# Nightly', '30 2 * * * /bin/backup%hello']);
      assert.ok(after.startsWith(text.replace(/ \{\}\n$|\n$/, '')));
    });
  }

  it('that is not there yet', () => {
    const path = join(directory, 'new/jobs.yaml');
    assert.match(grown(path), /^# Check it.*\nversion: 1\nproject: main\n\njobs:\n {2}backup:\n/s);
  });

  it('with the jobs of its includes in mind', () => {
    const folder = mkdtempSync(join(directory, 'grow-'));
    writeFile(folder, 'more.yaml', 'jobs: { backup: { schedule: hourly, command: x } }\n');
    const path = writeFile(folder, 'jobs.yaml', 'version: 1\ninclude: more.yaml\n');
    assert.match(grown(path), /\n {2}backup-2:\n/);
  });

  it('but not one that is invalid', () => {
    for (const text of [
      'version: 1\ncolour: red\n',
      'version: 2\njobs:\n',
      'version: 1\njobs: [a]\n',
      'version: 1\njobs: {a: {}}\n',
    ]) {
      const found = readGrowingFile(writeFile(mkdtempSync(join(directory, 'bad-')), 'jobs.yaml', text));
      assert.ok('problems' in found && found.problems.length > 0, text);
    }
  });

  it('nor by jobs that the file would have otherwise', () => {
    const path = writeFile(
      mkdtempSync(join(directory, 'grow-')),
      'jobs.yaml',
      'version: 1\ndefaults: { timeout: 1h }\n',
    );
    const found = readGrowingFile(path);
    assert.ok('said' in found);
    const before = readFileSync(path, 'utf8');
    const job = { name: 'a' as never, comments: [], entry: { schedule: 'hourly', command: 'x' } };
    assert.throws(() => growFile(found, [job]), /would change timeout of the new job a/);
    assert.throws(() => growFile(found, [{ ...job, entry: { ...job.entry, schedule: '61 * * * *' } }]), /61/);
    assert.equal(readFileSync(path, 'utf8'), before);
  });

  it('as the account that runs this says, with its home', () => {
    const path = writeFile(mkdtempSync(join(directory, 'grow-')), 'jobs.yaml', 'version: 1\ndefaults: { cwd: /tmp }\n');
    grown(path);
    assert.equal(loadJobs(path).project?.jobs[0]?.cwd, ownAccount().home);
  });
});
