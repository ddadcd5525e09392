import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { blockLines, readTableText, tableBytes, withBlock } from '../../src/crontab/block.ts';
import type { BlockOwner } from '../../src/crontab/marker.ts';
import { UserError } from '../../src/errors.ts';
import type { JobName } from '../../src/job/job.ts';

const shop = 'shop' as JobName;
const farm = 'farm' as JobName;
const begin = '# BEGIN cronwright shop';
const end = '# END cronwright shop';

function table(...lines: string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

/** The table after one change, read anew from its bytes. */
function changed(bytes: Buffer, owner: BlockOwner, ...lines: string[]): Buffer {
  return tableBytes(withBlock(readTableText(bytes), owner, lines));
}

describe('a block', () => {
  it('is added at the end of a table', () => {
    assert.deepEqual(changed(table('1 1 * * * a'), shop, 'x', 'y'), table('1 1 * * * a', begin, 'x', 'y', end));
    assert.deepEqual(changed(table(), shop, 'x'), table(begin, 'x', end));
  });

  it('of the tick carries no name', () => {
    const both = changed(changed(table(), shop, 'x'), undefined, 'tick');
    assert.deepEqual(both, table(begin, 'x', end, '# BEGIN cronwright', 'tick', '# END cronwright'));
  });

  it('is replaced where it stands', () => {
    const before = table('a', begin, 'x', end, 'b', '# BEGIN cronwright farm', 'z', '# END cronwright farm', 'c');
    const after = table(
      'a',
      begin,
      'x1',
      'x2',
      'x3',
      end,
      'b',
      '# BEGIN cronwright farm',
      'z',
      '# END cronwright farm',
      'c',
    );
    assert.deepEqual(changed(before, shop, 'x1', 'x2', 'x3'), after);
    assert.deepEqual(changed(after, shop, 'x'), before);
  });

  it('is removed with its markers and nothing else', () => {
    assert.deepEqual(changed(table('', 'a', '', begin, 'x', end, '', 'b'), shop), table('', 'a', '', '', 'b'));
    assert.deepEqual(changed(table('a'), shop), table('a'));
    assert.deepEqual(changed(table(begin, end), shop), table());
  });

  it('gives the last line the line feed that cron asks for, and takes no other byte', () => {
    const bytes = Buffer.from('a\r\n\xff\xfe', 'latin1');
    const added = changed(bytes, shop, 'x');
    assert.deepEqual(added, Buffer.concat([bytes, Buffer.from('\n'), table(begin, 'x', end)]));
    assert.deepEqual(changed(added, shop), Buffer.concat([bytes, Buffer.from('\n')]));
  });

  it('does not join its last line to the next when the table has lost its end', () => {
    const cut = Buffer.from(`${begin}\nx\n${end}`);
    assert.deepEqual(changed(cut, shop, 'y'), table(begin, 'y', end));
    assert.deepEqual(
      changed(cut, farm, 'z'),
      table(begin, 'x', end, '# BEGIN cronwright farm', 'z', '# END cronwright farm'),
    );
    assert.deepEqual(changed(cut, shop), table());
  });

  it('can be read after several changes without reading the bytes anew', () => {
    let text = readTableText(table('a', begin, 'x', end, '# BEGIN cronwright farm', 'z', '# END cronwright farm', 'b'));
    text = withBlock(text, shop, ['x1', 'x2']);
    text = withBlock(text, undefined, ['tick']);
    assert.deepEqual(blockLines(text, farm), ['z']);
    text = withBlock(text, shop, []);
    assert.deepEqual(blockLines(text, shop), undefined);
    assert.deepEqual(blockLines(text, farm), ['z']);
    assert.deepEqual(blockLines(text, undefined), ['tick']);
    const byPlace = [...text.blocks].sort((a, b) => a.start - b.start);
    assert.deepEqual(byPlace, readTableText(tableBytes(text)).blocks);
  });
});

describe('markers', () => {
  const refused: readonly (readonly [what: string, lines: readonly string[], message: RegExp])[] = [
    [
      'without an end',
      ['a', begin, 'x'],
      /^line 2 of the table, "# BEGIN cronwright shop", begins a block that does not end$/,
    ],
    [
      'without a beginning',
      ['x', end],
      /^line 2 of the table, "# END cronwright shop", ends a block that does not begin$/,
    ],
    [
      'inside others',
      [begin, '# BEGIN cronwright', 'x', '# END cronwright', end],
      /^line 2 .* inside the one that begins at line 1$/,
    ],
    ['that follow one another', [begin, begin, 'x', end], /^line 2 .* inside the one that begins at line 1$/],
    [
      'of another project at the end',
      [begin, 'x', '# END cronwright farm'],
      /^line 3 .* does not end the block that begins at line 1$/,
    ],
    ['that come twice', [begin, 'x', end, 'a', begin, 'x', end], /^line 5 .* a second time; the first is at line 1$/],
    [
      'with a blank behind',
      [begin, 'x', `${end} `],
      /^line 3 of the table, "# END cronwright shop ", looks like a marker/,
    ],
    [
      'with a carriage return',
      [`${begin}\r`, 'x\r', `${end}\r`],
      /^line 1 of the table, "# BEGIN cronwright shop\\r", looks like a marker/,
    ],
    ['in another case', ['# begin cronwright shop', 'x', end], /^line 1 .* looks like a marker/],
    ['with other blanks', ['#BEGIN  cronwright shop', 'x', end], /^line 1 .* looks like a marker/],
    ['with more words', [begin, 'x', `${end} (do not edit)`], /^line 3 .* looks like a marker/],
    [
      'with a name that is none',
      ['# BEGIN cronwright Käse', 'x', end],
      /^line 1 of the table, "# BEGIN cronwright Käse", looks/,
    ],
  ];
  for (const [what, lines, message] of refused) {
    it(`${what} are refused, with the line and what to do`, () => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      assert.throws(
        () => readTableText(bytes),
        (error) => error instanceof UserError && message.test(error.message) && /edit the table/.test(error.hint ?? ''),
      );
    });
  }

  it('of other programs are lines like any other', () => {
    const foreign = table(
      '# BEGIN ANSIBLE MANAGED BLOCK',
      '# Begin Whenever generated tasks for: shop',
      '# END cronwright-x',
    );
    assert.deepEqual(readTableText(foreign).blocks, []);
  });
});

