import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsOf, cut, shorten, wrap } from '../../src/notify/wrap.ts';

const line = fc.string({ unit: 'grapheme', maxLength: 200 });
const width = fc.integer({ min: 2, max: 90 });

test('A letter takes one column, an ideograph two, an accent none', () => {
  assert.equal(columnsOf('aé'), 2);
  assert.equal(columnsOf('日本'), 4);
  assert.equal(columnsOf('e\u0301'), 1);
});

test('Words are kept together where they fit', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('a enormously b', 5), ['a', 'enorm', 'ously', 'b']);
  assert.deepEqual(wrap('', 5), ['']);
});

test('A text is shortened with three dots', () => {
  assert.equal(shorten('abcdef', 6), 'abcdef');
  assert.equal(shorten('abcdefg', 6), 'abc...');
});

test('A line that is cut loses nothing, and no piece is too wide', () => {
  fc.assert(
    fc.property(line, width, (text, limit) => {
      const pieces = cut(text, limit);
      assert.equal(pieces.join(''), text);
      for (const piece of pieces) assert.ok(columnsOf(piece) <= limit);
    }),
  );
});

test('A text that is wrapped keeps every character but its blanks, and no line is too wide', () => {
  fc.assert(
    fc.property(line, width, (text, limit) => {
      const lines = wrap(text, limit);
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      for (const one of lines) assert.ok(columnsOf(one) <= limit);
    }),
  );
});
