import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expand, parseEnvFile, readEnvFile, referencedNames } from '../../src/job/environment.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();
const asRoot = { skip: skipWithout(process.getuid?.() === 0, 'root') };
const somebody = 65_534;

test('a reference is replaced, a doubled dollar makes it literal, a bare name stays', () => {
  const text = ['$', '{A}-$A-$$', '{A}'].join('');
  assert.equal(expand(text, { A: 'x' }), ['x-$A-$', '{A}'].join(''));
  assert.deepEqual(referencedNames(text), ['A']);
});

test('a reference to nothing is an error that names it and repeats no value', () => {
  const text = ['secret $', '{MISSING}'].join('');
  assert.throws(
    () => expand(text, {}),
    (error: Error) => /MISSING/.test(error.message) && !/secret/.test(error.message),
  );
});

test('an env-file holds assignments, comments, quotes and exports', () => {
  const text = `# comment\n\nA=1\nexport B = "two\\nlines"\nC='$literal "x"'\nD= plain text \nE=\n`;
  assert.deepEqual(parseEnvFile(text, 'x.env'), {
    A: '1',
    B: 'two\nlines',
    C: '$literal "x"',
    D: 'plain text',
    E: '',
  });
});

test('a line that is no assignment is named by its number, not by its text', () => {
  assert.throws(
    () => parseEnvFile('A=1\nhunter2\n', 'x.env'),
    (error: Error) => error.message.startsWith('x.env:2:') && !error.message.includes('hunter2'),
  );
});

test('a name that is refused is told with its line and without its value', () => {
  const refuse = (name: string) => name === 'LD_PRELOAD';
  assert.throws(() => parseEnvFile('A=1\nexport LD_PRELOAD=hunter2.so\n', 'x.env', { refuse }), {
    name: 'UserError',
    message: 'x.env:2: LD_PRELOAD can change what root executes, and the job has user:',
    hint: 'remove the line, and set it within command:, as in env LD_PRELOAD=… program',
  });
  assert.deepEqual(parseEnvFile('LD_PRELOAD=x\n', 'x.env'), { LD_PRELOAD: 'x' });
  const path = writeFile(directory, 'refused.env', 'LD_PRELOAD=x\n', 0o600);
  assert.throws(() => readEnvFile(path, { refuse }), { message: /refused\.env:1: LD_PRELOAD can/ });
});

test('an env-file that others can read is refused', () => {
  const path = writeFile(directory, 'open.env', 'A=1\n', 0o644);
  assert.throws(() => readEnvFile(path), { message: /has mode 0644/, hint: `chmod 600 ${path}` });
  chmodSync(path, 0o600);
  assert.deepEqual(readEnvFile(path), { A: '1' });
});

test('an env-file that is a named pipe holds nobody', () => {
  const path = join(directory, 'pipe.env');
  execFileSync('mkfifo', ['-m', '0600', path]);
  assert.throws(() => readEnvFile(path), { message: /is no file of at most 1 MiB/ });
});

test('an env-file without end is not read', () => {
  const path = writeFile(directory, 'long.env', Buffer.alloc(1024 * 1024 + 1, '#'), 0o600);
  assert.throws(() => readEnvFile(path), { message: /is no file of at most 1 MiB/ });
});

test('root takes an env-file of another account only for a task of that account', asRoot, () => {
  const path = writeFile(directory, 'theirs.env', 'A=1\n', 0o600);
  chownSync(path, somebody, somebody);
  assert.throws(() => readEnvFile(path), { message: /belongs to another account \(uid 65534\)/ });
  assert.deepEqual(readEnvFile(path, { reader: somebody }), { A: '1' });
});

test('root follows no link that another account could have put there', asRoot, () => {
  const own = writeFile(directory, 'roots.env', 'SECRET=1\n', 0o600);
  const theirs = join(directory, 'theirs');
  mkdirSync(theirs);
  symlinkSync(own, join(theirs, 'link.env'));
  assert.deepEqual(readEnvFile(join(theirs, 'link.env'), { reader: somebody }), { SECRET: '1' });
  chownSync(theirs, somebody, somebody);
  assert.throws(() => readEnvFile(join(theirs, 'link.env'), { reader: somebody }), { message: /is not taken: / });
});
