import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compilePattern } from '../../src/job/pattern.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

test('a pattern fits anywhere in a text', () => {
  const pattern = compilePattern('ERROR|^fatal$');
  assert.equal(pattern.matches('an ERROR came'), true);
  assert.equal(pattern.matches('fatal'), true);
  assert.equal(pattern.matches('not fatal'), false);
  assert.equal(pattern.matches(''), false);
});

test('a pattern may ignore case, and knows every letter', () => {
  assert.equal(compilePattern('(?i)störung').matches('STÖRUNG'), true);
  assert.equal(compilePattern('^\\p{Greek}+$').matches('αβγ'), true);
});

test('a pattern that RE2 does not accept is an error that says why and what to do', () => {
  assert.throws(() => compilePattern('x{5,2}'), {
    name: 'UserError',
    message: 'RE2 does not accept the expression: invalid repeat count: {5,2}',
    hint: 'the syntax is that of RE2: github.com/google/re2/wiki/Syntax',
  });
});

test('a pattern that would need more memory than it is worth is refused', () => {
  for (const source of ['((a{1000}){1000}){1000}', '('.repeat(5_000), `${'('.repeat(2_000)}${')'.repeat(2_000)}`]) {
    assert.throws(() => compilePattern(source), { name: 'UserError' }, source.slice(0, 30));
  }
});

/** Each of them takes a backtracking matcher longer than the universe has been there. */
const traps = [
  ['(a+)+$', `${'a'.repeat(65_536)}b`],
  ['(x+x+)+y', 'x'.repeat(65_536)],
  ['^(.*,){20}P', 'a,'.repeat(32_768)],
  ['(\\w+\\s?)*:', 'word '.repeat(13_000)],
] as const;

test('no text makes a pattern hang', () => {
  for (const [source, text] of traps) assert.equal(compilePattern(source).matches(text), false, source);
});

test('the matcher is loaded for the first pattern, and not before', () => {
  const url = (path: string) => JSON.stringify(pathToFileURL(`${import.meta.dirname}/../../src/job/${path}`).href);
  const jobs = writeFile(directory, 'jobs.yaml', 'version: 1\njobs: { a: { schedule: "@daily", command: a } }\n');
  const code = `
import { createRequire } from 'node:module';
import { loadJobs } from ${url('load.ts')};
import { compilePattern } from ${url('pattern.ts')};
const { cache } = createRequire(import.meta.url);
const loaded = () => Object.keys(cache).some((path) => path.includes('re2js'));
loadJobs(${JSON.stringify(jobs)});
console.log(loaded());
compilePattern('x');
console.log(loaded());
`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  assert.deepEqual({ stdout, stderr }, { stdout: 'false\ntrue\n', stderr: '' });
});
