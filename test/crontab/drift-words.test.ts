import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Drift } from '../../src/crontab/drift.ts';
import { driftWords } from '../../src/crontab/drift-words.ts';
import type { JobId, JobName } from '../../src/job/job.ts';

const shop = 'shop' as JobName;
const line = '0 3 * * * /bin/cronwright run --scheduled shop/backup';
const boot = '@reboot /bin/cronwright run --at-boot shop/backup';
const tick = '* * * * * /bin/cronwright tick';

function messageOf(drift: Partial<Drift> & Pick<Drift, 'kind'>): string {
  const job = 'shop/backup' as JobId;
  return driftWords({ job, wanted: null, found: null, line: null, ...drift }, shop).message;
}

test('Each kind of drift has its sentence, with the number of the line', () => {
  const marker = { kind: 'marker', job: null, line: 3 } as const;
  const cases = [
    [
      messageOf({ kind: 'edited', wanted: line, found: `1${line}`, line: 4 }),
      'line 4: the line of shop/backup was edited',
    ],
    [messageOf({ kind: 'deleted', wanted: boot }), 'the line of shop/backup for the start of the machine is gone'],
    [
      messageOf({ kind: 'added', job: null, found: 'A=1', line: 5 }),
      'line 5: a line in a block that cronwright did not put there',
    ],
    [
      messageOf({ kind: 'commented-out', job: null, wanted: tick, line: 2 }),
      'line 2: the line of the tick was commented out',
    ],
    [
      messageOf({ kind: 'moved-out', wanted: line, line: 1 }),
      'line 1: the line of shop/backup stands outside of its block',
    ],
    [
      messageOf({ kind: 'duplicated', found: line, line: 9 }),
      'line 9: the line of shop/backup stands there a second time',
    ],
    [messageOf({ kind: 'block-gone', job: null }), 'the block of shop is gone with all its lines'],
    [
      messageOf({ kind: 'table-replaced', job: null }),
      'the table was replaced: nothing is left of what cronwright wrote, and nothing of shop',
    ],
    [
      messageOf({ ...marker, line: null, wanted: '# BEGIN cronwright shop' }),
      'the markers around the lines of shop are gone',
    ],
    [
      messageOf({ ...marker, found: '#begin cronwright shop', wanted: '# BEGIN cronwright shop' }),
      'line 3: looks like a marker of cronwright and is none',
    ],
    [messageOf({ ...marker, found: '# BEGIN cronwright shop' }), 'line 3: begins a block a second time'],
    [
      messageOf({ ...marker, found: '# BEGIN cronwright shop', wanted: '# END cronwright shop' }),
      'line 3: begins a block that does not end',
    ],
    [
      messageOf({ ...marker, found: '# END cronwright', wanted: '# BEGIN cronwright' }),
      'line 3: ends a block that does not begin',
    ],
  ];
  for (const [said, expected] of cases) assert.equal(said, expected);
});

test('A line that somebody took out of force is answered with pause, that of the tick is not', () => {
  const remedy = (job: string | null) =>
    driftWords({ kind: 'commented-out', job: job as JobId | null, wanted: line, found: `#${line}`, line: 4 }, shop)
      .remedy;
  assert.match(remedy('shop/backup'), /^cronwright sync brings it back; cronwright pause shop\/backup /);
  assert.doesNotMatch(remedy(null), /pause/);
});

test('A marker is mended by hand, markers that are gone are not', () => {
  const remedy = (wanted: string | null, found: string | null) =>
    driftWords({ kind: 'marker', job: null, wanted, found, line: 1 }, shop).remedy;
  assert.equal(remedy('# BEGIN cronwright shop', null), 'cronwright sync frames them anew');
  assert.match(
    remedy('# END cronwright shop', '# BEGIN cronwright shop'),
    /the line "# END cronwright shop", or delete/,
  );
  assert.match(remedy(null, '# BEGIN cronwright shop'), /^take one of the two blocks out/);
});
