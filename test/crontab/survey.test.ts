import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { blockLines, readTableText } from '../../src/crontab/block.ts';
import { type DriftKind, driftKinds } from '../../src/crontab/drift.ts';
import { driftOf, type Expected, surveyTable } from '../../src/crontab/survey.ts';
import type { JobName } from '../../src/job/job.ts';

const backup = '0 3 * * * /bin/cronwright run --scheduled shop/backup';
const boot = '@reboot /bin/cronwright run --at-boot shop/backup';
const clean = '*/5 4 * * 1 /bin/cronwright run --scheduled shop/clean';
const tick = '* * * * * /bin/cronwright tick';
const web = '7 7 * * * /bin/cronwright run --scheduled web/visits';

/** Numbers of the lines of {@link installed}, for the tests to name. */
const installed: readonly string[] = [
  'MAILTO=ops@shop.example', // 1
  '15 2 * * * /usr/local/bin/rotate', // 2
  '# BEGIN cronwright shop', // 3
  backup, // 4
  boot, // 5
  clean, // 6
  '# END cronwright shop', // 7
  '# BEGIN cronwright web', // 8
  web, // 9
  '# END cronwright web', // 10
  '# BEGIN cronwright', // 11
  tick, // 12
  '# END cronwright', // 13
  '0 5 * * 0 du -s /home', // 14
];

const bytes = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');

const expected: Expected = {
  project: 'shop' as JobName,
  lines: [backup, boot, clean],
  tick,
  written: bytes(installed),
};

type Row = readonly [kind: DriftKind, job: string | null, line: number | null];

function rowsOf(lines: readonly string[], changes: Partial<Expected> = {}): readonly Row[] {
  const { drift } = surveyTable(bytes(lines), { ...expected, ...changes });
  return drift.map(({ kind, job, line }) => [kind, job, line]);
}

/** The table with a line replaced by others, counted from 1. */
function changed(number: number, ...instead: readonly string[]): readonly string[] {
  return installed.toSpliced(number - 1, 1, ...instead);
}

