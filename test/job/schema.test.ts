import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readSource } from '../../src/job/document.ts';
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
