import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lock, shift } from '../../src/run/rotation.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

/** The files of a directory of its own after these were made and shifted, each holding its first name. */
function shifted(names: readonly string[], keep: number): Readonly<Record<string, string>> {
  const place = mkdtempSync(join(directory, 'shift-'));
  for (const name of names) writeFile(place, name, name);
  shift(join(place, 'log'), keep);
  return Object.fromEntries(readdirSync(place).map((name) => [name, readFileSync(join(place, name), 'utf8')]));
}

test('A full file becomes number 1, and each older one the next', () => {
  assert.deepEqual(shifted(['log'], 3), { 'log.1': 'log' });
  assert.deepEqual(shifted(['log', 'log.1', 'log.2'], 3), { 'log.1': 'log', 'log.2': 'log.1', 'log.3': 'log.2' });
});

test('The oldest goes when there are as many as are kept', () => {
  assert.deepEqual(shifted(['log', 'log.1', 'log.2'], 2), { 'log.1': 'log', 'log.2': 'log.1' });
  assert.deepEqual(shifted(['log', 'log.1'], 1), { 'log.1': 'log' });
});

test('A gap is filled before an old file goes', () => {
  assert.deepEqual(shifted(['log', 'log.2', 'log.3'], 3), { 'log.1': 'log', 'log.2': 'log.2', 'log.3': 'log.3' });
  assert.deepEqual(shifted(['log', 'log.1', 'log.3'], 3), { 'log.1': 'log', 'log.2': 'log.1', 'log.3': 'log.3' });
});

test('A link at the place of an old file is replaced, and what it leads to stays', () => {
  const place = mkdtempSync(join(directory, 'link-'));
  const foreign = writeFile(place, 'foreign', 'foreign');
  symlinkSync(foreign, join(place, 'log.1'));
  shift(writeFile(place, 'log', 'log'), 1);
  assert.equal(readFileSync(join(place, 'log.1'), 'utf8'), 'log');
  assert.equal(readFileSync(foreign, 'utf8'), 'foreign');
  assert.ok(!existsSync(join(place, 'log')));
});

const locking = { skip: skipWithout(existsSync('/usr/bin/flock'), 'flock(1)') };

test('A file is locked for one descriptor at a time, until that is closed', locking, () => {
  const path = writeFile(directory, 'locked', '');
  const [one, other] = [openSync(path, 'a'), openSync(path, 'a')];
  assert.ok(lock(one));
  assert.ok(lock(one));
  assert.ok(!lock(other));
  closeSync(one);
  assert.ok(lock(other));
  closeSync(other);
});

const onLinux = { skip: locking.skip || skipWithout(process.platform === 'linux', 'Linux') };

test('A process that is killed leaves no lock', onLinux, async (context) => {
  const path = writeFile(directory, 'killed', '');
  const module = new URL('../../src/run/rotation.ts', import.meta.url).href;
  const script = `
    const { lock } = await import(${JSON.stringify(module)});
    const { openSync } = await import('node:fs');
    process.stdout.write(String(lock(openSync(${JSON.stringify(path)}, 'a'))));
    setInterval(() => {}, 1_000_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const [answer] = await once(child.stdout, 'data');
  assert.equal(String(answer), 'true');
  const descriptor = openSync(path, 'a');
  assert.ok(!lock(descriptor));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(lock(descriptor));
  closeSync(descriptor);
});
