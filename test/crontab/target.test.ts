import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parseTarget, targetLabel } from '../../src/crontab/target.ts';
import { UserError } from '../../src/errors.ts';
import type { JobName } from '../../src/job/job.ts';

describe('a target', () => {
  it('is the own table of the user', () => assert.deepEqual(parseTarget('user'), { kind: 'user' }));

  it('is a file, by its absolute path', () => {
    assert.deepEqual(parseTarget('file:/srv/my tab'), { kind: 'file', path: '/srv/my tab' });
    assert.deepEqual(parseTarget('file:tab'), { kind: 'file', path: resolve('tab') });
  });

  it('is the table of another user, by a name that is no option and no path', () => {
    assert.deepEqual(parseTarget('user:www-data'), { kind: 'user-of', user: 'www-data' });
    for (const name of ['-r', '../root', 'a b', 'a/b', 'ä'])
      assert.throws(() => parseTarget(`user:${name}`), UserError);
  });

  it('is a file of the project in /etc/cron.d, of a name that every cron reads there', () => {
    assert.deepEqual(parseTarget('cron.d', 'shop' as JobName), { kind: 'cron.d', name: 'cronwright-shop' });
    assert.deepEqual(parseTarget('cron.d:cronwright-shop'), { kind: 'cron.d', name: 'cronwright-shop' });
    for (const name of ['shop', 'cronwright-', 'cronwright-a.b', 'cronwright-../a', 'cronwright-a~', '.cronwright-a'])
      assert.throws(() => parseTarget(`cron.d:${name}`), UserError);
  });

  it('is read from its label as the same', () => {
    for (const text of ['user', 'user:ann', 'cron.d:cronwright-shop', 'file:/srv/tab'])
      assert.equal(targetLabel(parseTarget(text)), text);
  });

  for (const text of ['', 'User', 'root', 'file:', '/srv/tab', 'user:', 'cron.d', 'cron.d:']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      const message = /^UserError: found the target ".*", expected user, user:NAME, cron\.d or file:PATH$/;
      assert.throws(() => parseTarget(text), message);
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
