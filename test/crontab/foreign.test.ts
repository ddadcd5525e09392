import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTableText } from '../../src/crontab/block.ts';
import { environmentAbove, foreignEntries } from '../../src/crontab/foreign.ts';
import type { JobName } from '../../src/job/job.ts';

const shop = 'shop' as JobName;
const block = '# BEGIN cronwright shop\nINSIDE=1\n0 3 * * * x\n# END cronwright shop\n';

function above(text: string): readonly (readonly [string, string, number])[] {
  return environmentAbove(readTableText(Buffer.from(text)), shop).map(({ name, value, line }) => [name, value, line]);
}

describe('the environment above a block', () => {
  const cases: readonly (readonly [what: string, line: string, expected: readonly (readonly [string, string])[]])[] = [
    ['is an assignment', 'MAILTO=ops@example.org', [['MAILTO', 'ops@example.org']]],
    ['may have blanks around the sign and the line', ' \tSHELL \t=  /bin/bash \t', [['SHELL', '/bin/bash']]],
    ['may have quotes, which keep blanks', `"MY VAR" = ' a b '`, [['MY VAR', ' a b ']]],
    ['may be empty', 'MAILTO=""', [['MAILTO', '']]],
    ['may hold further signs', 'OPTS=a=b # c', [['OPTS', 'a=b # c']]],
    ['may end as on Windows', 'PATH=/usr/bin\r', [['PATH', '/usr/bin']]],
    ['is no comment', '#MAILTO=ops', []],
    ['is no entry that sets a variable itself', '* * * * * A=b true', []],
    ['is no entry with a nickname', '@daily A=b true', []],
    ['is no entry with a star first', '*/5 * * * * A = b', []],
  ];
  for (const [what, line, expected] of cases) {
    it(what, () =>
      assert.deepEqual(
        above(`${line}\n${block}`),
        expected.map(([name, value]) => [name, value, 1]),
      ),
    );
  }

  it('is the last of each name, and nothing that stands in a block or below', () => {
    const text = `SHELL=/bin/sh\nPATH=/bin\n\nSHELL=/bin/zsh\n${block}PATH=/opt/bin\n`;
    assert.deepEqual(above(text), [
      ['PATH', '/bin', 2],
      ['SHELL', '/bin/zsh', 4],
    ]);
  });

  it('is that of the whole table for a block that will be added', () => {
    assert.deepEqual(above('A=1\n0 3 * * * x\nB=ä\n'), [
      ['A', '1', 1],
      ['B', 'ä', 3],
    ]);
  });
});

it('foreign entries are neither comments, blanks nor environment, and stand in no block', () => {
  const text = `# a\n\n  \t\n\r\nA=1\n0 3 * * * x\n  @daily y\n #z\n${block}1 1 1 1 1 A=b z`;
  const entries = foreignEntries(readTableText(Buffer.from(text)));
  assert.deepEqual(
    entries.map((entry) => entry.text),
    ['0 3 * * * x', '  @daily y', '1 1 1 1 1 A=b z'],
  );
});
