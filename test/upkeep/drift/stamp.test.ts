import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stampOf, unseen } from '../../../src/upkeep/drift/stamp.ts';
import { temporaryDirectory } from '../../temporary.ts';

const directory = temporaryDirectory();

test('A file has another stamp after each change, be it one that keeps its size and its time', () => {
  const path = join(directory, 'table');
  const target = `file:${path}`;
  assert.equal(stampOf(target, 'ann'), unseen);
  writeFileSync(path, 'one\n');
  utimesSync(path, 1_000, 1_000);
  const first = stampOf(target, 'ann');
  assert.notEqual(first, unseen);
  assert.equal(stampOf(target, 'ann'), first);
  writeFileSync(join(directory, 'other'), 'two\n');
  utimesSync(join(directory, 'other'), 1_000, 1_000);
  renameSync(join(directory, 'other'), path);
  const second = stampOf(target, 'ann');
  assert.notEqual(second, first);
  writeFileSync(path, 'three\n');
  assert.notEqual(stampOf(target, 'ann'), second);
  rmSync(path);
  mkdirSync(path);
  assert.equal(stampOf(target, 'ann'), unseen);
});

test('A crontab is looked for in the spools, by the name of its owner', () => {
  const [first, second] = ['spool-1', 'spool-2'].map((name) => join(directory, name));
  const places = [first ?? '', second ?? ''];
  mkdirSync(places[1] ?? '');
  assert.equal(stampOf('user', 'ann', places), unseen);
  writeFileSync(join(places[1] ?? '', 'ann'), '');
  const stamp = stampOf('user', 'ann', places);
  assert.notEqual(stamp, unseen);
  assert.equal(stampOf('user', 'bob', places), unseen);
  // A folder of that name, as cronie's spool has one that other crons use, is none.
  mkdirSync(join(places[0] ?? '', 'ann'), { recursive: true });
  assert.equal(stampOf('user', 'ann', places), stamp);
});
