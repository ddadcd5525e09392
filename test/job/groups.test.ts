import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { test } from 'node:test';
import { groupsOf } from '../../src/job/groups.ts';

test('A user has the groups that id(1) tells, with their numbers', () => {
  const { username } = userInfo();
  const names = execFileSync('id', ['-Gn', username], { encoding: 'utf8' }).trim().split(' ');
  const groups = groupsOf(username);
  assert.deepEqual(
    groups.map(({ name }) => name),
    names,
  );
  assert.equal(groups[0]?.gid, userInfo().gid);
});

test('Nobody has groups who is no user, whatever the name looks like', () => {
  for (const name of ['no-such-user', '', '--help', '-G']) assert.deepEqual(groupsOf(name), [], name);
});
