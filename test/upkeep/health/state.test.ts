import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ownAccount } from '../../../src/job/account.ts';
import { privateState } from '../../../src/upkeep/health/state.ts';
import { newPath } from '../../store/rig.ts';
import { verdict } from './rig.ts';

const { uid } = ownAccount();

suite('the state directory', () => {
  test('is right where it is its owner’s alone, and nothing to speak of where it is not there', (t) => {
    const path = newPath(t);
    assert.equal(privateState(path, uid), undefined);
    mkdirSync(path, { mode: 0o700 });
    assert.deepEqual(verdict(privateState(path, uid)), ['ok', `the state directory ${path} is this account’s alone`]);
  });

  test('must not be open to others', (t) => {
    const path = newPath(t);
    mkdirSync(path);
    chmodSync(path, 0o750);
    const found = privateState(path, uid);
    assert.match(found?.message ?? '', /is open to others \(mode 0750\)/);
    assert.equal(found?.remedy, `chmod 700 ${path}`);
  });

  test('must not be another account’s', (t) => {
    const path = newPath(t);
    mkdirSync(path, { mode: 0o700 });
    const found = privateState(path, uid + 1);
    assert.deepEqual(verdict(found), [
      'problem',
      `the state directory ${path} belongs to another account (uid ${uid})`,
    ]);
  });

  test('must not be where others can put another in its place', (t) => {
    const parent = newPath(t);
    const path = join(parent, 'state');
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(parent, 0o777);
    const found = privateState(path, uid);
    assert.equal(found?.state, uid === 0 ? 'problem' : 'warning');
    assert.match(found?.message ?? '', new RegExp(`others may write to ${parent} \\(mode 0777\\)`));
  });

  test('must be a directory', (t) => {
    const path = newPath(t);
    writeFileSync(path, '', { mode: 0o600 });
    assert.match(privateState(path, uid)?.message ?? '', /is no directory/);
  });
});
