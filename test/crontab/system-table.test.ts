import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { entryTable, systemTable } from '../../src/crontab/system-table.ts';
import { TableChanged } from '../../src/crontab/table.ts';
import { UserError } from '../../src/errors.ts';
import { MovedClock } from '../moved-clock.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { directory } from './rig.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const none = Buffer.alloc(0);
const asRoot = { skip: skipWithout(userInfo().uid === 0, 'root') };
const stranger = 65_534;
const name = 'cronwright-shop';

/** A folder such as /etc/cron.d, and our table in it. */
function newFolder(t: TestContext, content?: string) {
  const folder = join(directory(t), 'cron.d');
  mkdirSync(folder, { mode: 0o755 });
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, bytes(content), { mode: 0o644 });
  return { folder, path, table: systemTable(name, { folder }) };
}

function refusal(message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(`${error.message}; ${error.hint}`, message);
    return true;
  };
}

describe('a table of the system', asRoot, () => {
  it('is made as crons want it, root’s and with mode 0644, whatever the umask', async (t) => {
    const { table, path, folder } = newFolder(t);
    assert.deepEqual([table.label, table.system], ['cron.d:cronwright-shop', true]);
    assert.deepEqual(await table.read(), none);
    const umask = process.umask(0o077);
    t.after(() => process.umask(umask));
    await table.write(bytes('* * * * * root x\n'), { expected: none });
    const { uid, gid, mode, nlink } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o7777, nlink], [0, 0, 0o644, 1]);
    assert.equal(readFileSync(path, 'latin1'), '* * * * * root x\n');
    assert.deepEqual(readdirSync(folder), [name]);
  });

  it('gets the mode back that it should have, and another file takes its place', async (t) => {
    const { table, path } = newFolder(t, 'a\n');
    chmodSync(path, 0o600);
    chownSync(path, 0, stranger);
    const { ino } = statSync(path);
    await table.write(bytes('b\n'), { expected: bytes('a\n') });
    const after = statSync(path);
    assert.deepEqual([after.gid, after.mode & 0o7777], [0, 0o644]);
    assert.notEqual(after.ino, ino);
  });

  it('is gone with its last byte, which takes consent', async (t) => {
    const { table, path } = newFolder(t, 'a\n');
    const expected = bytes('a\n');
    await assert.rejects(table.write(none, { expected }), refusal(/an empty table would take the place of 1 lines/));
    assert.ok(existsSync(path));
    await table.write(none, { expected, allowEmpty: true });
    assert.ok(!existsSync(path));
    assert.deepEqual(await table.read(), none);
  });

  it('is not written over a change of somebody else', async (t) => {
    const { table, path } = newFolder(t, 'theirs\n');
    await assert.rejects(table.write(bytes('b\n'), { expected: bytes('a\n') }), TableChanged);
    assert.equal(readFileSync(path, 'latin1'), 'theirs\n');
  });

  it('is written in another second than any file of its folder was', async (t) => {
    const { folder, path } = newFolder(t, 'a\n');
    const clock = new MovedClock('2026-03-04T05:06:07.100Z');
    utimesSync(folder, clock.now() / 1_000, clock.now() / 1_000);
    const write = systemTable(name, { folder, clock }).write(bytes('b\n'), { expected: bytes('a\n') });
    await clock.untilAsleep();
    assert.equal(readFileSync(path, 'latin1'), 'a\n');
    clock.move(1_000);
    await write;
    assert.equal(readFileSync(path, 'latin1'), 'b\n');
  });

  const traps: readonly (readonly [what: string, (path: string, folder: string) => void, message: RegExp])[] = [
    ['a symbolic link', (path, folder) => swapForLink(path, folder), /it is a symbolic link/],
    [
      'of another account',
      (path) => chownSync(path, stranger, 0),
      /belongs to another account \(uid 65534\).*chown root/,
    ],
    ['writable for a group', (path) => chmodSync(path, 0o664), /others may write to it \(mode 0664\).*chmod go-w/],
    ['writable for all', (path) => chmodSync(path, 0o646), /others may write to it \(mode 0646\)/],
    ['known by a second name', (path, folder) => linkSync(path, join(folder, 'other')), /has 2 names/],
    ['in a folder that a group writes', (_path, folder) => chmodSync(folder, 0o775), /others may write to .*cron\.d/],
    ['in a sticky folder', (_path, folder) => chmodSync(folder, 0o1777), /others may write to .*cron\.d/],
    ['in the folder of another', (_path, folder) => chownSync(folder, stranger, 0), /belongs to another account/],
  ];
  for (const [what, lay, message] of traps) {
    it(`is neither read nor written where it is ${what}`, async (t) => {
      const { table, path, folder } = newFolder(t, 'a\n');
      lay(path, folder);
      await assert.rejects(table.read(), refusal(message));
      await assert.rejects(table.write(bytes('b\n'), { expected: bytes('a\n') }), refusal(message));
      assert.equal(readFileSync(path, 'latin1'), 'a\n');
    });
  }

  it('is not taken for empty where the system has no such folder', async (t) => {
    const table = systemTable(name, { folder: join(directory(t), 'cron.d') });
    await assert.rejects(table.read(), refusal(/there is no .*cron\.d, so the cron here reads no files there; .*user/));
  });
});

function swapForLink(path: string, folder: string): void {
  const other = join(folder, '../other');
  renameSync(path, other);
  symlinkSync(other, path);
}

describe('a table of others', asRoot, () => {
  it('keeps its owner’s group and its mode, and its file when the last line is taken out', async (t) => {
    const { path, folder } = newFolder(t, 'a\nb\n');
    chmodSync(path, 0o640);
    chownSync(path, 0, stranger);
    const table = entryTable(path);
    await table.write(bytes('b\n'), { expected: bytes('a\nb\n') });
    await table.write(none, { expected: bytes('b\n'), allowEmpty: true });
    const { uid, gid, mode, size } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o7777, size], [0, stranger, 0o640, 0]);
    assert.deepEqual(readdirSync(folder), [name]);
  });

  it('is not written where somebody else could have put it', async (t) => {
    const { path, folder } = newFolder(t, 'a\n');
    chmodSync(folder, 0o777);
    await assert.rejects(entryTable(path).write(none, { expected: bytes('a\n') }), refusal(/others may write to/));
    assert.equal(readFileSync(path, 'latin1'), 'a\n');
  });

  it('names accounts where it is one of the system’s', () => {
    assert.ok(entryTable('/etc/crontab').system);
    assert.ok(entryTable('/etc/cron.d/php').system);
    assert.ok(!entryTable('/srv/tab').system);
  });
});
