import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CronName } from '../../../src/crontab/cron/cron.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { breachesOf } from '../../../src/crontab/cron/limits.ts';
import { runProgram } from '../../../src/crontab/program.ts';
import { realCrontab } from '../rig.ts';

const mine = { system: false, root: false };
const root = { system: false, root: true };
const system = { system: true, root: true };

function breaches(text: string, cron: CronName, kind = mine) {
  return breachesOf(Buffer.from(text, 'latin1'), crons[cron], kind);
}

const lines = (count: number, line = '# a comment') => `${line}\n`.repeat(count);
const ours = (line: string) => `# BEGIN cronwright shop\n${line}\n# END cronwright shop\n`;

describe('the length of a table', () => {
  const cases: readonly (readonly [cron: CronName, most: number, kind: typeof mine])[] = [
    ['debian', 10_000, mine],
    ['busybox', 256, mine],
    ['busybox', 65_535, root],
  ];
  for (const [cron, most, kind] of cases) {
    it(`is at most ${most} lines for ${cron}${kind.root ? ' as root' : ''}, comments included`, () => {
      assert.deepEqual(breaches(lines(most), cron, kind), []);
      const [found, ...more] = breaches(lines(most + 1), cron, kind);
      assert.equal(found?.line, null);
      assert.match(found?.message ?? '', new RegExp(`^the table has ${most + 1} lines, .* at most ${most}: `));
      assert.deepEqual(more, []);
    });
  }

  it('is counted by entries for cronie', () => {
    const comments = `${lines(1_000)}0 4 * * * x\n`;
    assert.deepEqual(breaches(comments.repeat(11) + lines(9_989, '0 4 * * * x') + lines(5, 'A = b'), 'cronie'), []);
    assert.match(breaches(lines(10_001, '0 4 * * * x'), 'cronie')[0]?.message ?? '', /10001 entries/);
  });

  it('is counted by environment lines and by what stands between the entries too for cronie', () => {
    const entry = '0 4 * * * x\n';
    assert.deepEqual(breaches(lines(1_000, 'A = b') + entry, 'cronie'), []);
    assert.match(
      breaches(lines(1_001, 'A = b') + entry, 'cronie')[0]?.message ?? '',
      /^the table has 1001 environment lines, and cronie takes at most 1000: it refuses the whole table$/,
    );
    const stretch = `#${'x'.repeat(32_000)}\n\n${'\t'.repeat(763)}\n`;
    assert.equal(stretch.length, 32_767);
    assert.deepEqual(breaches(stretch + entry + stretch + entry, 'cronie'), []);
    assert.match(
      breaches(`${stretch} ${entry}`, 'cronie')[0]?.message ?? '',
      /^the table has 32769 bytes of comments and blank lines in one place, and cronie takes at most 32768: /,
    );
    assert.deepEqual(breaches(stretch.repeat(2) + lines(2_000, 'A = b') + entry, 'debian'), []);
    assert.deepEqual(breaches(lines(1_001, 'A = b') + entry, 'cronie', system), []);
  });

  it('has no bound for systemd-cron, bcron, and a system table of Debian’s cron, which no crontab program looks at', () => {
    for (const cron of ['systemd-cron', 'bcron'] as const) assert.deepEqual(breaches(lines(70_000), cron), []);
    assert.deepEqual(breaches(lines(10_001), 'debian', system), []);
  });
});

describe('the length of a command', () => {
  it('is at most 998 bytes for Debian’s cron, whoever’s line it is', () => {
    const long = `@daily ${'x'.repeat(998)}`;
    assert.deepEqual(breaches(`${long}\n`, 'debian'), []);
    assert.deepEqual(breaches(`# one\n 0  4 * *\t* ${'x'.repeat(999)}\n`, 'debian'), [
      {
        line: 2,
        message: 'its command has 999 bytes, and Debian’s cron takes at most 998: it refuses the whole table',
        remedy: 'shorten the command; a long command belongs into a script',
      },
    ]);
    assert.equal(breaches(`@daily ${'ä'.repeat(500)}\n`, 'debian').length, 0, 'latin1 has one byte for it');
    assert.equal(breachesOf(Buffer.from(`@daily ${'ä'.repeat(500)}\n`), crons.debian, mine).length, 1);
  });

  it('is counted behind the account in a system table', () => {
    assert.deepEqual(breaches(`0 4 * * * root ${'x'.repeat(998)}\n`, 'debian', system), []);
    assert.equal(breaches(`0 4 * * * ${'x'.repeat(994)} x\n`, 'debian', system).length, 0);
    assert.equal(breaches(`0 4 * * * root ${'x'.repeat(999)}\n`, 'debian', system).length, 1);
  });

  it('is told for what is cut only where the line is ours', () => {
    const long = `0 4 * * * ${'x'.repeat(131_073)}`;
    assert.deepEqual(breaches(`${long}\n`, 'cronie'), []);
    const [found] = breaches(ours(long), 'cronie');
    assert.equal(found?.line, 2);
    assert.match(found?.message ?? '', /it leaves out the rest of the command, without a word/);
  });

  it('has no bound for BusyBox', () =>
    assert.deepEqual(breaches(ours(`0 4 * * * ${'x'.repeat(200_000)}`), 'busybox'), []));

  it('is not asked of comments and environment lines, which Debian’s cron cuts', () => {
    const text = `# ${'x'.repeat(2_000)}\nPATH = ${'x'.repeat(2_000)}\n"A B"='${'x'.repeat(2_000)}'\n`;
    assert.deepEqual(breaches(text, 'debian'), []);
  });

  it('is what the crontab program of Debian refuses, to the byte', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    for (const length of [998, 999]) {
      const text = `0 4 * * * ${'x'.repeat(length)}\n`;
      const { kind, ...ended } = await runProgram([real.program, '-'], { timeout: 10_000, input: Buffer.from(text) });
      const taken = kind === 'exited' && 'status' in ended && ended.status === 0;
      assert.equal(breaches(text, 'debian').length === 0, taken, `${length} bytes`);
    }
  });
});

describe('bytes that are no UTF-8', () => {
  it('are told for systemd-cron, which reads no table at all then, and for no other', () => {
    const text = '0 4 * * * x\n0 5 * * * gr\xfc\xdfe\n';
    assert.deepEqual(
      breaches(text, 'systemd-cron').map(({ line }) => line),
      [2],
    );
    for (const cron of ['debian', 'cronie', 'busybox', 'bcron', 'macos'] as const)
      assert.deepEqual(breaches(text, cron), []);
    assert.deepEqual(breachesOf(Buffer.from('0 5 * * * grüße\n'), crons['systemd-cron'], mine), []);
  });
});

it('damaged markers do not stop the limits from being told', () => {
  assert.equal(breaches(`# BEGIN cronwright shop\n@daily ${'x'.repeat(999)}\n`, 'debian').length, 1);
});
