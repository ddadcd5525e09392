import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ownAccount } from '../../../src/job/account.ts';
import { accountsOfJobs } from '../../../src/upkeep/health/accounts.ts';
import { jobOf } from '../../store/rig.ts';
import { verdict } from './rig.ts';

const root = { ...ownAccount(), user: 'root', uid: 0 };
const ann = { ...ownAccount(), user: 'ann', uid: 4_711 };

suite('the accounts of jobs', () => {
  test('are nothing to speak of where no job names one', () => {
    assert.deepEqual(accountsOfJobs([jobOf('backup')], root), []);
  });

  test('are there, and root can become each of them', () => {
    const jobs = [jobOf('a', { user: 'daemon' }), jobOf('b', { user: 'root' }), jobOf('c', { user: 'daemon' })];
    assert.deepEqual(accountsOfJobs(jobs, root).map(verdict), [
      ['ok', 'the accounts that jobs run under are there: daemon, root'],
    ]);
  });

  test('may have gone: their jobs are named, the first five of them', () => {
    const jobs = Array.from({ length: 7 }, (_, index) => jobOf(`job-${index}`, { user: 'no-such-account' }));
    const [found] = accountsOfJobs(jobs, root);
    assert.deepEqual(verdict(found), [
      'problem',
      'there is no account no-such-account, so these do not start: shop/job-0, shop/job-1, shop/job-2, shop/job-3, shop/job-4 and 2 more',
    ]);
  });

  test('are out of reach for anybody but root, one’s own aside', () => {
    const [found] = accountsOfJobs([jobOf('a', { user: 'daemon' })], ann);
    assert.match(found?.message ?? '', /^jobs are to run under daemon, and only root could start them so, not ann$/);
    const daemon = { ...ann, user: 'daemon' };
    assert.equal(accountsOfJobs([jobOf('a', { user: 'daemon' })], daemon)[0]?.state, 'ok');
  });
});
