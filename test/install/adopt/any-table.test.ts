import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTableText } from '../../../src/crontab/block.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { environmentAbove } from '../../../src/crontab/foreign.ts';
import { tickLine } from '../../../src/crontab/line.ts';
import { planSync } from '../../../src/crontab/plan.ts';
import { readGrowingFile } from '../../../src/install/adopt/jobs-file.ts';
import type { Proposal } from '../../../src/install/adopt/proposal.ts';
import { surveyTables } from '../../../src/install/adopt/survey.ts';
import { withTwins } from '../../../src/install/adopt/twins.ts';
import { rendered } from '../../../src/install/lines.ts';
import { withJobs } from '../../../src/job/edit/with-jobs.ts';
import type { Job, JobName, Project } from '../../../src/job/job.ts';
import { readTimetable } from '../../../src/schedule/timetable.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { startedBy } from '../../crontab/import/adopted.ts';
import { type CronEntry, readCronTable } from '../../crontab/import/debian-cron.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';

const folder = temporaryDirectory();
const launcher = { path: '/opt/cronwright', state: undefined };
const host = { zone: namedZone('UTC'), at: Date.UTC(2026, 1, 25) };
const main = 'main' as JobName;

const signs = `a /bin/b % \\ \\% " ' $ # = - * & | { } [ ! ~ @ , ? null 1 é`.split(' ');
const blanks = [' ', ' # ', ': ', '- ', '\t', '\v', '\f', '\u00a0', '\u2028', '\ufeff', '\u001b'];
const words = fc
  .array(fc.constantFrom('`', '${HOME}', ...signs, ...blanks), { maxLength: 8 })
  .map((parts) => parts.join(''));
const times = fc.oneof(
  fc.constantFrom('* * * * *', '0 5 * * *', '*/90 1-3,7 * * sun', '5 4 1 * 1', '60 * * * *', '22-2 * * * *'),
  fc.constantFrom('@daily', '@reboot', '@Daily'),
);
const variable = fc
  .tuple(
    fc.constantFrom('PATH', 'SHELL', 'HOME', 'MAILTO', 'LANG', 'TZ', 'FOO', 'my-var', '"A B"'),
    fc.oneof(fc.constantFrom('/bin/sh', '/bin/bash', 'sh', '""', "'  a '", '${HOME}', 'ops@shop.example'), words),
  )
  .map(([name, value]) => `${name} = ${value}`);
const comment = fc.constantFrom('# Nightly', '#', '# 0 5 * * * old', '# FOO=bar', '', ' ');
const entry = fc.tuple(times, fc.oneof(words, fc.constant('backup'))).map(([time, command]) => `${time} ${command}`);
const line = fc.oneof({ weight: 3, arbitrary: entry }, { weight: 2, arbitrary: variable }, comment);
/** The same line stands there more than once now and then. */
const lines = fc
  .array(line, { minLength: 1, maxLength: 6 })
  .chain((some) => fc.array(fc.constantFrom(...some), { minLength: 1, maxLength: 9 }));

/** A table after some of its entries were adopted, and the jobs that they have become, by their lines. */
interface Synced {
  readonly next: Buffer;
  readonly jobs: ReadonlyMap<number, Job>;
}

function synced(table: Buffer, picks: readonly boolean[]): Synced {
  const path = writeFile(mkdtempSync(join(folder, 'file-')), 'jobs.yaml', 'version: 1\n');
  const file = readGrowingFile(path);
  assert.ok('said' in file);
  const outer = environmentAbove(readTableText(table), main).map(({ name }) => name);
  const home = { table: 'user', target: 'user', account: 'root', outer, zone: 'UTC' };
  const source = { name: 'user', bytes: table, system: false, owner: 'root', cron: crons.debian };
  const { proposals } = surveyTables([source], { file, home, taken: [], unwrap: false });
  const picked = proposals.filter((_, index) => picks[index % picks.length] === true);
  const chosen = withTwins(proposals, picked);
  if (chosen.length === 0) return { next: table, jobs: new Map() };
  const project = projectWith(path, file.text ?? '', chosen);
  const byName = new Map(project.jobs.map((job) => [job.name, job]));
  const jobs = chosen.map(({ entry: { line: number }, job }) => [number, byName.get(job.name) as Job] as const);
  return { next: planned(project, table), jobs: new Map(jobs) };
}

function projectWith(path: string, text: string, chosen: readonly Proposal[]): Project {
  const jobs = chosen.map(({ job }) => job);
  const { project, problems } = readTimetable(writeFile(join(path, '..'), 'jobs.yaml', withJobs(text, jobs)));
  assert.ok(project, JSON.stringify(problems));
  return project;
}

function planned({ jobs, replaces }: Project, table: Buffer): Buffer {
  const tick = tickLine(launcher);
  const { tables } = planSync({
    project: main,
    wanted: rendered(jobs, launcher, host),
    installed: [],
    taken: [],
    moved: [],
    revision: { current: undefined, next: 1 },
    settings: [],
    ...{ tick, installedTick: tick, otherTicks: [] },
    into: { target: 'user', table, replaces },
    unfinished: [],
    others: [],
  });
  return tables[0]?.next ?? table;
}

function readByCron(table: Buffer) {
  return readCronTable(table, { system: false, owner: 'root', homeOf: () => '/root' });
}

/** Everything that cron would do for an entry, to be compared. */
function deedOf({ line: _, isDue: _due, isDay: _day, ...deed }: CronEntry): string {
  return JSON.stringify(deed);
}

test('Of whatever table some entries are adopted: cron and the jobs together start what cron alone has started', () => {
  const picks = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lines, picks, (texts, chosen) => {
      const table = Buffer.from(`${texts.join('\n')}\n`);
      const before = readByCron(table);
      const { next, jobs } = synced(table, chosen);
      const after = readByCron(next);
      const left = after.entries.filter(({ command }) => !command.startsWith('/opt/cronwright '));
      const staying = before.entries.filter((one) => !jobs.has(one.line));
      assert.deepEqual(left.map(deedOf), staying.map(deedOf));
      for (const one of before.entries) checkJob(one, jobs.get(one.line), after.end);
      for (const number of before.refused) assert.ok(!jobs.has(number));
    }),
    { numRuns: 200 },
  );
});

/** @param above the variables that stand above the jobs' lines. */
function checkJob(entry: CronEntry, job: Job | undefined, above: ReadonlyMap<string, string>): void {
  if (job === undefined) return;
  const { shell, command, stdin, user, env: given } = startedBy(job, Object.fromEntries(above));
  // Cron sets no USER; every task of cronwright has it.
  const { USER: _, ...env } = given;
  const wanted = { shell: entry.shell, command: entry.command, stdin: entry.stdin, user: entry.user, env: entry.env };
  assert.deepEqual({ shell, command, stdin, user, env }, wanted);
}
