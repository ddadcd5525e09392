import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OutputFile } from '../../src/run/output-file.ts';
import { lock } from '../../src/run/rotation.ts';
import { MovedClock } from '../moved-clock.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();
const isRoot = userInfo().uid === 0;
const asRoot = { skip: skipWithout(isRoot, 'root') };
const stranger = 65_534;
const large = { size: 1024 * 1024, keep: 5 };

/** An output file in a directory of its own, and what was told of it. */
class Written {
  readonly place = mkdtempSync(join(directory, 'output-'));
  readonly path = join(this.place, 'log');
  readonly clock = new MovedClock(0);
  readonly told: string[] = [];
  readonly output: OutputFile;

  constructor(rotate = large, path?: string) {
    this.output = new OutputFile({ file: path ?? this.path, rotate }, this.clock, (trouble) => this.told.push(trouble));
  }

  append(...pieces: readonly string[]): this {
    for (const piece of pieces) {
      const lent = Buffer.from(piece);
      this.output.append(lent);
      lent.fill(0);
    }
    return this;
  }

  get content(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** Size of each file in the directory. */
  get sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries(readdirSync(this.place).map((name) => [name, statSync(join(this.place, name)).size]));
  }
}

test('Output stands in the file in the order in which it came, as soon as its lines are whole', () => {
  const written = new Written().append('one\ntwo', ' and a half', '\nthree\n');
  assert.equal(written.content, 'one\ntwo and a half\nthree\n');
  written.append('\u0000\u001b[31m\n');
  assert.equal(written.content, 'one\ntwo and a half\nthree\n\u0000\u001b[31m\n');
  assert.deepEqual(written.told, []);
});

