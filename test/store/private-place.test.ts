import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { lookAt, makePrivate, readOwn } from '../../src/store/private-place.ts';
import { newState, other, skipUnlessRoot } from './spool-rig.ts';

function reasonFor(path: string): string {
  const look = lookAt(path);
  assert.equal(look.kind, 'unusable');
  return look.kind === 'unusable' ? look.reason : '';
}

suite('a private place', () => {
  test('is made for its owner alone, and found again', (t) => {
    const path = join(realpathSync(newState(t)), 'place');
    assert.deepEqual(lookAt(path), { kind: 'absent' });
    assert.deepEqual(makePrivate(path), { kind: 'private', path });
    assert.deepEqual(makePrivate(path), { kind: 'private', path });
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  test('is not made where its parent is missing, and none where a file is', (t) => {
    const state = newState(t);
    assert.deepEqual(makePrivate(join(state, 'missing/place')), { kind: 'absent' });
    writeFileSync(join(state, 'file'), '');
    assert.match(reasonFor(join(state, 'file')), /file is no directory$/);
    assert.match(reasonFor(join(state, 'file/below')), /ENOTDIR/);
  });

  test('is none that others may enter, and it stays as it is', (t) => {
    const path = join(newState(t), 'open');
    mkdirSync(path);
    chmodSync(path, 0o710);
    const look = makePrivate(path);
    assert.ok(look.kind === 'unusable' && look.reason.endsWith('open is open to other users'));
    assert.equal(statSync(path).mode & 0o777, 0o710);
  });

  test('is no symbolic link, even to a private one; links above it are followed once', (t) => {
    const state = realpathSync(newState(t));
    const path = join(state, 'place');
    makePrivate(path);
    symlinkSync(path, join(state, 'link'));
    assert.match(reasonFor(join(state, 'link')), /link is no directory$/);
    makePrivate(join(path, 'inner'));
    assert.deepEqual(lookAt(join(state, 'link/inner')), { kind: 'private', path: join(path, 'inner') });
  });

  test('is none that belongs to somebody else', { skip: skipUnlessRoot }, (t) => {
    const path = join(newState(t), 'place');
    makePrivate(path);
    chownSync(path, other, other);
    assert.match(reasonFor(path), /belongs to another user \(id 65534\)$/);
  });

  test('of root is none below a directory in which others could put another in its place', {
    skip: skipUnlessRoot,
  }, (t) => {
    const parent = join(newState(t), 'parent');
    const path = join(parent, 'place');
    mkdirSync(parent);
    makePrivate(path);
    chmodSync(parent, 0o777);
    assert.match(reasonFor(path), /parent, above .*place, may be changed by other users$/);
    chmodSync(parent, 0o1777);
    assert.equal(lookAt(path).kind, 'private');
    chmodSync(parent, 0o755);
    chownSync(parent, other, other);
    assert.match(reasonFor(path), /parent, above .*place, belongs to another user \(id 65534\)$/);
  });
});

suite('a file of our own', () => {
  test('is read as text', (t) => {
    const path = join(newState(t), 'file');
    writeFileSync(path, 'grüße');
    assert.equal(readOwn(path), 'grüße');
    assert.equal(readOwn(`${path}.missing`), undefined);
  });

  test('is none that others may write, nor a link, nor a directory', (t) => {
    const path = join(newState(t), 'file');
    writeFileSync(path, 'text');
    symlinkSync(path, `${path}.link`);
    assert.equal(readOwn(`${path}.link`), undefined);
    mkdirSync(`${path}.directory`);
    assert.equal(readOwn(`${path}.directory`), undefined);
    chmodSync(path, 0o620);
    assert.equal(readOwn(path), undefined);
    chmodSync(path, 0o640);
    assert.equal(readOwn(path), 'text');
  });

  test('is none that belongs to somebody else', { skip: skipUnlessRoot }, (t) => {
    const path = join(newState(t), 'file');
    writeFileSync(path, 'text');
    chownSync(path, other, other);
    assert.equal(readOwn(path), undefined);
    renameSync(path, `${path}.moved`);
    assert.equal(readOwn(`${path}.moved`), undefined);
  });
});
