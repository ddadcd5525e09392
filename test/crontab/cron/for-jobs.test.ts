import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CronName } from '../../../src/crontab/cron/cron.ts';
import { cronProblems } from '../../../src/crontab/cron/cron-problems.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { limitsForJobs } from '../../../src/crontab/cron/for-jobs.ts';
import type { Project } from '../../../src/job/job.ts';
import { loadJobs } from '../../../src/job/load.ts';
import { writeFile } from '../../temporary.ts';
import { directory } from '../rig.ts';

const mine = { root: false, system: false, others: 5 };
const mail = 'mail: { from: cron@shop.example, to: [ops@shop.example], sendmail: [/usr/sbin/sendmail, -t] }';

function load(t: TestContext, text: string): { readonly file: string; readonly project: Project } {
  const file = writeFile(directory(t), 'jobs.yaml', `version: 1\nproject: shop\n${text}\n`);
  const { project, problems } = loadJobs(file);
  assert.ok(project, problems.map(({ message }) => message).join('; '));
  return { file, project };
}

function codes(project: Project, cron: CronName, table = mine): readonly string[] {
  return limitsForJobs(project, crons[cron], table).map(({ code, severity, job }) => `${severity} ${code} ${job}`);
}

const daily = (count: number) =>
  Array.from({ length: count }, (_, index) => `  job-${index}: { schedule: "0 3 * * *", command: run-it }`).join('\n');

describe('what a cron cannot do for jobs', () => {
  it('is nothing where Debian’s cron or cronie has plain jobs', (t) => {
    const { project } = load(t, `jobs:\n${daily(3)}\n  boot: { schedule: "@reboot", command: run-it, overlap: allow }`);
    for (const cron of ['debian', 'cronie', 'macos'] as const) assert.deepEqual(codes(project, cron), []);
  });

  it('is that 300 of them are too many for a user of BusyBox, and not for root', (t) => {
    const { project } = load(t, `${mail}\njobs:\n${daily(300)}`);
    assert.deepEqual(codes(project, 'busybox'), ['error cron-table-full null']);
    assert.deepEqual(codes(project, 'busybox', { ...mine, root: true }), []);
    const [found] = limitsForJobs(project, crons.busybox, mine);
    assert.match(found?.message ?? '', /make a table of 305 lines, and BusyBox crond takes at most 256/);
  });

  it('begins with the line after the last that fits', (t) => {
    const { project } = load(t, `${mail}\njobs:\n${daily(251)}`);
    assert.deepEqual(codes(project, 'busybox'), []);
    assert.deepEqual(codes(project, 'busybox', { ...mine, others: 6 }), ['error cron-table-full null']);
  });

  it('counts two lines for a job that has a time and the start of the machine', (t) => {
    const { project } = load(
      t,
      `${mail}\njobs: { both: { schedule: ["@reboot", "0 3 * * *", "@daily"], command: run-it } }`,
    );
    assert.deepEqual(codes(project, 'busybox', { ...mine, others: 254 }), []);
    assert.deepEqual(codes(project, 'busybox', { ...mine, others: 255 }), ['error cron-table-full null']);
  });

  it('is the start of the machine for bcron, at the place of the schedule', (t) => {
    const { file, project } = load(
      t,
      'jobs:\n  boot: { schedule: "@reboot", command: run-it }\n  other: { schedule: "0 3 * * *", command: run-it }',
    );
    assert.deepEqual(codes(project, 'bcron'), ['error cron-no-reboot shop/boot']);
    const [problem] = cronProblems(file, project, crons.bcron);
    assert.equal(problem?.line, 4);
    assert.equal(problem?.source.slice(problem.column - 1, problem.column - 1 + problem.length), '"@reboot"');
  });

  it('is an overlap on BusyBox, at the place where it is asked for', (t) => {
    const { file, project } = load(
      t,
      `${mail}\ndefaults: { overlap: allow }\njobs:\n  a: { schedule: "@daily", command: run-it }\n  b: { schedule: "@daily", command: run-it, overlap: skip }`,
    );
    assert.deepEqual(codes(project, 'busybox'), ['warning cron-skips-overlap shop/a']);
    const [problem] = cronProblems(file, project, crons.busybox);
    assert.deepEqual([problem?.line, problem?.code], [4, 'cron-skips-overlap']);
  });

  it('is a file in /etc/cron.d where the cron looks into none', (t) => {
    const { project } = load(t, `${mail}\njobs:\n${daily(1)}`);
    const inSystem = { root: true, system: true, others: 5 };
    for (const cron of ['busybox', 'macos'] as const) {
      assert.deepEqual(codes(project, cron, inSystem), ['error cron-no-system-tables null']);
    }
    assert.deepEqual(codes(project, 'bcron', inSystem), []);
  });

  it('is the mail that carries reports where the file has no mail: of its own', (t) => {
    const { file, project } = load(t, `jobs:\n${daily(1)}`);
    assert.deepEqual(codes(project, 'busybox'), ['warning cron-mails-nothing null']);
    const [problem] = cronProblems(file, project, crons.busybox);
    assert.deepEqual([problem?.line, problem?.source], [1, 'version: 1']);
  });

  it('is the second hour of a night on systemd-cron', (t) => {
    const { project } = load(t, `${mail}\njobs:\n${daily(1)}`);
    assert.deepEqual(codes(project, 'systemd-cron'), ['warning cron-passes-over null']);
  });

  it('names errors first', (t) => {
    const { project } = load(t, `jobs:\n  a: { schedule: "@daily", command: run-it, overlap: allow }\n${daily(260)}`);
    const severities = limitsForJobs(project, crons.busybox, mine).map(({ severity }) => severity);
    assert.deepEqual(severities, ['error', 'warning', 'warning']);
  });
});
