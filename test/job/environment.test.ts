import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { expand, parseEnvFile, readEnvFile, referencedNames } from '../../src/job/environment.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

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
