import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTableText, tableBytes } from '../../src/crontab/block.ts';
import { takenLines, withoutLines } from '../../src/crontab/take-out.ts';
import type { JobId } from '../../src/job/job.ts';

const block = '# BEGIN cronwright shop\n0 1 * * * ours\n# END cronwright shop\n';

function taken(table: string | Buffer, ...replaces: readonly (readonly string[])[]): readonly number[] {
  const text = readTableText(Buffer.from(table));
  const lines = replaces.map((one, index) => ({ job: `shop/j${index}` as JobId, table: '', lines: one }));
  return takenLines(text, lines).map(({ line }) => line);
}

test('the comments above an entry go with it', () => {
  assert.deepEqual(taken('# a\n# b\n0 1 * * * x\n0 2 * * * y\n', ['# a', '# b', '0 1 * * * x']), [1, 2, 3]);
});

test('the entry alone goes where the comments are others by now', () => {
  assert.deepEqual(taken('# other\n0 1 * * * x\n', ['# a', '0 1 * * * x']), [2]);
  assert.deepEqual(taken('# a\n\n0 1 * * * x\n', ['# a', '0 1 * * * x']), [3]);
});

test('nothing goes where the entry is another by now', () => {
  assert.deepEqual(taken('# a\n0 1 * * * x --more\n', ['# a', '0 1 * * * x']), []);
  assert.deepEqual(taken('# a\n#0 1 * * * x\n 0 1 * * * x\n', ['# a', '0 1 * * * x']), []);
});

test('each replaces takes one occurrence, and the one with its comments first', () => {
  const table = '0 1 * * * x\n# a\n0 1 * * * x\n0 1 * * * x\n';
  assert.deepEqual(taken(table, ['# a', '0 1 * * * x']), [2, 3]);
  assert.deepEqual(taken(table, ['0 1 * * * x'], ['0 1 * * * x']), [1, 3]);
  assert.deepEqual(taken('0 1 * * * x\n', ['0 1 * * * x'], ['0 1 * * * x']), [1]);
});

test('lines of a block are nobody else’s', () => {
  assert.deepEqual(taken(block, ['0 1 * * * ours']), []);
  assert.deepEqual(taken(`${block}0 1 * * * ours\n`, ['0 1 * * * ours']), [4]);
});

test('a line is known by what a person reads, whatever its bytes and its line end', () => {
  assert.deepEqual(taken('0 1 * * * größe\r\n', ['0 1 * * * größe']), [1]);
  assert.deepEqual(taken(Buffer.from('302031202a202a202a20ff0a', 'hex'), ['0 1 * * * \ufffd']), [1]);
  assert.deepEqual(taken('0 1 * * * x', ['0 1 * * * x']), [1]);
});

test('no other byte of a table changes, and the blocks are found where they are then', () => {
  const foreign = fc.constantFrom('# note\n', '0 1 * * * x\n', '\n', 'A=\u00ff\r\n', block);
  fc.assert(
    fc.property(
      fc.uniqueArray(foreign, { selector: (one) => (one === block ? block : {}) }),
      fc.nat(),
      (parts, seed) => {
        const text = readTableText(Buffer.from(parts.join(''), 'latin1'));
        const inBlock = (index: number) => text.blocks.some(({ start, end }) => index >= start && index < end);
        const gone = new Set(text.lines.keys().filter((index) => !inBlock(index) && (seed >> index) % 2 === 1));
        const left = withoutLines(text, gone);
        const expected = text.lines.filter((_, index) => !gone.has(index)).join('');
        assert.equal(tableBytes(left).toString('latin1'), expected);
        assert.deepEqual(left.blocks, readTableText(tableBytes(left)).blocks);
      },
    ),
  );
});
