import assert from 'node:assert/strict';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { readGrowingFile } from '../../../src/install/adopt/jobs-file.ts';
import { surveyTables } from '../../../src/install/adopt/survey.ts';
import { type Account, accountOf } from '../../../src/job/account.ts';
import { withJobs } from '../../../src/job/edit/with-jobs.ts';
import type { Job } from '../../../src/job/job.ts';
import { argvOf } from '../../../src/run/argv.ts';
import { taskEnvironment } from '../../../src/run/environment.ts';
import { readTimetable } from '../../../src/schedule/timetable.ts';
import { writeFile } from '../../temporary.ts';
import type { Started } from './debian-cron.ts';

/** What a table's entries have become: jobs as the program reads them from a jobs file, by the line of the entry. */
export interface Adopted {
  readonly jobs: ReadonlyMap<number, Job>;
  readonly obstructed: readonly number[];
}

export function account(name: string): Account {
  const found = accountOf(name);
  assert.ok(found, `there is no account ${name}`);
  return found;
}

/** Adopts all entries of a crontab of Debian’s cron for jobs of root, and reads the jobs file back. */
export function adopted(bytes: Buffer, { system, folder }: { system: boolean; folder: string }): Adopted {
  const path = writeFile(folder, 'jobs.yaml', 'version: 1\nproject: main\nenv: {}\njobs: {}\n');
  const file = readGrowingFile(path);
  assert.ok('said' in file);
  const name = system ? '/etc/crontab' : 'user';
  const outer = system
    ? []
    : [...bytes.toString().matchAll(/^[ \t]*["']?([A-Z_]+)["']?[ \t]*=/gm)].map(([, one = '']) => one);
  const home = { table: 'user', target: 'user', account: 'root', outer, zone: 'UTC' };
  const source = { name, bytes, system, owner: 'root', cron: crons.debian };
  const { proposals, obstructed } = surveyTables([source], { file, home, taken: [], unwrap: false });
  const text = withJobs(
    file.text ?? '',
    proposals.map(({ job }) => job),
  );
  const { project, problems } = readTimetable(writeFile(folder, 'jobs.yaml', text));
  assert.ok(project, JSON.stringify(problems));
  const byName = new Map(project.jobs.map((job) => [String(job.name), job]));
  const jobs = new Map(proposals.map(({ entry, job }) => [entry.line, byName.get(job.name) as Job]));
  return { jobs, obstructed: obstructed.map(({ line }) => line) };
}

/** What a job starts under cron, in the terms of cron. @param above the environment of cron where its line stands. */
export function startedBy(job: Job, above: Readonly<Record<string, string>>): Started {
  const identity = account(job.user === '' ? 'root' : job.user);
  const env = taskEnvironment({ job, inherited: above, underCron: true, identity, slot: undefined });
  const argv = withoutEnv(argvOf(job.command), env);
  assert.equal(argv[1], '-c');
  assert.equal(argv.length, 3);
  assert.equal(job.cwd, '');
  assert.notEqual(job.stdin.kind, 'file');
  delete env.CRONWRIGHT_JOB;
  return {
    shell: argv[0] as string,
    command: argv[2] as string,
    env,
    stdin: job.stdin.kind === 'text' ? job.stdin.text : '',
    user: identity.user,
  };
}

/** What env(1) makes of an environment, and the words that it executes. */
function withoutEnv(argv: readonly string[], env: Record<string, string>): readonly string[] {
  if (argv[0] !== '/usr/bin/env') return argv;
  let index = 1;
  for (; argv[index] === '-u'; index += 2) delete env[argv[index + 1] as string];
  for (; argv[index]?.includes('=') && !argv[index]?.startsWith('/'); index++) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(argv[index] ?? '') ?? [];
    env[name] = value;
  }
  return argv.slice(index);
}
