import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

/** The problems of a file with the jobs a and b, and c in a file of its own. */
function problems(moved: string): readonly string[] {
  const job = '{ schedule: "@daily", command: "true" }';
  writeFile(directory, 'more.yaml', `jobs: { c: ${job} }\n`);
  const text = `version: 1\nmoved: ${moved}\ninclude: more.yaml\njobs: { a: ${job}, b: ${job} }\n`;
  return loadJobs(writeFile(directory, 'jobs.yaml', text)).problems.map(
    ({ line, column, code, message, hint }) => `${line}:${column} ${code} ${message} (${hint})`,
  );
}

test('a job may have had another name, or several', () => {
  assert.deepEqual(problems('{ old: a, older: old, other: c }'), []);
});

test('the new name must be one that a job has, in whatever file', () => {
  assert.deepEqual(problems('{ old: backup }'), [
    '2:15 moved-job found the new name backup, which no job has (name a job of this file)',
  ]);
});

test('no job may still have the old name', () => {
  assert.deepEqual(problems('{ c: a }'), [
    '2:10 moved-job found the old name c, which a job still has (remove this line, or give that job the name a)',
  ]);
});

test('names must not lead in a circle', () => {
  assert.deepEqual(
    problems('{ x: w, w: x, z: z }').map((one) => one.replace(/^(\S+) .* to (\w).*/, '$1 $2')),
    ['2:13 x', '2:19 w', '2:25 z'],
  );
});

test('what is malformed is told once', () => {
  for (const moved of ['none', '[a, b]', '{ old: 1 }', '{ old: { to: a } }']) {
    assert.ok(
      problems(moved).every((one) => !one.includes('moved-job')),
      moved,
    );
  }
});
