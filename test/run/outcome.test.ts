import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptEnd, attemptEnds, exitStatusOf, sentence, stateOf } from '../../src/run/outcome.ts';

const php = 'php was not found on PATH (/usr/bin:/bin)';
const hour = 3_600_000;

const table: readonly (readonly [AttemptEnd, string, number, string])[] = [
  [{ kind: 'exited', status: 0 }, 'succeeded', 0, 'exited with status 0'],
  [{ kind: 'exited', status: 3 }, 'failed', 3, 'exited with status 3'],
  [
    { kind: 'exited', status: 126 },
    'failed',
    126,
    'exited with status 126 (from a shell: the file may not be executed)',
  ],
  [{ kind: 'exited', status: 127 }, 'failed', 127, 'exited with status 127 (from a shell: the command was not found)'],
  [
    { kind: 'exited', status: 137 },
    'failed',
    137,
    'exited with status 137 (from a shell: its command was ended by SIGKILL)',
  ],
  [{ kind: 'exited', status: 255 }, 'failed', 255, 'exited with status 255'],
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
