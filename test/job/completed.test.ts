import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed, type StoredJob, usualSettings } from '../../src/job/completed.ts';
import type { Job } from '../../src/job/job.ts';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

/** A job as version 0.1.0 stored it. */
const old =
  '{"id":"main/a","project":"main","name":"a","description":"","owner":"","schedule":["@daily"],' +
  '"command":{"kind":"shell","line":"true"},"cwd":"","env":{},"envFiles":[],"timeout":0,"grace":10000,' +
  '"retry":{"attempts":1,"delay":30000,"backoff":"fixed","maxDelay":600000,"jitter":0,"on":"any"},' +
  '"notify":{"on":["failure"],"to":[]}}';

function resolved(more = ''): Job {
  const text = `version: 1\njobs:\n  a: { schedule: "@daily", command: "true"${more} }\n`;
  const [job] = loadJobs(writeFile(directory, 'jobs.yaml', text)).project?.jobs ?? [];
  assert.ok(job);
  return job;
}

test('a job that an earlier version stored is, completed, the text that the same job is today', () => {
  assert.equal(
    JSON.stringify(completed(JSON.parse(old) as StoredJob)),
    JSON.stringify(resolved(', notify: { on: [failure] }')),
  );
});

test('a job that is whole stays as it is, and what it has is not overwritten', () => {
  const job = resolved(', user: www, umask: "0", nice: 3, overlap: allow, success-exit: [3], stdin: x');
  assert.equal(JSON.stringify(completed(JSON.parse(JSON.stringify(job)) as StoredJob)), JSON.stringify(job));
});

test('a job that has some of the settings gets the others', () => {
  const job = completed({ ...(JSON.parse(old) as StoredJob), overlap: 'allow', umask: 0 });
  assert.deepEqual([job.overlap, job.umask, job.waitUpTo], ['allow', 0, usualSettings.waitUpTo]);
});

test('a resolved job is plain JSON: nothing of it is lost on the way to the store and back', () => {
  const job = resolved(', umask: "0027", stdin: { file: in }, output: { file: out }, fail-when: { stderr: true }');
  assert.deepEqual(JSON.parse(JSON.stringify(job)), job);
  for (const value of Object.values(job)) assert.notEqual(value, undefined);
});
