import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drifts } from '../../src/crontab/drift.ts';

const backup = '0 3 * * * /bin/cronwright run --scheduled shop/backup';
const boot = '@reboot /bin/cronwright run --at-boot shop/backup';
const clean = '5 4 * * 1 /bin/cronwright run --scheduled shop/clean';
const tick = '* * * * * /bin/cronwright tick';

describe('drift', () => {
  const cases: readonly (readonly [what: string, found: readonly string[], expected: readonly unknown[]])[] = [
    ['is none where each line stands once', [backup, boot, clean], []],
    ['is none for another order', [clean, backup, boot], []],
    ['is a line that is gone', [backup, clean], [{ kind: 'deleted', job: 'shop/backup', wanted: boot, found: null }]],
    [
      'is a line with another time',
      ['30 3 * * * /bin/cronwright run --scheduled shop/backup', boot, clean],
      [
        {
          kind: 'edited',
          job: 'shop/backup',
          wanted: backup,
          found: '30 3 * * * /bin/cronwright run --scheduled shop/backup',
        },
      ],
    ],
    [
      'is a line that was commented out',
      [backup, boot, `# ${clean}`],
      [{ kind: 'edited', job: 'shop/clean', wanted: clean, found: `# ${clean}` }],
    ],
    [
      'is a line that stands twice',
      [backup, boot, clean, clean],
      [{ kind: 'added', job: 'shop/clean', wanted: null, found: clean }],
    ],
    [
      'is a line that nobody installed, with what is not UTF-8 replaced',
      [backup, boot, clean, 'MAILTO=\xe4\xff', '\xc3\xa4'],
      [
        { kind: 'added', job: null, wanted: null, found: 'MAILTO=��' },
        { kind: 'added', job: null, wanted: null, found: 'ä' },
      ],
    ],
  ];
  for (const [what, found, expected] of cases) {
    it(what, () => assert.deepEqual(drifts([backup, boot, clean], found), expected));
  }

  it('pairs the tick with what it was made into', () => {
    const found = `*/5 ${tick.slice(2)}`;
    assert.deepEqual(drifts([tick], [found]), [{ kind: 'edited', job: null, wanted: tick, found }]);
  });
});
