import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileTable } from '../../src/crontab/file-table.ts';
import { TableChanged } from '../../src/crontab/table.ts';
import { UserError } from '../../src/errors.ts';
import { MovedClock } from '../moved-clock.ts';
import { directory } from './rig.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const none = Buffer.alloc(0);

function place(t: TestContext, content?: string): string {
  const path = join(directory(t), 'tab');
  if (content !== undefined) writeFileSync(path, bytes(content), { mode: 0o644 });
  return path;
}

function refusal(message: RegExp) {
  return (error: unknown) => error instanceof UserError && message.test(error.message);
}

describe('a table in a file', () => {
  it('is empty where there is no file, and made for its owner alone', async (t) => {
    const path = place(t);
    const table = fileTable(path);
    assert.equal(table.label, `file:${path}`);
    assert.deepEqual(await table.read(), none);
    await table.write(bytes('a\r\n\xff'), { expected: none });
    assert.deepEqual(readFileSync(path), bytes('a\r\n\xff'));
    assert.equal(statSync(path).mode & 0o7777, 0o600);
    assert.deepEqual(await table.read(), bytes('a\r\n\xff'));
  });

  it('keeps the mode and the owner of the file, and leaves no other file', async (t) => {
    const path = place(t, 'a\n');
    chmodSync(path, 0o640);
    if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
    const before = statSync(path);
    await fileTable(path).write(bytes('b\n'), { expected: bytes('a\n') });
    const after = statSync(path);
    assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
    assert.notEqual(after.ino, before.ino);
    assert.deepEqual(readdirSync(join(path, '..')), ['tab']);
  });

  it('is not touched when nothing changes', async (t) => {
    const path = place(t, 'a\n');
    const before = statSync(path);
    await fileTable(path).write(bytes('a\n'), { expected: bytes('a\n') });
    assert.equal(statSync(path).ino, before.ino);
  });

  it('is not written over a change of somebody else', async (t) => {
    const path = place(t, 'a\nb2\n');
    const write = fileTable(path).write(bytes('a\nc\n'), { expected: bytes('a\nb\n') });
    await assert.rejects(
      write,
      refusal(/has changed since it was read, first in line 2: "b" was expected, "b2" was found/),
    );
    assert.equal(readFileSync(path, 'latin1'), 'a\nb2\n');
  });

  it('is emptied only on request, and the file stays', async (t) => {
    const path = place(t, 'a\nb\n');
    const table = fileTable(path);
    const expected = bytes('a\nb\n');
    await assert.rejects(table.write(none, { expected }), refusal(/an empty table would take the place of 2 lines/));
    assert.equal(readFileSync(path, 'latin1'), 'a\nb\n');
    await table.write(none, { expected, allowEmpty: true });
    assert.equal(readFileSync(path, 'latin1'), '');
  });

  it('is written in another second than it was changed in, and then only if it is still the same', async (t) => {
    const path = place(t, 'a\n');
    const clock = new MovedClock('2026-03-04T05:06:07.250Z');
    utimesSync(path, clock.now() / 1_000, clock.now() / 1_000);
    const table = fileTable(path, { clock });
    const write = table.write(bytes('b\n'), { expected: bytes('a\n') });
    await clock.untilAsleep();
    assert.equal(readFileSync(path, 'utf8'), 'a\n');
    clock.move(800);
    await write;
    assert.equal(readFileSync(path, 'utf8'), 'b\n');

    utimesSync(path, clock.now() / 1_000, clock.now() / 1_000);
    const late = table.write(bytes('c\n'), { expected: bytes('b\n') });
    await clock.untilAsleep();
    writeFileSync(path, 'theirs\n');
    clock.move(1_100);
    await assert.rejects(late, TableChanged);
    assert.equal(readFileSync(path, 'utf8'), 'theirs\n');
  });

  it('is no symbolic link, directory or pipe', async (t) => {
    const path = place(t);
    const target = join(path, '..', 'target');
    writeFileSync(target, 'a\n');
    symlinkSync(target, path);
    const kinds: readonly (readonly [string, RegExp])[] = [
      [path, /tab as a table: it is a symbolic link/],
      [join(path, '..'), /as a table: it is not a regular file/],
      [join(path, '..', 'pipe'), /pipe as a table: it is not a regular file/],
    ];
    execFileSync('mkfifo', [join(path, '..', 'pipe')]);
    for (const [name, message] of kinds) {
      await assert.rejects(fileTable(name).read(), refusal(message));
      await assert.rejects(fileTable(name).write(bytes('b\n'), { expected: none }), refusal(message));
    }
    assert.equal(readFileSync(target, 'utf8'), 'a\n');
  });

  it('is not taken for empty when its directory is missing', async (t) => {
    const path = join(place(t), 'tab');
    await assert.rejects(fileTable(path).read(), refusal(/cannot read the table .*tab: there is no directory /));
  });

  it('stays as it was when the new one cannot be written', async (t) => {
    // A name too long for the temporary file beside it, yet not for itself.
    const path = join(directory(t), 'x'.repeat(250));
    writeFileSync(path, 'a\n');
    await assert.rejects(
      fileTable(path).write(bytes('b\n'), { expected: bytes('a\n') }),
      refusal(/cannot write the table: ENAMETOOLONG/),
    );
    assert.equal(readFileSync(path, 'utf8'), 'a\n');
    assert.equal(readdirSync(join(path, '..')).length, 1);
  });

  it('is refused where it has more bytes than any cron takes, so that who fills it fills no memory', async (t) => {
    const path = place(t, '');
    truncateSync(path, 16 * 1024 * 1024 + 1);
    await assert.rejects(fileTable(path).read(), refusal(/is larger than 16 MiB$/));
  });
});
