import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { differenceBetween, type Hunk } from '../../src/crontab/difference.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

/** Tables in which lines repeat, with empty ones, bytes that are no UTF-8, and sometimes no line feed at the end. */
const anyTable = fc
  .tuple(fc.array(fc.constantFrom('', 'a', 'b', 'c', '# \xff', '0 9 * * * x'), { maxLength: 40 }), fc.boolean())
  .map(([lines, ends]) =>
    Buffer.from(
      lines
        .map((line) => `${line}\n`)
        .join('')
        .slice(0, ends ? undefined : -1),
      'latin1',
    ),
  );

function difference(before: Buffer | string, after: Buffer | string): readonly Hunk[] {
  return differenceBetween(Buffer.from(before), Buffer.from(after));
}

function linesOf(table: Buffer): readonly string[] {
  return table.toString('latin1').match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** One side of the hunks, put over the lines of a table that is that side. */
function sideFits(hunks: readonly Hunk[], side: 'before' | 'after', table: Buffer): void {
  const gone = side === 'before' ? 'added' : 'removed';
  for (const hunk of hunks) {
    const { start, count } = hunk[side];
    const lines = hunk.lines.filter(({ kind }) => kind !== gone).map(({ line }) => line);
    const from = count === 0 ? start : start - 1;
    assert.deepEqual(linesOf(table).slice(from, from + count), lines);
  }
}

/** `before` with the hunks done to it. */
function patched(before: Buffer, hunks: readonly Hunk[]): Buffer {
  const lines = [...linesOf(before)];
  for (const { before: span, lines: compared } of hunks.toReversed()) {
    const added = compared.filter(({ kind }) => kind !== 'removed').map(({ line }) => line);
    lines.splice(span.count === 0 ? span.start : span.start - 1, span.count, ...added);
  }
  return Buffer.from(lines.join(''), 'latin1');
}

function changes(hunks: readonly Hunk[]): number {
  return hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== 'same').length;
}

/** What diff(1) says of the same tables. */
function byDiff(before: Buffer, after: Buffer): string {
  const paths = [writeFile(directory, 'before', before), writeFile(directory, 'after', after)];
  return spawnSync('diff', ['-d', '-U3', ...paths]).stdout.toString('latin1');
}

suite('the difference between two tables', () => {
  test('leads from the one to the other, and says at which lines of both', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (before, after) => {
        const hunks = difference(before, after);
        assert.ok(patched(before, hunks).equals(after));
        sideFits(hunks, 'before', before);
        sideFits(hunks, 'after', after);
      }),
      { numRuns: 300 },
    );
  });

  test('is as small as that of diff(1), and stands at the same lines where there is no choice', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (before, after) => {
        const lines = byDiff(before, after).split('\n').slice(2);
        assert.equal(changes(difference(before, after)), lines.filter((line) => /^[+-]/.test(line)).length);
      }),
      { numRuns: 60 },
    );
    const [before, after] = ['1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n'];
    const heads = byDiff(Buffer.from(before), Buffer.from(after)).match(/^@@.*@@$/gm);
    const ours = difference(before, after).map(
      (hunk) => `@@ -${hunk.before.start},${hunk.before.count} +${hunk.after.start},${hunk.after.count} @@`,
    );
    assert.deepEqual(ours, heads);
  });

  test('is empty for equal tables, and has all lines of a table that comes or goes', () => {
    assert.deepEqual(difference('a\nb\n', 'a\nb\n'), []);
    assert.deepEqual(difference('', ''), []);
    assert.deepEqual(difference('', 'a\n'), [
      { before: { start: 0, count: 0 }, after: { start: 1, count: 1 }, lines: [{ kind: 'added', line: 'a\n' }] },
    ]);
    assert.deepEqual(difference('a\n', ''), [
      { before: { start: 1, count: 1 }, after: { start: 0, count: 0 }, lines: [{ kind: 'removed', line: 'a\n' }] },
    ]);
  });

  test('sees a line feed that is missing at the end', () => {
    const [hunk] = difference('a\nb', 'a\nb\n');
    assert.deepEqual(
      hunk?.lines.map(({ kind, line }) => `${kind} ${JSON.stringify(line)}`),
      ['same "a\\n"', 'removed "b"', 'added "b\\n"'],
    );
  });

  test('of the largest tables, with the same lines thousands of times, is found in bounded steps', () => {
    const many = (count: number, line: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => line(n)).join('');
    const before = many(10_000, (n) => (n % 2 === 0 ? '#\n' : `${n} * * * * old\n`));
    const after = many(10_000, (n) => (n % 2 === 1 ? '#\n' : `${n} * * * * new\n`));
    const hunks = difference(before, after);
    assert.ok(patched(Buffer.from(before), hunks).equals(Buffer.from(after)));
    const moved = many(5_000, (n) => `${n} 1 * * * job\n`);
    assert.equal(changes(difference(moved, `${moved.slice(moved.indexOf('\n') + 1)}0 1 * * * job\n`)), 2);
  });
});
