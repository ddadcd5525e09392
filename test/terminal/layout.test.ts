import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { clip, columns, harmless, wrap } from '../../src/terminal/layout.ts';
import { count } from '../../src/terminal/page.ts';

function length(text: string): number {
  return [...text].length;
}

/** Tables whose cells are words without blanks at their ends. */
const table = fc.integer({ min: 1, max: 5 }).chain((width) => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdeü …🦉'), maxLength: 40 }).map((text) => text.trim());
  return fc.array(fc.array(word, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 });
});

function cells(rows: readonly (readonly string[])[]) {
  return rows.map((row) => row.map((text) => ({ text })));
}

suite('columns', () => {
  test('are never broader than the page, as long as each may keep eight characters', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 0, max: 60 }), fc.boolean(), (rows, more, firstGives) => {
        const number = rows[0]?.length ?? 0;
        const width = number * 8 + (number - 1) * 2 + more;
        const text = columns(cells(rows), width, firstGives ? [0] : []);
        for (const line of text.split('\n')) assert.ok(length(line) <= width, `${width}: ${line}`);
      }),
    );
  });

  test('show every text whole where the page is broad enough, each column from one place on', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const lines = columns(cells(rows), 1_000).split('\n');
        const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => length(row[column] ?? ''))));
        for (const [index, row] of rows.entries()) {
          let start = 0;
          for (const [column, text] of row.entries()) {
            const found = [...(lines[index] ?? '')].slice(start, start + length(text)).join('');
            assert.equal(found, text);
            start += (widths[column] ?? 0) + 2;
          }
        }
      }),
    );
  });

  test('give way in the order asked for, and the broadest first where nothing is asked', () => {
    const rows = cells([['a very long name of a job', '2026-11-24 03:00', 'succeeded']]);
    assert.equal(columns(rows, 40, [0]), 'a very lon…  2026-11-24 03:00  succeeded');
    assert.equal(columns(rows, 40), 'a very long …  2026-11-24 03…  succeeded');
    // The first has nothing more to give.
    assert.equal(columns(rows, 36, [0]), 'a very …  2026-11-24 03:…  succeeded');
    const even = columns(cells([['0123456789abcdef', '0123456789abcdef']]), 24);
    assert.deepEqual(even.split('  ').map(length), [11, 11]);
  });

  test('are painted behind their widths, so that colour moves nothing', () => {
    const paint = (text: string) => `<${text}>`;
    assert.equal(
      columns(
        [
          [{ text: 'a', paint }, { text: 'b' }],
          [{ text: 'ccc' }, { text: 'd' }],
        ],
        80,
      ),
      '<a>    b\nccc  d',
    );
  });

  test('of no rows are nothing', () => {
    assert.equal(columns([], 80), '');
  });
});

test('a text that is cut ends in an ellipsis, and one that fits stays', () => {
  assert.equal(clip('abcdef', 6), 'abcdef');
  assert.equal(clip('abcdefg', 6), 'abcde…');
  assert.equal(clip('🦉🦉🦉', 2), '🦉…');
  assert.equal(clip('abc', 0), 'a…');
});

suite('a paragraph', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'abcü'), minLength: 1, maxLength: 12 }), {
    minLength: 1,
  });

  test('is broken at blanks into lines that fit, and loses no word', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 60 }), (list, width) => {
        const lines = wrap(list.join(' '), width, '  ').split('\n');
        for (const line of lines) assert.ok(line.startsWith('  ') && length(line) <= width, line);
        assert.deepEqual(
          lines.flatMap((line) => line.slice(2).split(' ')),
          list,
        );
      }),
    );
  });

  test('keeps a word whole that is longer than a line', () => {
    assert.equal(wrap('see /a/very/long/path now', 10), 'see\n/a/very/long/path\nnow');
  });
});

suite('a harmless text', () => {
  const anything = fc.string({
    unit: fc.oneof(
      fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCodePoint(code)),
      fc.constantFrom('\u001b[', '\u001b]0;', '\u0007', '\u009b31m', '\u001b\\', '\r', '\u202e'),
    ),
  });

  test('has no character that a terminal obeys, but tabs and line feeds', () => {
    fc.assert(
      fc.property(anything, (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        assert.doesNotMatch(harmless(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 500 },
    );
  });

  test('that was harmless already stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc \t\nüß🦉日本\\x1b[31m') }), (text) => {
        assert.equal(harmless(text), text);
      }),
    );
  });

  test('shows single controls by their numbers', () => {
    assert.equal(harmless('a\rb\u0000c\u001b'), 'a\\x0db\\x00c\\x1b');
  });
});

test('numbers are counted with their nouns', () => {
  assert.deepEqual([count(0, 'job'), count(1, 'job'), count(12_345, 'job')], ['0 jobs', '1 job', '12,345 jobs']);
});
