import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { checkMeaning } from '../../../src/job/edit/meaning.ts';
import { type SaidOfAll, undisturbed } from '../../../src/job/edit/undisturbed.ts';
import { withJobs } from '../../../src/job/edit/with-jobs.ts';
import type { Job, JobName } from '../../../src/job/job.ts';
import { loadJobs } from '../../../src/job/load.ts';
import { type Defaults, type JobEntry, jsonSchema } from '../../../src/job/shape.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';

const directory = temporaryDirectory();
const otherwise = { home: '/home/alice', account: 'alice', zone: 'Europe/Berlin' };
const entry: JobEntry = { schedule: '30 2 * * *', command: 'backup', overlap: 'allow' };

/** What a file may say of all its jobs, and what a job must say to be as if it did not; nothing for what may stay. */
const cases: readonly (readonly [said: Defaults, told: Partial<JobEntry> | undefined])[] = [
  [{ owner: 'web team' }, {}],
  [{ labels: ['nightly'] }, {}],
  [{ cwd: '/srv' }, { cwd: '/home/alice' }],
  [{ timeout: '1h' }, { timeout: 0 }],
  [{ grace: '1m' }, { grace: '10s' }],
  [{ retry: { attempts: 3, delay: '1s' } }, { retry: { attempts: 1 } }],
  [{ notify: { on: ['failure'], to: 'ops@shop.example' } }, {}],
  [{ user: 'daemon' }, { user: 'alice' }],
  [{ umask: '0077' }, { umask: '0022' }],
  [{ nice: 5 }, { nice: 0 }],
  [{ overlap: 'skip' }, {}],
  [{ 'wait-up-to': '2h' }, {}],
  [{ 'success-exit': [0, 24] }, { 'success-exit': [0] }],
  [{ 'fail-when': { stderr: true } }, { 'fail-when': { stderr: false, 'output-matches': '' } }],
  [{ output: { file: '/var/log/all', keep: '1MiB' } }, { output: { file: '' } }],
  [{ output: { keep: '1MiB' } }, {}],
  [{ timezone: 'Asia/Tokyo' }, { timezone: 'Europe/Berlin' }],
  [{ timezone: 'Europe/Berlin' }, {}],
  [{ dst: { skipped: 'skip' } }, { dst: { skipped: 'run-after', repeated: 'once' } }],
  [{ jitter: '5m' }, { jitter: '0s' }],
  [{ missed: 'run-once' }, { missed: 'ignore' }],
  [{ 'start-deadline': '2h' }, {}],
  [{ 'late-after': '5m' }, { 'late-after': 0 }],
  [{ 'warn-after': '5m' }, { 'warn-after': 0 }],
  [{ start: '2026-01-01' }, undefined],
  [{ end: '2036-01-01' }, undefined],
  [{ except: '2026-12-24' }, undefined],
];

function saying(said: Partial<SaidOfAll>): SaidOfAll {
  return { defaults: {}, env: {}, envFiles: [], ...said };
}

function loaded(text: string) {
  const { project, problems } = loadJobs(writeFile(mkdtempSync(join(directory, 'file-')), 'jobs.yaml', text));
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.ok(project);
  return project;
}

