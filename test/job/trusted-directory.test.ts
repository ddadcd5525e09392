import assert from 'node:assert/strict';
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { distrustOf, isTrusted } from '../../src/job/trusted-directory.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory } from '../temporary.ts';

const directory = temporaryDirectory();
const { uid } = userInfo();
const asRoot = { skip: skipWithout(uid === 0, 'root') };
const stranger = 65_534;

/** A directory of its own with these directories in it, one in the other; the paths, the outermost first. */
function nested(...names: readonly string[]): string[] {
  let at = mkdtempSync(join(directory, 'way-'));
  return [
    at,
    ...names.map((name) => {
      at = join(at, name);
      mkdirSync(at, { mode: 0o755 });
      return at;
    }),
  ];
}

test('A directory that only the account and root can change is trusted, below a sticky one too', () => {
  const [, inner = ''] = nested('inner');
  assert.equal(distrustOf(inner, uid), undefined);
  assert.equal(distrustOf('/', uid), undefined);
});

test('A directory that others may write is not, by its group neither', () => {
  for (const mode of [0o777, 0o775, 0o757, 0o1777]) {
    const [, inner = ''] = nested('inner');
    chmodSync(inner, mode);
    const words = `others may write to ${inner} (mode ${mode.toString(8).padStart(4, '0')})`;
    assert.equal(distrustOf(inner, uid), words);
  }
});

test('One below a directory that others may write is not trusted, for they could swap it; a sticky one hinders them', () => {
  const [outer = '', middle = '', inner = ''] = nested('middle', 'inner');
  chmodSync(outer, 0o777);
  assert.match(distrustOf(inner, uid) ?? '', new RegExp(`^others may write to ${outer} `));
  chmodSync(outer, 0o1777);
  assert.equal(distrustOf(inner, uid), undefined);
  chmodSync(middle, 0o775);
  assert.match(distrustOf(inner, uid) ?? '', new RegExp(`^others may write to ${middle} `));
});

test('A symbolic link on the way is followed, and the way to what it leads to counts as well', () => {
  const [open = '', , target = ''] = nested('shut', 'target');
  const [place = ''] = nested();
  symlinkSync(target, join(place, 'absolute'));
  symlinkSync('absolute', join(place, 'relative'));
  const way = join(place, 'relative');
  assert.equal(distrustOf(way, uid), undefined);
  chmodSync(open, 0o777);
  assert.match(distrustOf(way, uid) ?? '', new RegExp(`^others may write to ${open} `));
});

test('A link that leads upwards is followed to where it leads', () => {
  const [, , target = ''] = nested('open', 'target');
  const [place = '', shut = ''] = nested('shut');
  symlinkSync(`../../${basename(dirname(dirname(target)))}/open/../open/target`, join(shut, 'link'));
  const way = join(place, 'shut/../shut/link');
  assert.equal(distrustOf(way, uid), undefined);
  chmodSync(dirname(target), 0o777);
  assert.match(distrustOf(way, uid) ?? '', new RegExp(`^others may write to ${dirname(target)} `));
});

test('A link that lies where others may write is not trusted, wherever it leads', () => {
  const [, , target = ''] = nested('shut', 'target');
  const [place = ''] = nested();
  symlinkSync(target, join(place, 'link'));
  chmodSync(place, 0o777);
  assert.match(distrustOf(join(place, 'link'), uid) ?? '', new RegExp(`^others may write to ${place} `));
});

test('What belongs to another account is not trusted, in a sticky directory neither', asRoot, () => {
  const [, middle = '', inner = ''] = nested('middle', 'inner');
  chownSync(middle, stranger, stranger);
  assert.equal(distrustOf(inner, 0), `${middle} belongs to another account (uid ${stranger})`);
  assert.equal(distrustOf(inner, stranger), undefined);
  const [place = '', , target = ''] = nested('shut', 'target');
  const link = join(place, 'link');
  symlinkSync(target, link);
  lchownSync(link, stranger, stranger);
  chmodSync(place, 0o1777);
  assert.equal(distrustOf(link, 0), `${link} belongs to another account (uid ${stranger})`);
});

test('A way that leads nowhere or in a circle is an error of the system', () => {
  const [place = ''] = nested();
  symlinkSync('circle', join(place, 'circle'));
  assert.throws(() => distrustOf(join(place, 'circle'), uid), { code: 'ELOOP' });
  assert.throws(() => distrustOf(join(place, 'missing', 'x'), uid), { code: 'ENOENT' });
});

test('What cannot be looked at is not trusted', () => {
  const [, inner = ''] = nested('inner');
  assert.equal(isTrusted(inner, uid), true);
  assert.equal(isTrusted(join(inner, 'none'), uid), false);
});
