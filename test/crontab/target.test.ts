import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parseTarget } from '../../src/crontab/target.ts';
import { UserError } from '../../src/errors.ts';

describe('a target', () => {
  it('is the own table of the user', () => assert.deepEqual(parseTarget('user'), { kind: 'user' }));

  it('is a file, by its absolute path', () => {
    assert.deepEqual(parseTarget('file:/srv/my tab'), { kind: 'file', path: '/srv/my tab' });
    assert.deepEqual(parseTarget('file:tab'), { kind: 'file', path: resolve('tab') });
  });

  for (const text of ['', 'User', 'root', 'file:', '/srv/tab', 'user:root']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseTarget(text), /^UserError: found the target ".*", expected user or file:PATH$/);
    });
  }

  for (const path of ['/etc/crontab', '/etc/cron.d/shop', '/etc/../etc/cron.d/shop']) {
    it(`is not ${path}, whose lines have another form`, () => {
      assert.throws(
        () => parseTarget(`file:${path}`),
        (error) => error instanceof UserError && /its lines name a user/.test(error.message),
      );
    });
  }
});