/** Anything that people and programs have put into tables; one character is one byte. */
const foreignLine = fc.oneof(
  fc.constantFrom(
    '',
    '  \t ',
    '\r',
    '# m h  dom mon dow   command',
    '   # cronwright is installed below',
    'MAILTO=root',
    'PATH = "/usr/bin:/bin"\r',
    '*/5  *\t* * *   cd /srv &&  php  artisan schedule:run  ',
    '0 3 * * * printf "%s\\r\\n" \xff\xfe\x80',
    '# BEGIN ANSIBLE MANAGED BLOCK',
    '#Ansible: backup',
    '# END cronwright-old',
    '1 1 * * * /opt/cronwright run --scheduled shop/backup',
  ),
  fc
    .uint8Array({ maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', ' '))
    .filter((line) => !/cronwright/i.test(line)),
);
const foreignTable = fc
  .tuple(fc.array(foreignLine, { maxLength: 8 }), fc.boolean())
  .map(([lines, cut]) => Buffer.from(lines.join('\n') + (cut ? '' : '\n'), 'latin1'));
const content = fc.array(fc.constantFrom('0 3 * * * x', '1 4 * * * y', '* * * * * z'), { minLength: 1, maxLength: 3 });

describe('for any table', () => {
  const change = fc.tuple(fc.constantFrom<BlockOwner>(shop, farm, undefined), fc.oneof(content, fc.constant([])));

  it('reading and writing change no byte', () => {
    fc.assert(fc.property(foreignTable, (bytes) => assert.deepEqual(tableBytes(readTableText(bytes)), bytes)));
  });

  it('whatever is installed, changed and removed, every foreign byte stays where it was', () => {
    fc.assert(
      fc.property(foreignTable, fc.array(change, { maxLength: 8 }), (bytes, changes) => {
        const whole = bytes.length === 0 || bytes.at(-1) === 0x0a;
        let now: Buffer = bytes;
        for (const [owner, lines] of changes) now = changed(now, owner, ...lines);
        const added = now.length > bytes.length || changes.some(([, lines]) => lines.length > 0);
        const foreign = whole || !added ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
        assert.deepEqual(now.subarray(0, foreign.length), foreign);
        for (const owner of [shop, farm, undefined]) now = changed(now, owner);
        assert.deepEqual(now, foreign);
      }),
    );
  });

  it('foreign lines added between and after the blocks stay as well', () => {
    fc.assert(
      fc.property(fc.array(foreignTable, { minLength: 4, maxLength: 4 }), content, content, (parts, first, second) => {
        const [a, b, c, d] = parts.map((part) => (part.length === 0 ? part : Buffer.concat([part, Buffer.from('\n')])));
        assert.ok(a && b && c && d);
        const blocks = (...all: string[][]) =>
          [shop, farm, undefined].map((owner, index) => changed(Buffer.alloc(0), owner, ...(all[index] ?? [])));
        const join = ([x, y, z]: readonly Buffer[]) => Buffer.concat([a, x ?? a, b, y ?? a, c, z ?? a, d]);
        const before = join(blocks(first, first, first));
        assert.deepEqual(changed(before, farm, ...second), join(blocks(first, second, first)));
        assert.deepEqual(changed(changed(before, undefined, ...second), shop), join(blocks([], first, second)));
      }),
    );
  });
});
