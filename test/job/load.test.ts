import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

function load(content: string, name = 'jobs.yaml') {
  return loadJobs(writeFile(directory, name, content));
}

test('a job without settings has every default', () => {
  const { project, problems } = load('version: 1\njobs:\n  a: { schedule: "@daily", command: "true" }\n');
  assert.deepEqual(problems, []);
  assert.equal(project?.name, 'main');
  assert.deepEqual(project?.jobs, [
    {
      id: 'main/a',
      project: 'main',
      name: 'a',
      description: '',
      owner: '',
      schedule: ['@daily'],
      command: { kind: 'shell', line: 'true' },
      cwd: '',
      env: {},
      envFiles: [],
      timeout: 0,
      grace: 10_000,
      retry: { attempts: 1, delay: 30_000, backoff: 'fixed', maxDelay: 600_000, jitter: 0, on: 'any' },
      notify: { on: ['failure', 'missed', 'late', 'slow'], to: [] },
      user: '',
      umask: null,
      nice: 0,
      stdin: { kind: 'empty' },
      overlap: 'skip',
      waitUpTo: 3_600_000,
      successExit: [0],
      failWhen: { stderr: false, outputMatches: '' },
      output: { keep: 131_072, file: '', rotate: { size: 10_485_760, keep: 5 } },
      labels: [],
      timezone: '',
      dst: { skipped: 'as-cron', repeated: 'as-cron' },
      jitter: { offset: 0, delay: 0 },
      start: '',
      end: '',
      except: [],
      missed: 'ignore',
      startDeadline: 86_400_000,
      lateAfter: 0,
      warnAfter: 0,
    },
  ]);
});

test('defaults hold where a job is silent, retry key by key', () => {
  const { project } = load(`
version: 1
project: shop
defaults: { timeout: 1h, owner: web team, retry: { attempts: 3, delay: 10s, backoff: exponential } }
jobs:
  a: { schedule: "@daily", command: [php, a.php], retry: { attempts: 5 }, cwd: work }
  b: { schedule: [daily at 01:00, daily at 02:15], command: b, timeout: 1h30m, grace: 0, owner: ops }
`);
  const [a, b] = project?.jobs ?? [];
  assert.deepEqual(a?.retry, {
    attempts: 5,
    delay: 10_000,
    backoff: 'exponential',
    maxDelay: 600_000,
    jitter: 0,
    on: 'any',
  });
  assert.deepEqual(a?.command, { kind: 'program', argv: ['php', 'a.php'] });
  assert.equal(a?.cwd, join(directory, 'work'));
  assert.equal(a?.timeout, 3_600_000);
  assert.equal(b?.timeout, 5_400_000);
  assert.equal(b?.grace, 0);
  assert.equal(b?.owner, 'ops');
  assert.deepEqual(b?.schedule, ['daily at 01:00', 'daily at 02:15']);
});

test('included files add their jobs, with their own paths and defaults', () => {
  mkdirSync(join(directory, 'parts'), { recursive: true });
  writeFile(directory, 'parts/b.yaml', 'jobs:\n  b: { schedule: "@daily", command: b, cwd: here }\nenv-file: b.env\n');
  writeFile(directory, 'parts/a.yaml', 'defaults: { timeout: 5m }\njobs:\n  a: { schedule: "@daily", command: a }\n');
  const { project, problems } = load(
    'version: 1\nproject: shop\ninclude: parts/*.yaml\ndefaults: { timeout: 1m, cwd: main }\nenv: { X: "1" }\n',
  );
  assert.deepEqual(problems, []);
  const [a, b] = project?.jobs ?? [];
  assert.deepEqual([a?.id, a?.timeout], ['shop/a', 300_000]);
  assert.equal(a?.cwd, join(directory, 'main'));
  assert.deepEqual([b?.id, b?.timeout], ['shop/b', 60_000]);
  assert.equal(b?.cwd, join(directory, 'parts/here'));
  assert.deepEqual(b?.envFiles, [join(directory, 'parts/b.env')]);
});

test('a job that two files name is found in the second, and the first is told', () => {
  writeFile(directory, 'more.yaml', 'jobs:\n  a: { schedule: "@daily", command: a }\n');
  const { project, problems } = load(
    'version: 1\ninclude: [more.yaml]\njobs:\n  a: { schedule: "@daily", command: a }\n',
  );
  assert.equal(project, undefined);
  assert.equal(problems[0]?.code, 'duplicate-job');
  assert.match(problems[0]?.file ?? '', /more\.yaml$/);
  assert.match(problems[0]?.message ?? '', /jobs\.yaml:4$/);
});

test('an included file cannot name a project', () => {
  writeFile(directory, 'strange.yaml', 'project: other\njobs: {}\n');
  const { problems } = load('version: 1\ninclude: strange.yaml\n');
  assert.deepEqual(
    problems.map(({ code, line }) => `${code} ${line}`),
    ['unknown-key 1'],
  );
});

test('mail needs one way out, and a password does not belong into the file', () => {
  const codes = (mail: string) => load(`version: 1\nmail: ${mail}\njobs: {}\n`).problems.map(({ code }) => code);
  const people = 'from: cron@example.org, to: ops@example.org';
  assert.deepEqual(codes(`{ ${people} }`), ['mail-transport']);
  assert.deepEqual(codes(`{ ${people}, smtp: "smtp://h", sendmail: /usr/sbin/sendmail }`), ['mail-transport']);
  assert.deepEqual(codes(`{ ${people}, smtp: "smtp://u:secret@h" }`), ['literal-password']);
  assert.deepEqual(codes(`{ ${people}, smtp: "smtp://u:\${PW}@h" }`), ['unset-variable']);
  assert.deepEqual(codes(`{ ${people}, sendmail: [/usr/sbin/sendmail, -t] }`), []);
});

test('a longest wait below the first wait is found', () => {
  const { problems } = load(
    'version: 1\njobs:\n  a: { schedule: "@daily", command: a, retry: { delay: 1h, max-delay: 5m } }\n',
  );
  assert.deepEqual(
    problems.map(({ code, line }) => `${code} ${line}`),
    ['retry-delay 3'],
  );
});

test('the sources of a project are all files that it is made from, by absolute paths', () => {
  const event = 'BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\n';
  const calendar = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n${event}END:VCALENDAR\r\n`;
  mkdirSync(join(directory, 'sources'));
  writeFile(directory, 'sources/days.ics', calendar);
  const except = '{schedule: "@daily", command: "true", except: {file: days.ics}}';
  writeFile(directory, 'sources/part.yaml', `jobs:\n  b: ${except}\n`);
  const { sources, problems } = load(`version: 1\ninclude: part.yaml\njobs:\n  a: ${except}\n`, 'sources/jobs.yaml');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...sources.contents.keys()],
    ['jobs.yaml', 'part.yaml', 'days.ics'].map((name) => join(directory, 'sources', name)),
  );
});
