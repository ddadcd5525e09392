import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isShortage, notStarted } from '../../src/run/not-started.ts';

const program = { file: 'true', cwd: '/', env: { PATH: '/usr/bin:/bin' } };

function failed(code: string): Error {
  return Object.assign(new Error(`spawn ${code}`), { code });
}

for (const code of ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']) {
  test(`${code} is a shortage, whatever else may be wrong`, () => {
    for (const cwd of ['/', '/no/such']) {
      const { cause, message } = notStarted(failed(code), { ...program, cwd });
      assert.equal(cause, 'no-resources');
      assert.ok(message.endsWith(`(${code})`), message);
    }
    assert.ok(isShortage(failed(code)));
  });
}

test('No other failure is a shortage', () => {
  for (const error of [failed('ENOENT'), failed('E2BIG'), new Error('EAGAIN'), undefined]) {
    assert.ok(!isShortage(error));
    assert.notEqual(notStarted(error, program).cause, 'no-resources');
  }
});
