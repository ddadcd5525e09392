import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptEnd, attemptEnds, exitStatusOf, sentence, startFailures, stateOf } from '../../src/run/outcome.ts';

const php = 'php was not found on PATH (/usr/bin:/bin)';
const hour = 3_600_000;

const table: readonly (readonly [AttemptEnd, string, number, string])[] = [
  [{ kind: 'exited', status: 0, ok: true }, 'succeeded', 0, 'exited with status 0'],
  [{ kind: 'exited', status: 24, ok: true }, 'succeeded', 24, 'exited with status 24, which success-exit allows'],
  [{ kind: 'exited', status: 0, ok: false }, 'failed', 1, 'exited with status 0, which success-exit does not allow'],
  [{ kind: 'exited', status: 3, ok: false }, 'failed', 3, 'exited with status 3'],
  [
    { kind: 'exited', status: 126, ok: false },
    'failed',
    126,
    'exited with status 126 (from a shell: the file may not be executed)',
  ],
  [
    { kind: 'exited', status: 127, ok: false },
    'failed',
    127,
    'exited with status 127 (from a shell: the command was not found)',
  ],
  [
    { kind: 'exited', status: 137, ok: false },
    'failed',
    137,
    'exited with status 137 (from a shell: its command was ended by SIGKILL)',
  ],
  [{ kind: 'exited', status: 255, ok: false }, 'failed', 255, 'exited with status 255'],
  [
    { kind: 'showed-failure', status: 0, sign: 'stderr' },
    'failed',
    1,
    'exited with status 0, but wrote to standard error',
  ],
  [
    { kind: 'showed-failure', status: 24, sign: 'pattern' },
    'failed',
    24,
    'exited with status 24, but its output matches fail-when',
  ],
  [{ kind: 'signalled', signal: 'SIGSEGV' }, 'failed', 139, 'was ended by SIGSEGV'],
  [{ kind: 'signalled', signal: 'SIGKILL' }, 'failed', 137, 'was ended by SIGKILL (perhaps out of memory)'],
  [{ kind: 'timed-out', after: hour }, 'timed-out', 124, 'took longer than its timeout of 1 hour and was ended'],
  [{ kind: 'cancelled', by: 'SIGTERM' }, 'cancelled', 143, 'was cancelled by SIGTERM'],
  [
    { kind: 'not-started', cause: 'not-found', message: php },
    'failed',
    127,
    'could not be started: php was not found on PATH (/usr/bin:/bin)',
  ],
  [
    { kind: 'not-started', cause: 'not-executable', message: '/x may not be executed' },
    'failed',
    126,
    'could not be started: /x may not be executed',
  ],
  [
    { kind: 'not-started', cause: 'bad-cwd', message: 'its directory /x does not exist' },
    'failed',
    125,
    'could not be started: its directory /x does not exist',
  ],
  [
    { kind: 'not-started', cause: 'unknown-user', message: 'there is no account deploy' },
    'failed',
    125,
    'could not be started: there is no account deploy',
  ],
  [
    { kind: 'not-started', cause: 'no-resources', message: 'there is no memory for another process' },
    'failed',
    125,
    'could not be started: there is no memory for another process',
  ],
  [{ kind: 'not-started', cause: 'other', message: 'spawn E2BIG' }, 'failed', 125, 'could not be started: spawn E2BIG'],
];

for (const [end, state, status, words] of table) {
  test(`An attempt that ${words} leaves its run ${state} and returns ${status}`, () => {
    assert.equal(stateOf(end), state);
    assert.equal(exitStatusOf(end), status);
    assert.equal(sentence(end), words);
  });
}

test('Every kind of end stands in the table', () => {
  assert.deepEqual(new Set(table.map(([end]) => end.kind)), new Set(attemptEnds));
});

test('Every reason for a command that never became a process stands in the table', () => {
  const causes = table.flatMap(([end]) => (end.kind === 'not-started' ? [end.cause] : []));
  assert.deepEqual(new Set(causes), new Set(startFailures));
});

test('No two ends of the table have the same sentence', () => {
  assert.equal(new Set(table.map(([end]) => sentence(end))).size, table.length);
});

test('Only a success returns 0', () => {
  for (const [end] of table)
    assert.equal(exitStatusOf(end) === 0, stateOf(end) === 'succeeded' && sentence(end) === 'exited with status 0');
});