test('A line without its end is there after a second, or when the output is over', async () => {
  const written = new Written().append('done\n.');
  written.append('.');
  written.clock.move(999);
  await Promise.resolve();
  assert.equal(written.content, 'done\n');
  written.clock.move(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(written.content, 'done\n..');
  written.append('.');
  written.clock.move(1_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(written.content, 'done\n...');
  written.append('.');
  written.output.close();
  assert.equal(written.content, 'done\n....');
});

test('A very long line is written before it ends', () => {
  const written = new Written();
  for (let count = 0; count < 9; count++) written.append('x'.repeat(8 * 1024));
  assert.equal(written.content, 'x'.repeat(72 * 1024));
});

test('A task without output makes no file; one with output makes it for the account alone', () => {
  const silent = new Written().append('', '');
  silent.output.close();
  assert.deepEqual(silent.sizes, {});
  const written = new Written().append('secret\n');
  assert.equal(statSync(written.path).mode & 0o777, 0o600);
});

test('A file that is there is continued, with the mode that it has', () => {
  const written = new Written();
  writeFile(written.place, 'log', 'yesterday\n', 0o644);
  written.append('today\n');
  assert.equal(written.content, 'yesterday\ntoday\n');
  assert.equal(statSync(written.path).mode & 0o777, 0o644);
});

test('After its close a file takes nothing', () => {
  const written = new Written().append('a\n');
  written.output.close();
  written.append('b\n').output.close();
  assert.equal(written.content, 'a\n');
});

test('A file that has no room for what comes makes way for a new one, and so many old ones are kept', () => {
  const written = new Written({ size: 100, keep: 2 });
  for (const letter of 'abcdefg') written.append(`${letter.repeat(39)}\n`);
  written.output.close();
  assert.deepEqual(written.sizes, { log: 40, 'log.1': 80, 'log.2': 80 });
  assert.equal(written.content[0], 'g');
  assert.equal(readFileSync(`${written.path}.2`, 'utf8')[0], 'c');
  assert.deepEqual(written.told, []);
});

test('A file that earlier runs filled is rotated by the first output of the next', () => {
  const written = new Written({ size: 100, keep: 2 });
  writeFile(written.place, 'log', 'x'.repeat(100), 0o600);
  written.append('short\n');
  assert.deepEqual(written.sizes, { log: 6, 'log.1': 100 });
});

test('Output larger than a file stands in one file, and no empty one is kept', () => {
  const written = new Written({ size: 100, keep: 2 }).append(`${'x'.repeat(500)}\n`, 'y\n');
  assert.deepEqual(written.sizes, { log: 2, 'log.1': 501 });
});

test('A file that somebody else rotated or removed is not written any more: a new one is', () => {
  const written = new Written().append('one\n');
  renameSync(written.path, `${written.path}.1`);
  written.append('two\n');
  assert.deepEqual(written.sizes, { log: 4, 'log.1': 4 });
  writeFile(written.place, 'other', 'other\n', 0o600);
  renameSync(join(written.place, 'other'), written.path);
  written.append('three\n');
  assert.equal(written.content, 'other\nthree\n');
});

test('While another process rotates the file it grows, and is rotated later', {
  skip: skipWithout(existsSync('/usr/bin/flock'), 'flock(1)'),
}, () => {
  const written = new Written({ size: 160, keep: 2 }).append(`${'x'.repeat(149)}\n`);
  const holder = openSync(written.path, 'a');
  assert.ok(lock(holder));
  written.append(`${'y'.repeat(19)}\n`);
  assert.deepEqual(written.sizes, { log: 170 });
  closeSync(holder);
  written.append(`${'z'.repeat(19)}\n`);
  assert.deepEqual(written.sizes, { log: 20, 'log.1': 170 });
  assert.deepEqual(written.told, []);
});

test('A file that cannot be renamed grows on, and that is told once', () => {
  const written = new Written({ size: 100, keep: 1 });
  mkdirSync(join(written.place, 'log.1', 'full'), { recursive: true });
  for (let count = 0; count < 5; count++) written.append(`${'x'.repeat(59)}\n`);
  assert.equal(statSync(written.path).size, 300);
  assert.equal(written.told.length, 1);
  assert.match(written.told[0] ?? '', /^the output file .*\/log could not be rotated and grows beyond its size: /);
});

/** Asserts that nothing can be written there, and that this is told once, so. */
function assertRefused(path: string, why: string): void {
  const written = new Written(large, path).append('a\n', 'b\n');
  written.output.close();
  assert.deepEqual(written.told, [`the output was not written to ${path}: ${why}`]);
}

test('A symbolic link is refused, whether it leads to a file or nowhere', () => {
  const place = mkdtempSync(join(directory, 'link-'));
  const target = writeFile(place, 'target', 'as it was', 0o600);
  symlinkSync(target, join(place, 'link'));
  assertRefused(join(place, 'link'), 'it is a symbolic link');
  assert.equal(readFileSync(target, 'utf8'), 'as it was');
  symlinkSync(join(place, 'missing'), join(place, 'dangling'));
  assertRefused(join(place, 'dangling'), 'it is a symbolic link');
  assert.ok(!existsSync(join(place, 'missing')));
});

test('What is no file is refused, and a pipe that nobody reads stops nobody', () => {
  const place = mkdtempSync(join(directory, 'kinds-'));
  execFileSync('mkfifo', [join(place, 'pipe')]);
  for (const path of [place, join(place, 'pipe')]) assertRefused(path, 'it is not a regular file');
  assertRefused(join(place, 'missing', 'log'), 'its directory does not exist');
});

test('A link that appears while the file is open is refused too', () => {
  const written = new Written().append('one\n');
  const target = writeFile(written.place, 'target', 'as it was', 0o600);
  renameSync(written.path, `${written.path}.1`);
  symlinkSync(target, written.path);
  written.append('two\n', 'three\n');
  assert.deepEqual(written.told, [`the rest of the output was not written to ${written.path}: it is a symbolic link`]);
  assert.equal(readFileSync(target, 'utf8'), 'as it was');
});

test('Root refuses a file that another account could have written or could swap', asRoot, () => {
  const place = mkdtempSync(join(directory, 'root-'));
  const own = writeFile(place, 'own', '', 0o600);
  chmodSync(own, 0o620);
  assertRefused(own, 'others may write to it (mode 0620)');
  chmodSync(own, 0o600);
  linkSync(own, join(place, 'name'));
  assertRefused(own, 'it has another name elsewhere (a hard link)');
  const foreign = writeFile(place, 'foreign', '', 0o600);
  chownSync(foreign, stranger, stranger);
  assertRefused(foreign, `it belongs to another account (uid ${stranger})`);
  chmodSync(place, 0o777);
  assertRefused(join(place, 'new'), `others may write to ${place} (mode 0777)`);
  assert.ok(!existsSync(join(place, 'new')));
});

const appender = fileURLToPath(new URL('appender.ts', import.meta.url));

test('Several processes that write at once tear no line, lose none and rotate a full file once', async () => {
  const place = mkdtempSync(join(directory, 'many-'));
  const size = 8 * 1024;
  const [count, lines] = [4, 600];
  const writers = Array.from({ length: count }, (_, index) => {
    const args = [appender, join(place, 'log'), String(size), '100', `w${index}`, String(lines)];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  });
  const said = await Promise.all(writers.map(({ stdout }) => text(stdout)));
  assert.deepEqual(said, Array(count).fill('done\n'));
  const old = readdirSync(place).length - 1;
  const names = [...Array.from({ length: old }, (_, index) => `log.${old - index}`), 'log'];
  const all = names.map((name) => readFileSync(join(place, name), 'utf8'));
  for (const full of all.slice(0, -1)) assert.ok(full.length > size / 2, `${full.length} bytes`);
  const found = all.join('').split('\n').slice(0, -1);
  assert.equal(found.length, count * lines);
  for (let writer = 0; writer < count; writer++) {
    const own = found.filter((line) => line.startsWith(`w${writer} `));
    const whole = Array.from({ length: lines }, (_, index) => `w${writer} ${index} ${'x'.repeat(index % 60)}.`);
    assert.deepEqual(own, whole);
  }
});

const canMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;

test('A full disk ends the file and not the writer, and is told once', {
  skip: skipWithout(canMount, 'root and unshare(1)'),
}, async () => {
  const place = mkdtempSync(join(directory, 'full-'));
  const command = `mount -t tmpfs -o size=64k,mode=0755 none ${place}; "$@"; stat -c %s ${place}/log`;
  const args = [process.execPath, appender, `${place}/log`, '10000000', '5', 'w', '5000'];
  const child = spawn('unshare', ['--mount', 'sh', '-c', command, 'sh', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  await once(child, 'exit');
  const told = `the rest of the output was not written to ${place}/log: its disk is full`;
  assert.equal(await said, `${told}\ndone\n65536\n`);
});

test('Where several wrote without rotating, what was appended by others stays', () => {
  const written = new Written().append('one\n');
  appendFileSync(written.path, 'other\n');
  written.append('two\n');
  assert.equal(written.content, 'one\nother\ntwo\n');
});
