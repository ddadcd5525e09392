import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { usualSettings } from '../../src/job/completed.ts';
import { readSource } from '../../src/job/document.ts';
import { loadJobs } from '../../src/job/load.ts';
import { jsonSchema } from '../../src/job/shape.ts';

const root = join(import.meta.dirname, '../..');
const accepts = new Ajv2020({ strict: false }).compile(jsonSchema());

function dataOf(path: string): unknown {
  return JSON.parse(JSON.stringify(readSource(readFileSync(join(root, path), 'utf8'), path).value));
}

test('the published schema accepts the example', () => {
  assert.equal(accepts(dataOf('jobs.example.yaml')), true, JSON.stringify(accepts.errors));
});

test('the published schema refuses the file of mistakes', () => {
  assert.equal(accepts(dataOf('test/fixtures/jobs/thirty-mistakes.yaml')), false);
});

test('the published schema accepts every setting, as the program does', () => {
  const path = 'test/fixtures/jobs/every-setting.yaml';
  assert.equal(accepts(dataOf(path)), true, JSON.stringify(accepts.errors));
  assert.deepEqual(loadJobs(join(root, path)).problems, []);
});

/** A schema has no words for the bounds of a time or a size, nor for the bytes of a text. */
const beyondSchema = ['wait-up-to: 400d', 'wait-up-to: 0s', 'timeout: 367d'];

test('the published schema refuses each mistaken setting, one by one', () => {
  const { defaults, jobs } = dataOf('test/fixtures/jobs/mistaken-settings.yaml') as {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  const said = [defaults, ...Object.values(jobs)].flatMap((one) => Object.entries(one));
  const mistakes = said.filter(([key]) => key !== 'schedule' && key !== 'command');
  for (const [key, value] of mistakes) {
    const written = `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    if (beyondSchema.includes(written) || written === 'stdin: ') continue;
    const job = { schedule: '@daily', command: 'x', [key]: value };
    assert.equal(accepts({ version: 1, jobs: { a: job } }), false, written);
  }
});

test('every setting has a place in a job, and all but the input of a task in defaults', () => {
  const { defaults, jobs } = jsonSchema().properties ?? {};
  const job = typeof jobs?.additionalProperties === 'object' ? jobs.additionalProperties : {};
  const written = Object.keys(usualSettings).map((key) =>
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  const missing = (schema: ReturnType<typeof jsonSchema> = {}) =>
    written.filter((key) => schema.properties?.[key] === undefined);
  assert.deepEqual(missing(job), []);
  assert.deepEqual(missing(defaults), ['stdin']);
});

test('every key of the published schema is described', () => {
  const bare: string[] = [];
  const visit = (schema: ReturnType<typeof jsonSchema>, path: string): void => {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      if (!inner.description) bare.push(`${path}.${key}`);
      visit(inner, `${path}.${key}`);
    }
    if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}.*`);
  };
  visit(jsonSchema(), '');
  assert.deepEqual(bare, []);
});
