import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSource } from '../../src/job/document.ts';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

/** What is found in a text: the line, the column and the code of each problem. */
function found(text: string): readonly string[] {
  return readSource(text, 'jobs.yaml').problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

test('a key that stands twice is found, with the line of the first', () => {
  const [problem] = readSource('a: 1\nb: 2\na: 3\n', 'jobs.yaml').problems;
  assert.equal(problem?.code, 'duplicate-key');
  assert.equal(problem?.line, 3);
  assert.match(problem?.message ?? '', /line 1$/);
});

test('words that older YAML readers take for booleans are found, and quoted ones are not', () => {
  assert.deepEqual(found('a: no\nb: "no"\nc: On\nd: [y, yes]\n'), [
    '1:4 yaml-boolean',
    '3:4 yaml-boolean',
    '4:5 yaml-boolean',
    '4:8 yaml-boolean',
  ]);
});

test('a key may be one of those words', () => {
  assert.deepEqual(found('notify: { on: [failure] }\n'), []);
});

test('numbers that look octal or base 60 are found', () => {
  assert.deepEqual(found('a: 0755\nb: 12:30\nc: 755\nd: "0755"\n'), ['1:4 yaml-octal', '2:4 yaml-sixties']);
});

test('a tab in the indentation is found', () => {
  assert.deepEqual(found('a:\n\tb: 1\n'), ['2:1 yaml-tab']);
});

test('an unquoted schedule that begins with a star is found at the star, with the text to write', () => {
  const [problem] = readSource('schedule: */5 * * * *\n', 'jobs.yaml').problems;
  assert.equal(problem?.code, 'yaml-alias');
  assert.equal(problem?.column, 11);
  assert.equal(problem?.hint, 'quote the schedule: "*/5 * * * *"');
});

test('a second document, a tag, and a key that is a list are found', () => {
  assert.deepEqual(found('a: 1\n---\nb: 2\n'), ['2:1 yaml-documents']);
  assert.deepEqual(found('a: !!js/function "x"\n'), ['1:4 yaml-tag']);
  assert.deepEqual(found('? [a]\n: b\n'), ['1:3 yaml-key']);
});

test('aliases that would make billions of values are found and not followed', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  const source = readSource(`l0: &l0 [x]\n${levels.join('\n')}\n`, 'jobs.yaml');
  assert.deepEqual(
    source.problems.map(({ code }) => code),
    ['yaml-aliases'],
  );
  assert.equal(source.value, null);
});

test('an alias of what contains it is found', () => {
  assert.deepEqual(found('a: &a [1, *a]\n'), ['1:11 yaml-aliases']);
});

test('an honest alias stands for its value', () => {
  const { value, problems } = readSource('a: &a {x: 1}\nb: *a\n', 'jobs.yaml');
  assert.deepEqual(problems, []);
  assert.equal(JSON.stringify(value), '{"a":{"x":1},"b":{"x":1}}');
});

test('a key named __proto__ is a key like any other', () => {
  const { value } = readSource('__proto__: {polluted: 1}\n', 'jobs.yaml');
  assert.deepEqual(Object.keys(value as object), ['__proto__']);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

const sound = 'version: 1\njobs:\n  a:\n    schedule: "0 3 * * *"\n    command: |\n      one\n      two\n';

test('a byte order mark and CRLF do no harm and are mentioned', () => {
  const file = writeFile(directory, 'windows.yaml', `\uFEFF${sound.replaceAll('\n', '\r\n')}`);
  const { project, problems } = loadJobs(file);
  assert.deepEqual(
    problems.map(({ severity, code }) => `${severity} ${code}`),
    ['warning byte-order-mark', 'warning crlf'],
  );
  assert.deepEqual(project?.jobs[0]?.command, { kind: 'shell', line: 'one\ntwo\n' });
});

test('an empty file is told what it lacks', () => {
  const { problems } = loadJobs(writeFile(directory, 'empty.yaml', ''));
  assert.deepEqual(
    problems.map(({ line, code, message }) => `${line} ${code} ${message}`),
    ['1 missing-key missing version:, expected 1, the version of this format'],
  );
});

test('a file of a hundred megabytes is refused before it is read', () => {
  const file = writeFile(directory, 'large.yaml', Buffer.alloc(100 * 1024 * 1024, '#'));
  assert.throws(() => loadJobs(file), { message: /has 100 MiB, expected at most 16 MiB/ });
});

test('bytes that are no UTF-8 text are refused', () => {
  assert.throws(
    () => loadJobs(writeFile(directory, 'latin1.yaml', Buffer.from('a: \xe4', 'latin1'))),
    /not a UTF-8 text/,
  );
  assert.throws(() => loadJobs(writeFile(directory, 'utf16.yaml', Buffer.from(sound, 'utf16le'))), /not a UTF-8 text/);
});

test('a directory and a missing file are refused by name', () => {
  assert.throws(() => loadJobs(directory), /is not a file/);
  assert.throws(() => loadJobs(`${directory}/missing.yaml`), /there is no file .*missing\.yaml/);
});
