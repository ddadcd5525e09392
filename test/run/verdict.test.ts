import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern } from '../../src/job/pattern.ts';
import type { FailureSign } from '../../src/run/outcome.ts';
import type { Stream } from '../../src/run/stream.ts';
import { judge, SignWatch, type Verdict } from '../../src/run/verdict.ts';

const plain: Verdict = { success: [0], stderr: false, pattern: undefined };
const both: Verdict = { success: [0], stderr: true, pattern: compilePattern('^ERROR') };

function signIn(verdict: Verdict, ...output: readonly (readonly [Stream, string])[]): FailureSign | undefined {
  const watch = new SignWatch(verdict);
  for (const [stream, text] of output) watch.push(stream, Buffer.from(text));
  return watch.end();
}

test('Without fail-when nothing in the output is a sign', () => {
  assert.equal(signIn(plain, ['stderr', 'ERROR\n'], ['stdout', 'ERROR\n']), undefined);
});

test('A byte on standard error is a sign where the job says so, standard output is none', () => {
  const verdict = { ...plain, stderr: true };
  assert.equal(signIn(verdict, ['stderr', '\n']), 'stderr');
  assert.equal(signIn(verdict, ['stdout', 'ERROR\n'], ['stderr', '']), undefined);
});

test('A line that matches is a sign on either stream', () => {
  const verdict = { ...both, stderr: false };
  assert.equal(signIn(verdict, ['stdout', 'fine\nERROR 3\n']), 'pattern');
  assert.equal(signIn(verdict, ['stderr', 'ERROR']), 'pattern');
  assert.equal(signIn(verdict, ['stderr', 'no ERROR\n']), undefined);
});

test('Where both signs are there, standard error is named', () => {
  assert.equal(signIn(both, ['stdout', 'ERROR\n'], ['stderr', 'oh\n']), 'stderr');
  assert.equal(signIn(both, ['stderr', 'ERROR\n']), 'stderr');
  assert.equal(signIn(both, ['stdout', 'ERROR\n']), 'pattern');
});

const exited = (status: number) => ({ kind: 'exited', status }) as const;

test('A status is fine where success-exit has it', () => {
  const verdict = { ...plain, success: [0, 24] };
  for (const [status, ok] of [
    [0, true],
    [24, true],
    [1, false],
  ] as const) {
    assert.deepEqual(judge(exited(status), verdict, undefined), { kind: 'exited', status, ok });
  }
  assert.deepEqual(judge(exited(0), { ...plain, success: [3] }, undefined), { kind: 'exited', status: 0, ok: false });
});

test('A sign turns a status that is fine into a failure, and leaves every other as it is', () => {
  assert.deepEqual(judge(exited(0), both, 'stderr'), { kind: 'showed-failure', status: 0, sign: 'stderr' });
  assert.deepEqual(judge(exited(3), both, 'pattern'), { kind: 'exited', status: 3, ok: false });
});

test('A signal stays a signal', () => {
  const end = { kind: 'signalled', signal: 'SIGSEGV' } as const;
  assert.deepEqual(judge(end, { ...both, success: [0, 139] }, 'stderr'), end);
});
