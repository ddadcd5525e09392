import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { missedPolicies } from '../../src/job/job.ts';
import { occasionKinds } from '../../src/schedule/calendar/occasions.ts';
import { checkExpression } from '../../src/schedule/expression/syntax.ts';
import { parseSchedule } from '../../src/schedule/parse.ts';
import { scheduleCodes } from '../../src/schedule/schedule.ts';
import { readTimetable } from '../../src/schedule/timetable.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { codeBlocks, pageText, quoted, root, tableAfter } from './page.ts';
import { withReference } from './reference.ts';

const page = pageText('docs/jobs-file.md');
const directory = temporaryDirectory();

describe('the reference of all keys', () => {
  it('is what the schema says; npm run docs writes it anew', () => {
    assert.equal(page, withReference(page));
  });

  it('is written anew where it differs', () => {
    const changed = page.replace('number from 0 to 1', 'number from 0 to 2');
    assert.notEqual(changed, page);
    assert.equal(withReference(changed), page);
  });
});

describe('the list of problem codes', () => {
  const listed = tableAfter(page, '## Problem codes').flatMap(([code = '']) => quoted(code));
  const sources = globSync('src/{job,schedule}/**/*.ts', { cwd: root });
  const texts = sources.map((path) => readFileSync(join(root, path), 'utf8'));
  /** Words with a hyphen that are no codes: keys and values of the jobs file, and names that only the sources know. */
  const keys =
    'env-file max-delay wait-up-to success-exit fail-when output-matches start-deadline late-after warn-after';
  const values = ['as-cron', 'run-after', ...missedPolicies];
  const kinds = ['last-weekday', 'nearest-weekday', 'without-leap-day', ...occasionKinds];
  const others = [...keys.split(' '), ...values, ...kinds, 'recurrence-id', 'cron-validate', 'js-yaml'] as string[];

  it('has every code that the sources can emit', () => {
    const hyphenated = texts.flatMap((text) => [...text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, word]) => word));
    const named = texts.flatMap((text) => [...text.matchAll(/\bcode: '([a-z-]+)'|\boddity\('([a-z-]+)'/g)]);
    const codes = [...hyphenated, ...named.map(([, code, oddity]) => code ?? oddity), ...scheduleCodes];
    const missing = codes.filter((code = '') => !listed.includes(code) && !others.includes(code));
    assert.deepEqual([...new Set(missing)], []);
  });

  it('has no code that nothing emits', () => {
    assert.deepEqual(
      listed.filter((code) => !texts.some((text) => text.includes(`'${code}'`))),
      [],
    );
  });

  it('has the codes of a file of mistakes', () => {
    const { problems } = readTimetable(join(root, 'test/fixtures/jobs/thirty-mistakes.yaml'));
    assert.ok(problems.length >= 30);
    assert.deepEqual(
      problems.filter(({ code }) => !listed.includes(code)),
      [],
    );
  });

  it('names its warnings', () => {
    const file = 'version: 1\r\nmail: { from: a@b.c, to: a@b.c, smtp: "smtp://a:word@b.c" }\njobs: {}\n';
    const { problems } = readTimetable(writeFile(directory, 'warnings.yaml', `\uFEFF${file}`));
    assert.equal(problems.length, 3);
    for (const { code, severity } of problems) {
      assert.equal(severity, 'warning', code);
      assert.match(page, new RegExp(`^\\| \`${code}\` +\\| Warning: `, 'm'));
    }
  });
});

describe('the examples', () => {
  it('are valid jobs files', () => {
    const examples = [...codeBlocks(page, 'yaml'), ...codeBlocks(pageText('README.md'), 'yaml')];
    assert.ok(examples.length >= 2);
    for (const [index, text] of examples.entries()) {
      const { project, problems } = readTimetable(writeFile(directory, `example-${index}.yaml`, text));
      assert.deepEqual(problems, [], text);
      assert.notEqual(project, undefined);
    }
  });

  it('of phrases stand for the fields beside them', () => {
    const rows = tableAfter(page, '**Phrases**');
    assert.ok(rows.length >= 6);
    for (const [phrases = '', fields = ''] of rows) {
      const [left, right] = [quoted(phrases), quoted(fields)];
      assert.equal(left.length, right.length, phrases);
      assert.deepEqual(left.map(valuesOf), right.map(valuesOf));
    }
  });

  it('of what is refused are refused', () => {
    const expressions = tableAfter(page, '**Refused**').flatMap(([cell = '']) => quoted(cell));
    assert.ok(expressions.length >= 10);
    for (const expression of expressions) assert.notEqual(checkExpression(expression), undefined, expression);
  });
});

/** The values of each field of a schedule. */
function valuesOf(text: string): unknown {
  const parsed = parseSchedule(text);
  if (!parsed.ok || parsed.schedule.kind !== 'calendar') throw new Error(`${text} is no calendar schedule`);
  return Object.values(parsed.schedule.fields).map(({ values }) => values);
}
