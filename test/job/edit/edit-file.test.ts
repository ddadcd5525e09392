import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.ts';
import { editFile } from '../../../src/job/edit/edit-file.ts';
import { skipWithout } from '../../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';

const root = temporaryDirectory();
const place = () => mkdtempSync(join(root, 'place-'));
const check = () => undefined;

test('a file gets its new text and keeps its mode', () => {
  const folder = place();
  const file = writeFile(folder, 'jobs.yaml', 'old');
  chmodSync(file, 0o640);
  editFile(file, { before: 'old', after: 'new ü', check });
  assert.equal(readFileSync(file, 'utf8'), 'new ü');
  assert.equal(statSync(file).mode & 0o7777, 0o640);
  assert.deepEqual(readdirSync(folder), ['jobs.yaml']);
});

test('and its owner', { skip: skipWithout(userInfo().uid === 0, 'root') }, () => {
  const file = writeFile(place(), 'jobs.yaml', 'old');
  chownSync(file, 65_534, 12);
  editFile(file, { before: 'old', after: 'new', check });
  const { uid, gid } = statSync(file);
  assert.deepEqual([uid, gid], [65_534, 12]);
});

test('where the path is a link, the file it leads to is the one that changes', () => {
  const [folder, other] = [place(), place()];
  const file = writeFile(other, 'shop.yaml', 'old');
  symlinkSync(file, join(folder, 'jobs.yaml'));
  editFile(join(folder, 'jobs.yaml'), { before: 'old', after: 'new', check });
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.deepEqual([readdirSync(folder), readdirSync(other)], [['jobs.yaml'], ['shop.yaml']]);
});

test('a file that is not there is made, with its folder', () => {
  const file = join(place(), 'etc/cronwright/jobs.yaml');
  editFile(file, { before: undefined, after: 'new', check });
  assert.equal(readFileSync(file, 'utf8'), 'new');
  assert.equal(statSync(file).mode & 0o777, 0o644 & ~process.umask());
});

test('the new file is looked at beside the old one, under a name that no pattern of include: takes', () => {
  const folder = place();
  const file = writeFile(folder, 'jobs.yaml', 'old');
  const seen: string[] = [];
  const look = (draft: string) => {
    seen.push(draft, readFileSync(draft, 'utf8'), readFileSync(file, 'utf8'));
  };
  editFile(file, { before: 'old', after: 'new', check: look });
  assert.deepEqual(seen.slice(1), ['new', 'old']);
  assert.ok(seen[0]?.startsWith(`${folder}/`));
  assert.match(basename(seen[0] ?? ''), /^\./);
});

test('a new file that does not stand the check leaves the old one, and nothing beside it', () => {
  const folder = place();
  const file = writeFile(folder, 'jobs.yaml', 'old');
  const refuse = () => {
    throw new UserError('not like this');
  };
  assert.throws(() => editFile(file, { before: 'old', after: 'new', check: refuse }), /not like this/);
  assert.equal(readFileSync(file, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['jobs.yaml']);
});

test('a file that somebody else has changed, made or removed meanwhile is not written', () => {
  const folder = place();
  const file = writeFile(folder, 'jobs.yaml', 'theirs');
  for (const before of ['old', undefined]) {
    const message = /has changed since it was read; nothing was written/;
    assert.throws(() => editFile(file, { before, after: 'new', check }), { name: 'UserError', message });
    assert.equal(readFileSync(file, 'utf8'), 'theirs');
  }
  assert.throws(() => editFile(join(folder, 'gone.yaml'), { before: 'old', after: 'new', check }), /has changed/);
  assert.deepEqual(readdirSync(folder), ['jobs.yaml']);
});

test('where nothing can be written, it is said in words', () => {
  const file = join(place(), 'file');
  writeFile(join(file, '..'), 'file', '');
  const wrong = join(file, 'jobs.yaml');
  assert.throws(() => editFile(wrong, { before: undefined, after: 'new', check }), {
    name: 'UserError',
    message: /cannot write/,
  });
});
