import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { allowedByLists } from '../../../src/upkeep/health/allowed.ts';
import { newRoot, verdict } from './rig.ts';

const allow = '/etc/cron.allow';
const deny = '/etc/cron.deny';

suite('cron.allow and cron.deny', () => {
  test('let in who stands in cron.allow, whatever cron.deny says', (t) => {
    const root = newRoot(t, { [allow]: 'bob\nann\n', [deny]: 'ann\n' });
    assert.deepEqual(verdict(allowedByLists({ user: 'ann', cron: 'debian', root })), ['ok', 'ann may have a crontab']);
    const refused = allowedByLists({ user: 'eve', cron: 'debian', root });
    assert.equal(refused?.state, 'problem');
    assert.match(refused?.message ?? '', /^eve may have no crontab: it is not among those of \/etc\/cron\.allow;/);
    assert.match(refused?.remedy ?? '', /echo eve >>\/etc\/cron\.allow/);
  });

  test('keep out who stands in cron.deny, where there is no cron.allow', (t) => {
    const root = newRoot(t, { [deny]: 'ann\n' });
    assert.equal(allowedByLists({ user: 'ann', cron: 'cronie', root })?.state, 'problem');
    assert.equal(allowedByLists({ user: 'bob', cron: 'cronie', root })?.state, 'ok');
  });

  test('name an account alone on its line', (t) => {
    const root = newRoot(t, { [allow]: 'ann bob\n eve\nanna\n' });
    for (const user of ['ann', 'bob', 'eve']) {
      assert.equal(allowedByLists({ user, cron: 'debian', root })?.state, 'problem', user);
    }
  });

  test('let in all of Debian and only root of cronie, where there are none', (t) => {
    const root = newRoot(t);
    assert.equal(allowedByLists({ user: 'ann', cron: 'debian', root })?.state, 'ok');
    const refused = allowedByLists({ user: 'ann', cron: 'cronie', root });
    assert.match(refused?.message ?? '', /there is neither \/etc\/cron\.allow nor \/etc\/cron\.deny/);
    assert.equal(allowedByLists({ user: 'root', cron: 'cronie', root })?.state, 'ok');
  });

  test('always let root in', (t) => {
    const root = newRoot(t, { [allow]: '', [deny]: 'root\n' });
    assert.equal(allowedByLists({ user: 'root', cron: 'debian', root })?.state, 'ok');
  });

  test('are elsewhere on macOS, and nowhere with BusyBox', (t) => {
    const root = newRoot(t, { '/usr/lib/cron/cron.deny': 'ann\n' });
    assert.equal(allowedByLists({ user: 'ann', cron: 'macos', root })?.state, 'problem');
    assert.equal(allowedByLists({ user: 'ann', cron: 'busybox', root }), undefined);
  });
});
