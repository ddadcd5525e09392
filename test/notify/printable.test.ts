import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable, printableLine, printableTail } from '../../src/notify/printable.ts';

const esc = '\u001b';

test('Colours are removed and other escapes become visible', () => {
  assert.equal(printable(`${esc}[1;31mred${esc}[0m plain${esc}[K`), 'red plain');
  assert.equal(printable(`${esc}[2J${esc}]0;title\u0007`), '^[[2J^[]0;title^G');
});

test('Every kind of line end is a newline, so that a progress bar stays readable', () => {
  assert.equal(printable('10%\r20%\r\ndone\n'), '10%\n20%\ndone\n');
  assert.equal(printable('a\u2028b'), 'a<U+2028>b');
});

test('Marks that reverse or hide text are named', () => {
  assert.equal(printable('a\u202Eb\u200Bc\uFEFFd\u009Be\u007F\0'), 'a<U+202E>b<U+200B>c<U+FEFF>d<U+009B>e^?^@');
});

test('Letters of any script and joined emoji stay as they are', () => {
  const text = 'äöü 日本語 می‌خواهم 👩‍👧';
  assert.equal(printable(text), text);
});

test('A line has neither line ends nor double blanks', () => {
  assert.equal(printableLine(' a\r\nBcc: x\t\tb\n'), 'a Bcc: x b');
});

test('No text keeps a control character, and what is printable stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      assert.doesNotMatch(shown, /[^\P{Cc}\n]/u);
      assert.equal(printable(shown), shown);
    }),
  );
});

test('A short output is told from its first byte', () => {
  assert.equal(printableTail(Buffer.from('one\ntwo\n'), 8), 'one\ntwo');
});

test('A long output is told from the first whole line of its end', () => {
  assert.equal(printableTail(Buffer.from('one\ntwo\nthree\n'), 8), 'three');
});

test('An output of one long line is told from a whole character', () => {
  assert.equal(printableTail(Buffer.from('x'.repeat(50) + 'ä'.repeat(50)), 7), 'äää');
});

test('What is no UTF-8 is replaced', () => {
  assert.equal(printableTail(Buffer.from([0x61, 0xff, 0xc3, 0x0a])), 'a\u{FFFD}\u{FFFD}');
});

test('Whatever bytes a task wrote, their end is a bounded text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(70), (bytes, limit) => {
      assert.doesNotMatch(printableTail(bytes, limit + 1), /[^\P{Cc}\n]/u);
    }),
  );
});