describe('a job that is not to be changed by its file', () => {
  for (const [said, told] of cases) {
    it(`says what ${JSON.stringify(said)} would have it do otherwise`, () => {
      const { entry: found, obstacle } = undisturbed(entry, saying({ defaults: said }), otherwise);
      if (told === undefined) return assert.match(obstacle ?? '', /cannot be without/);
      assert.equal(obstacle, undefined);
      assert.deepEqual(found, { ...entry, ...told });
    });
  }

  it('has an answer to each thing that can be said of all jobs', () => {
    const known = Object.keys(jsonSchema().properties?.defaults?.properties ?? {});
    const covered = new Set(cases.flatMap(([said]) => Object.keys(said)));
    assert.ok(known.length > 20);
    assert.deepEqual(
      known.filter((key) => !covered.has(key)),
      [],
    );
  });

  it('means in the file what it means alone', () => {
    const defaults = Object.assign({}, ...cases.filter(([, told]) => told).map(([said]) => said)) as Defaults;
    const env = { PATH: '/opt/bin', SHELL: '/bin/zsh', STAGE: 'prod', TOKEN: 'file' };
    const before = `version: 1\ndefaults: ${JSON.stringify(defaults)}\nenv: ${JSON.stringify(env)}\n`;
    const given = { ...entry, env: { TOKEN: 'own' } };
    const { entry: told, notes } = undisturbed(given, saying({ defaults, env }), otherwise);
    const jobs = [{ name: 'new' as JobName, comments: [], entry: told }];
    const project = loaded(withJobs(`${before}jobs: {}\n`, jobs));
    checkMeaning([], project, jobs, otherwise.zone);
    const [alone] = loaded(withJobs('version: 1\n', [{ ...jobs[0], entry: given } as never])).jobs;
    const [found] = project.jobs;
    assert.ok(alone && found);
    assert.deepEqual(notes, ['the file’s env: gives it STAGE too']);
    assert.deepEqual(found.env, { ...env, PATH: '/usr/bin:/bin', SHELL: '/bin/sh', TOKEN: 'own' });
    const same: readonly (keyof Job)[] = [
      'schedule',
      'command',
      'timeout',
      'grace',
      'overlap',
      'missed',
      'jitter',
      'nice',
    ];
    for (const key of same) assert.deepEqual(found[key], alone[key], key);
    assert.deepEqual([found.retry.attempts, found.user, found.cwd], [1, 'alice', '/home/alice']);
  });

  it('keeps what it says itself', () => {
    const own: JobEntry = { ...entry, timeout: '5m', user: 'daemon', timezone: 'UTC', notify: { to: ['a@b.example'] } };
    const defaults: Defaults = { timeout: '1h', user: 'root', timezone: 'Asia/Tokyo', notify: { on: [] } };
    const { entry: told } = undisturbed(own, saying({ defaults }), otherwise);
    assert.deepEqual(told, { ...own, notify: { on: ['failure', 'missed', 'late', 'slow'], to: ['a@b.example'] } });
  });

  it('starts in the home of its own environment', () => {
    const own = { ...entry, env: { HOME: '/srv/$${x}' } };
    assert.equal(undisturbed(own, saying({ defaults: { cwd: '/' } }), otherwise).entry.cwd, '/srv/${x}');
  });

  it('follows the clock where its minute or hour is a star, as Debian’s cron does', () => {
    const told = (schedule: string) =>
      undisturbed({ ...entry, schedule }, saying({ defaults: { dst: { repeated: 'once' } } }), otherwise).entry.dst;
    for (const schedule of ['*/5 2 * * *', '0 * * * *', '* * * * *']) {
      assert.deepEqual(told(schedule), { skipped: 'skip', repeated: 'twice' }, schedule);
    }
    assert.deepEqual(told('0,30 1-3 * * *'), { skipped: 'run-after', repeated: 'once' });
    assert.deepEqual(told('@daily'), { skipped: 'run-after', repeated: 'once' });
    assert.deepEqual(told('@hourly'), { skipped: 'skip', repeated: 'twice' });
  });

  it('says that an env-file gives it variables too', () => {
    const { notes } = undisturbed(entry, saying({ envFiles: ['secrets.env'] }), otherwise);
    assert.deepEqual(notes, ['the file’s env-file: gives it variables too (secrets.env)']);
  });
});

test('a file in which a job would be another one is noticed', () => {
  const added = [{ name: 'new' as JobName, comments: [], entry }];
  const old = 'jobs:\n  old: { schedule: hourly, command: x }\n';
  const plain = loaded(`version: 1\n${old}`);
  const text = (more: string) => withJobs(`version: 1\n${more}${old}`, added);
  assert.doesNotThrow(() => checkMeaning(plain.jobs, loaded(text('')), added, otherwise.zone));
  assert.throws(
    () => checkMeaning(plain.jobs, loaded(text('env: { A: b }\n')), added, otherwise.zone),
    /old, which is there already/,
  );
  const withDefaults = (said: string) => loaded(text(`defaults: { ${said} }\n`));
  for (const [said, what] of [
    ['timeout: 1h', 'timeout'],
    ['retry: { attempts: 2 }', 'retry'],
    ['output: { file: /tmp/x }', 'output'],
    ['user: daemon', 'user'],
    ['timezone: Asia/Tokyo', 'timezone'],
  ] as const) {
    const project = withDefaults(said);
    const before = project.jobs.filter(({ name }) => name === 'old');
    const message = new RegExp(`would change ${what} of the new job new`);
    assert.throws(() => checkMeaning(before, project, added, otherwise.zone), { name: 'UserError', message }, said);
  }
  const project = loaded(text(''));
  assert.throws(() => checkMeaning([], project, added, otherwise.zone), /would have 2 jobs/);
  assert.throws(() => checkMeaning(plain.jobs, plain, added, otherwise.zone), /everything of the new job new/);
});
