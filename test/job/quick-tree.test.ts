import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { quickTree } from '../../src/job/quick-tree.ts';
import { tolerantTree } from '../../src/job/tolerant-tree.ts';
import { plainData, type Tree } from '../../src/job/tree.ts';

const textOf = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const example = textOf('jobs.example.yaml');
const settings = textOf('test/fixtures/jobs/every-setting.yaml');

/** What both parsers must agree on: the data, the place of each key, and the text of each scalar that is not a block. */
function essence(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return [tree.value, tree.plain, /^[|>]|\n/.test(tree.written) ? '' : tree.written];
    case 'sequence':
      return tree.items.map(essence);
    default:
      return [...tree.entries].map(([key, entry]) => [key, entry.key, essence(entry.value)]);
  }
}

/** Nothing is said of a text that the quick parser leaves to the other one. */
function agree(text: string): void {
  const quick = quickTree(text);
  if (quick === undefined) return;
  const { tree, objections, traps } = tolerantTree(text);
  assert.deepEqual([objections, traps], [[], []], text);
  assert.deepEqual(essence(quick), essence(tree), text);
}

test('the quick parser reads the example and every setting, places included, as the tolerant one does', () => {
  for (const text of [example, settings]) {
    assert.notEqual(quickTree(text), undefined);
    agree(text);
  }
});

test('scalars of every style and meaning are read alike', () => {
  const scalars = [
    '1',
    '-1',
    '+1',
    '012',
    '0o14',
    '0x1f',
    '1.5',
    '.5',
    '1e3',
    '.inf',
    '-.inf',
    '~',
    'null',
    'true',
    'False',
  ];
  const more = [
    'yes',
    '12:30',
    "'x'",
    '"a\\tb"',
    'a b # c',
    '""',
    "'it''s'",
    '-',
    '1.2.3',
    '1_000',
    'x: y',
    '2026-01-01',
  ];
  for (const scalar of [...scalars, ...more]) agree(`a: ${scalar}\nb: [${scalar}]\n`);
  agree('a: |\n  one\n  two\nb: >-\n  three\n  four\nc:\n');
});

test('a text that is one block scalar is left to the tolerant parser', () => {
  for (const text of ['>1\nproject: shop\n', '|\nproject: shop\n', 'shop\n']) assert.equal(quickTree(text), undefined);
});

test('whatever data is written as YAML, both parsers read it alike', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('* * * * *', 'no', '0755', 'a: b', '# x', '', ' x', 'é\n\n  y'));
  const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }));
  const { data } = fc.letrec((tie) => ({
    data: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('data')), fc.dictionary(fc.string(), tie('data'))),
  }));
  const layout = fc.constantFrom<'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'>('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE');
  fc.assert(fc.property(data, layout, (value, defaultStringType) => agree(stringify(value, { defaultStringType }))));
});

test('whatever is cut out of the example or put into it, the quick parser accepts nothing that the other one refuses', () => {
  const piece = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\t',
    ':',
    ': ',
    '- ',
    '"',
    "'",
    '*',
    '&a ',
    '{',
    '}',
    '[',
    ']',
    '#',
    '|',
    '>',
    '!x ',
    '\r\n',
  );
  const cut = fc.record({ at: fc.nat(example.length), length: fc.nat(12), piece });
  const mutated = fc
    .array(cut, { minLength: 1, maxLength: 3 })
    .map((cuts) =>
      cuts.reduce((text, { at, length, piece: put }) => text.slice(0, at) + put + text.slice(at + length), example),
    );
  fc.assert(fc.property(mutated, agree), { numRuns: 1_000 });
});

test('plain data of both is the same', () => {
  const quick = quickTree(example);
  assert.ok(quick);
  assert.deepEqual(plainData(quick), plainData(tolerantTree(example).tree));
});
