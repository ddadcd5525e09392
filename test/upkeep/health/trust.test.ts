import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { Revision } from '../../../src/store/registry.ts';
import { trustedParts } from '../../../src/upkeep/health/trust.ts';
import { skipWithout } from '../../schedule/requirement.ts';
import { morning, newPath, settingsOf } from '../../store/rig.ts';
import { writeFile } from '../../temporary.ts';
import { isRoot } from './rig.ts';

function revision(file: string, target: string): Revision {
  const about = { id: 1, project: 'shop' as never, createdAt: morning, createdBy: 'root' };
  return { ...about, file, settings: settingsOf({ target }) };
}

suite('what root’s cron starts', { skip: skipWithout(isRoot, 'root') }, () => {
  test('is not right where others can change the jobs file, unless no cron of root’s reads the table', (t) => {
    const folder = newPath(t);
    mkdirSync(folder);
    const file = writeFile(folder, 'jobs.yaml', '');
    chmodSync(file, 0o666);
    const found = trustedParts(revision(file, 'user'));
    assert.equal(found?.state, 'problem');
    assert.match(found?.message ?? '', new RegExp(file));
    assert.equal(trustedParts(revision(file, `file:${folder}/table`)), undefined);
    chmodSync(file, 0o644);
    assert.doesNotMatch(trustedParts(revision(file, 'user'))?.message ?? '', new RegExp(file));
  });

  test('is told of elsewhere where it is not there', () => {
    assert.doesNotThrow(() => trustedParts(revision('/nowhere/jobs.yaml', 'user')));
  });
});
