import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineWindows } from '../../src/run/line-windows.ts';
import { textOf } from '../../src/run/utf8.ts';

const size = 16;

/** A window as it was taken, its bytes copied. */
interface Taken {
  readonly text: string;
  readonly first: boolean;
  readonly last: boolean;
}

/** The windows of pieces of output, each of which is overwritten after it was pushed. */
function windowsOf(pieces: readonly Uint8Array[]): readonly Taken[] {
  const windows: Taken[] = [];
  const lines = new LineWindows(size);
  const take = ({ bytes, first, last }: { bytes: Uint8Array; first: boolean; last: boolean }) => {
    assert.ok(bytes.length <= size);
    windows.push({ text: textOf(bytes), first, last });
  };
  for (const piece of pieces) {
    const lent = Uint8Array.from(piece);
    lines.push(lent, take);
    lent.fill(0);
  }
  lines.end(take);
  return windows;
}

/** Bytes cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const characters = fc.constantFrom('a', 'ü', '€', '🦊', '\n');
const texts = fc.string({ unit: characters, maxLength: 60 });
const places = fc.array(fc.nat(200), { maxLength: 12 });

test('However output is cut into pieces, its windows are the same', () => {
  fc.assert(
    fc.property(fc.oneof(texts.map(Buffer.from), fc.uint8Array({ maxLength: 100 })), places, (bytes, at) => {
      assert.deepEqual(windowsOf(cut(bytes, at)), windowsOf([bytes]));
    }),
  );
});

test('Lines that fit come whole, the last one also without its end', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'ü'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(line), line, places, (lines, last, at) => {
      const text = [...lines, last].join('\n');
      const expected = last === '' ? lines : [...lines, last];
      const windows = windowsOf(cut(Buffer.from(text), at));
      assert.deepEqual(
        windows,
        expected.map((each) => ({ text: each, first: true, last: true })),
      );
    }),
  );
});

/** Where the characters of one to four bytes begin that a line of many different ones is made of. */
const firstOfLength = [0x21, 0x100, 0x3000, 0x1f300] as const;
const lengths = fc.array(fc.constantFrom(...firstOfLength), { minLength: size + 1, maxLength: 80 });

test('A line that does not fit comes in windows of whole characters that overlap and leave nothing out', () => {
  fc.assert(
    fc.property(lengths, places, (all, at) => {
      const line = all.map((first, index) => String.fromCodePoint(first + index)).join('');
      const windows = windowsOf(cut(Buffer.from(`${line}\n`), at));
      assert.deepEqual(
        windows.map(({ first, last }) => [first, last]),
        windows.map((_, index) => [index === 0, index === windows.length - 1]),
      );
      let seen = 0;
      for (const { text, first } of windows) {
        const start = line.indexOf(text);
        assert.ok(start >= 0 && (first ? start === 0 : start < seen), `${text} of ${line}`);
        seen = start + text.length;
      }
      assert.equal(seen, line.length);
    }),
  );
});

test('The line after a long one begins anew', () => {
  const [, , next] = windowsOf([Buffer.from(`${'x'.repeat(20)}\ny`), Buffer.from('z\n')]);
  assert.deepEqual(next, { text: 'yz', first: true, last: true });
});

test('A line of exactly one window is whole', () => {
  assert.deepEqual(windowsOf([Buffer.from(`${'x'.repeat(size)}\ny`)]), [
    { text: 'x'.repeat(size), first: true, last: true },
    { text: 'y', first: true, last: true },
  ]);
});

test('Each window of a long line begins with the second half of the one before', () => {
  assert.deepEqual(
    windowsOf([Buffer.from('0123456789abcdefghijklmnop')]).map(({ text }) => text),
    ['0123456789abcdef', '89abcdefghijklmn', 'ghijklmnop'],
  );
});