suite('a table with sound markers', () => {
  const cases: readonly (readonly [what: string, lines: readonly string[], rows: readonly Row[]])[] = [
    ['has no drift as it was installed', installed, []],
    ['has none for another order of the lines', changed(4).toSpliced(5, 0, backup), []],
    ['has none for what others add and take', changed(2, '# nothing', '9 9 * * * cronwright-like'), []],
    ['tells a line with another time', changed(4, backup.replace('0 3', '30 3')), [['edited', 'shop/backup', 4]]],
    ['tells a line with more behind it', changed(4, `${backup} >/dev/null 2>&1`), [['edited', 'shop/backup', 4]]],
    ['tells a line with a carriage return', changed(4, `${backup}\r`), [['edited', 'shop/backup', 4]]],
    ['tells the one of two lines of a job', changed(5), [['deleted', 'shop/backup', null]]],
    ['tells a line that is gone', changed(6), [['deleted', 'shop/clean', null]]],
    ...['#', '# ', '##', ' #  ', '#DISABLED ', '# TODO: '].map(
      (sign) =>
        [`tells a line behind ${sign}`, changed(6, sign + clean), [['commented-out', 'shop/clean', 6]]] as const,
    ),
    [
      'tells a line that stands as a comment outside',
      [...changed(6), `# ${clean}`],
      [['commented-out', 'shop/clean', 14]],
    ],
    ['tells a line that was moved out', [clean, ...changed(6)], [['moved-out', 'shop/clean', 1]]],
    [
      'tells a line that was moved out and changed',
      [...changed(6), '30 4 * * 1 /bin/cronwright run --scheduled shop/clean >/dev/null'],
      [['moved-out', 'shop/clean', 14]],
    ],
    [
      'prefers the very line among those that were moved out',
      ['9 9 * * * /bin/cronwright run --scheduled shop/clean', ...changed(6), clean],
      [
        ['moved-out', 'shop/clean', 15],
        ['duplicated', 'shop/clean', 1],
      ],
    ],
    [
      'tells a line that names another job now',
      changed(6, `${clean}_old`),
      [
        ['deleted', 'shop/clean', null],
        ['added', null, 6],
      ],
    ],
    [
      'prefers what cron runs to a comment',
      [clean, ...changed(6, `# ${clean}`)],
      [
        ['moved-out', 'shop/clean', 1],
        ['added', 'shop/clean', 7],
      ],
    ],
    ['tells a line that is there twice', changed(6, clean, clean), [['duplicated', 'shop/clean', 7]]],
    [
      'tells a line that is there a second time with another time',
      changed(6, clean, clean.replace('4', '5')),
      [['duplicated', 'shop/clean', 7]],
    ],
    ['tells a second one outside of the block', [clean, ...installed], [['duplicated', 'shop/clean', 1]]],
    ['tells a line in the block that nobody installed', changed(4, 'MAILTO=me', backup), [['added', null, 4]]],
    ['tells an empty line in the block', changed(4, backup, ''), [['added', null, 5]]],
    [
      'tells the line of a job that is not installed',
      changed(4, backup, '1 1 * * * /bin/cronwright run --scheduled shop/old'),
      [['added', 'shop/old', 5]],
    ],
    ['tells the tick that was edited', changed(12, `*/5 ${tick.slice(2)}`), [['edited', null, 12]]],
    ['tells the tick that is gone', changed(12), [['deleted', null, null]]],
    ['tells the tick that was commented out', changed(12, `#${tick}`), [['commented-out', null, 12]]],
    [
      'tells the tick that was moved out',
      [...installed.slice(0, 10), ...installed.slice(13), tick],
      [['moved-out', null, 12]],
    ],
    ['tells a second tick', [...installed, tick], [['duplicated', null, 15]]],
    ['leaves what became of a neighbour to the neighbour', changed(9), []],
    [
      'takes its line in the block of a neighbour for none of its own',
      changed(6).toSpliced(8, 0, clean),
      [['deleted', 'shop/clean', null]],
    ],
  ];
  for (const [what, lines, rows] of cases) test(what, () => assert.deepEqual(rowsOf(lines), rows));

  test('shows both sides of a difference, with what is not UTF-8 replaced', () => {
    const found = `${backup} # \xe4\xff \xc3\xa4`;
    const [first, ...others] = surveyTable(bytes(changed(4, found)), expected).drift;
    const shown = {
      kind: 'edited',
      job: 'shop/backup',
      wanted: backup,
      found: `${backup} # \u{fffd}\u{fffd} ä`,
      line: 4,
    };
    assert.deepEqual([first, others], [shown, []]);
  });

  test('is content with the tick of another project in it', () => {
    const other = '* * * * * /opt/cronwright/bin/cronwright tick';
    assert.deepEqual(rowsOf(changed(12, other)), [['edited', null, 12]]);
    assert.deepEqual(rowsOf(changed(12, other), { otherTicks: [other] }), []);
  });

  test('needs no tick where a project has no lines, and knows what else is in its block', () => {
    assert.deepEqual(rowsOf(changed(12), { lines: [] }), [
      ['added', 'shop/backup', 4],
      ['added', 'shop/backup', 5],
      ['added', 'shop/clean', 6],
    ]);
    assert.deepEqual(rowsOf(['1 1 * * * true'], { lines: [] }), []);
  });

  test('is told from a text of others that mentions a job or ends in the word tick', () => {
    const others = [
      `1 1 * * * echo see "${backup.slice(10)}"`,
      '* * * * * /usr/bin/heart tick',
      '* * * * * /bin/cronwright ticks',
      '# the line of shop/clean: /bin/cronwright run --scheduled shop/clean',
      '1 1 * * * /bin/cronwright run shop/clean',
      '1 1 * * * /bin/cronwright run --scheduled shop/clean-up',
      '1 1 * * * /opt/other/cronwright run --scheduled shop/clean',
    ];
    assert.deepEqual(rowsOf([...others, ...installed]), []);
    assert.deepEqual(rowsOf([...others, ...changed(6)]), [['deleted', 'shop/clean', null]]);
  });

  test('names accounts where it is one of the system', () => {
    const asRoot = (line: string) => line.replace(/^((?:\S+ ){5}|@reboot )(?=\/)/, '$1root ');
    const system = installed.map(asRoot);
    const wanted = { lines: [backup, boot, clean].map(asRoot), tick: asRoot(tick), written: bytes(system) };
    assert.match(system[3] ?? '', /^0 3 \* \* \* root \//);
    assert.deepEqual(rowsOf(system, wanted), []);
    const moved = [...system.toSpliced(5, 1), '1 4 * * 1 ann /bin/cronwright run --scheduled shop/clean'];
    assert.deepEqual(rowsOf(moved, wanted), [['moved-out', 'shop/clean', 14]]);
    assert.deepEqual(rowsOf(system.toSpliced(4, 1, `# ${asRoot(boot)}`), wanted), [
      ['commented-out', 'shop/backup', 5],
    ]);
  });
});

suite('a table without the block', () => {
  const bare = [...installed.slice(0, 2), ...installed.slice(7)];

  test('has lost it whole', () => {
    assert.deepEqual(rowsOf(bare), [['block-gone', null, null]]);
    assert.deepEqual(rowsOf(bare, { written: undefined }), [['block-gone', null, null]]);
  });

  test('was replaced where nothing is left of what was written', () => {
    const rows: readonly Row[] = [['table-replaced', null, null]];
    assert.deepEqual(rowsOf([]), rows);
    assert.deepEqual(rowsOf(['', '1 1 * * * true', '']), rows);
    assert.deepEqual(rowsOf(['1 1 * * * true'], { written: undefined }), [
      ['block-gone', null, null],
      ['deleted', null, null],
    ]);
  });

  test('has lost its markers alone where its lines still stand', () => {
    const scattered = installed.filter((line) => !line.endsWith(' shop'));
    assert.deepEqual(rowsOf(scattered), [
      ['marker', null, null],
      ['moved-out', 'shop/backup', 3],
      ['moved-out', 'shop/backup', 4],
      ['moved-out', 'shop/clean', 5],
    ]);
    const off = installed.map((line) => (/shop/.test(line) ? `#${line}` : line)).toSpliced(5, 1);
    assert.deepEqual(rowsOf(off), [
      ['marker', null, null],
      ['commented-out', 'shop/backup', 4],
      ['commented-out', 'shop/backup', 5],
      ['deleted', 'shop/clean', null],
    ]);
  });
});

suite('a table with damaged markers', () => {
  const cases: readonly (readonly [what: string, lines: readonly string[], rows: readonly Row[]])[] = [
    ['tells a first marker that is lost', changed(3), [['marker', null, 6]]],
    ['tells a last marker that is lost', changed(7), [['marker', null, 3]]],
    ['tells a marker in other letters', changed(3, '# begin cronwright shop'), [['marker', null, 3]]],
    ['tells a marker with more words', changed(7, '# END cronwright shop (do not edit)'), [['marker', null, 7]]],
    ['tells a marker with a carriage return', changed(7, '# END cronwright shop\r'), [['marker', null, 7]]],
    [
      'says of a damaged marker no more than that',
      changed(7).toSpliced(2, 1, '#begin cronwright shop'),
      [['marker', null, 3]],
    ],
    ['tells a marker of the tick', changed(13), [['marker', null, 11]]],
    ['tells a marker that names nobody', [...installed, '# END cronwright Über uns'], [['marker', null, 15]]],
    [
      'tells a block that is there twice, with its lines',
      [...installed, ...installed.slice(2, 7)],
      [
        ['marker', null, 15],
        ['duplicated', 'shop/backup', 16],
        ['duplicated', 'shop/backup', 17],
        ['duplicated', 'shop/clean', 18],
      ],
    ],
    [
      'tells what became of the lines besides',
      changed(7).toSpliced(3, 1, backup.replace('0 3', '1 3')),
      [
        ['marker', null, 3],
        ['edited', 'shop/backup', 4],
      ],
    ],
    [
      'tells a block within a block',
      [...installed.slice(0, 4), ...installed.slice(7, 10), ...installed.slice(4, 7), ...installed.slice(10)],
      [
        ['marker', null, 3],
        ['marker', null, 10],
      ],
    ],
    ['leaves the marker of a neighbour to the neighbour', changed(8), []],
    [
      'takes lines of others behind a lost marker for none of its own',
      [...installed.slice(0, 6), '1 1 * * * true', ...installed.slice(7)],
      [['marker', null, 3]],
    ],
  ];
  for (const [what, lines, rows] of cases) {
    test(what, () => {
      assert.deepEqual(rowsOf(lines), rows);
      const { refusal } = surveyTable(bytes(lines), expected);
      assert.throws(() => readTableText(bytes(lines)), { message: refusal?.message ?? '' });
    });
  }

  test('is refused by sync with the line and what mends it', () => {
    const { refusal } = surveyTable(bytes(changed(7)), expected);
    assert.match(refusal?.message ?? '', /^line 7 of the table, "# BEGIN cronwright web", begins a block inside/);
    assert.match(refusal?.hint ?? '', /cronwright sync writes it anew/);
  });
});

/** What may happen to a table: a line is taken, put in, changed or moved, or many are cut out. */
const mutation = fc.record({
  what: fc.constantFrom('take', 'double', 'comment', 'move', 'change', 'insert', 'cut'),
  at: fc.nat({ max: 30 }),
  to: fc.nat({ max: 30 }),
  text: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom(...installed, '# BEGIN cronwright', '#END cronwright shop', '# END cronwright nobody', ''),
  ),
});

