import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bad, checkGroups, doubtful, fine, inOrder, unknown } from '../../../src/upkeep/health/finding.ts';

test('findings stand by their groups, the gravest of each first, and of those that weigh the same the earlier check', () => {
  const found = [
    fine('clock', ''),
    fine('zone', ''),
    bad('tick', '', ''),
    doubtful('runtime', '', ''),
    bad('launcher', '', ''),
    unknown('daemon', '', ''),
    fine('crontab', ''),
  ];
  assert.deepEqual(
    inOrder(found).map(({ group, check, state }) => `${group} ${check} ${state}`),
    [
      'cron daemon unknown',
      'cron crontab ok',
      'jobs launcher problem',
      'jobs tick problem',
      'jobs runtime warning',
      'jobs zone ok',
      'machine clock ok',
    ],
  );
});

test('each check is of one group', () => {
  const all = Object.values(checkGroups).flat();
  assert.equal(new Set(all).size, all.length);
});
