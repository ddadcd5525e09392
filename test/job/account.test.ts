import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { skipWithout } from '../schedule/requirement.ts';

const source = pathToFileURL(`${import.meta.dirname}/../../src/job/account.ts`).href;

/** What a process finds that has done something first. */
function accountAfter(first: string): unknown {
  const code = `import { ownAccount } from ${JSON.stringify(source)}; ${first}; console.log(JSON.stringify(ownAccount()));`;
  const words = ['--input-type=module', '--eval', code];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env: { HOME: '/elsewhere' } });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

test('the account is that of the user database, whatever HOME says', () => {
  assert.deepEqual(accountAfter(''), { user: userInfo().username, home: userInfo().homedir });
});

test('a user without an entry goes by its number', { skip: skipWithout(process.geteuid?.() === 0, 'root') }, () => {
  assert.deepEqual(accountAfter('process.setuid(54321)'), { user: '54321', home: '/' });
});
