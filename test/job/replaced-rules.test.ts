import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

function load(replaces: unknown) {
  const jobs = { one: { schedule: 'hourly', command: 'x', replaces } };
  return loadJobs(writeFile(directory, 'jobs.yaml', `version: 1\njobs: ${JSON.stringify(jobs)}\n`));
}

const entry = '30 2 * * * A=1 backup # not a comment';
/** A blank to some, and to cron a character like others. */
const wide = '\u00a0';

test('replaces: names an entry, or comments and an entry, of one table or another', () => {
  const { project, problems } = load([entry, { table: '/etc/crontab', line: `# nightly\n${entry}\n` }, '@daily A=1 x']);
  assert.deepEqual(problems, []);
  assert.deepEqual(project?.replaces, [
    { job: 'main/one', table: '', lines: [entry] },
    { job: 'main/one', table: '/etc/crontab', lines: ['# nightly', entry] },
    { job: 'main/one', table: '', lines: ['@daily A=1 x'] },
  ]);
});

test('its last line is an entry by the blanks of cron, and where its command begins as a value does', () => {
  for (const line of [`@daily ${wide}=x`, '\t@daily  =']) {
    assert.deepEqual(load(line).problems, [], line);
  }
});

test('its last line is an entry, and none of its lines is cronwright’s own', () => {
  for (const [line, code] of [
    ['# 30 2 * * * backup', 'replaces-entry'],
    [`${entry}\n# behind`, 'replaces-entry'],
    ['MAILTO=ops', 'replaces-entry'],
    ['"A B" = c', 'replaces-entry'],
    ['# BEGIN cronwright shop\n0 0 * * * x', 'replaces-marker'],
    ['#end  Cronwright\n0 0 * * * x', 'replaces-marker'],
  ] as const) {
    const { project, problems } = load(line);
    assert.equal(project, undefined, line);
    assert.deepEqual(
      problems.map((problem) => problem.code),
      [code],
      line,
    );
    assert.match(problems[0]?.source ?? '', /replaces/);
  }
});