function mutated(
  lines: readonly string[],
  { what, at, to, text }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
) {
  const index = at % (lines.length || 1);
  const line = lines[index] ?? '';
  const without = lines.toSpliced(index, 1);
  const clear = Buffer.from(text).toString('latin1').replaceAll('\n', ' ');
  switch (what) {
    case 'cut':
      return lines.toSpliced(index, 1 + to);
    case 'take':
      return without;
    case 'double':
      return lines.toSpliced(to % (lines.length + 1), 0, line);
    case 'comment':
      return lines.toSpliced(index, 1, `# ${line}`);
    case 'move':
      return without.toSpliced(to % (without.length + 1), 0, line);
    case 'change':
      return lines.toSpliced(index, 1, clear + line);
    default:
      return lines.toSpliced(to % (lines.length + 1), 0, clear);
  }
}

/** What must hold of any table; returns the kinds that were found. */
function examined(lines: readonly string[]): readonly DriftKind[] {
  const table = bytes(lines);
  const { drift, refusal } = surveyTable(table, expected);
  for (const { line, found, wanted, kind } of drift) {
    const at = line === null ? null : Buffer.from(lines[line - 1] ?? 'no such line', 'latin1').toString();
    assert.equal(found, at);
    if (kind !== 'marker') assert.ok(wanted === null || wanted === tick || expected.lines.includes(wanted));
  }
  const lost = drift.filter(({ kind }) => kind !== 'marker').flatMap(({ wanted }) => wanted ?? []);
  assert.equal(new Set(lost).size, lost.length, 'a line was lost twice');
  if (refusal === undefined) {
    assert.deepEqual(driftOf(readTableText(table), expected), drift);
    const block = blockLines(readTableText(table), expected.project) ?? [];
    if (drift.length === 0) assert.deepEqual([...block].sort(), [...expected.lines].sort());
  }
  return drift.map(({ kind }) => kind);
}

test('Whatever is done to a table is named, and nothing is named only where the right lines stand in their blocks', () => {
  const seen = new Set<DriftKind>();
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
    const lines = mutations.reduce<readonly string[]>((some, one) => mutated(some, one), installed);
    for (const kind of examined(lines)) seen.add(kind);
  });
  fc.assert(property, { numRuns: 3_000, seed: 5 });
  assert.deepEqual([...seen].sort(), [...driftKinds].sort());
});

test('Five thousand lines that were all edited, or all moved, are compared in no time', () => {
  const lines = Array.from({ length: 5_000 }, (_, n) => `0 3 * * * /bin/cronwright run --scheduled shop/job-${n}`);
  const edited = lines.map((line) => line.replace('0 3', '1 3'));
  const [begin, end] = ['# BEGIN cronwright shop', '# END cronwright shop'];
  const kinds = (table: readonly string[]) => {
    const { drift } = surveyTable(bytes(table), { ...expected, lines, written: undefined });
    return Object.entries(Object.groupBy(drift, ({ kind }) => kind)).map(([kind, some]) => [kind, some.length]);
  };
  assert.deepEqual(kinds([begin, ...edited, end]), [
    ['edited', 5_000],
    ['deleted', 1],
  ]);
  assert.deepEqual(kinds([...edited, begin, end]), [
    ['moved-out', 5_000],
    ['deleted', 1],
  ]);
});
