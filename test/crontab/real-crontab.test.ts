import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readTableText, tableBytes, withBlock } from '../../src/crontab/block.ts';
import type { Host } from '../../src/crontab/fields.ts';
import { jobLines, tickLine } from '../../src/crontab/line.ts';
import { userTable } from '../../src/crontab/user-table.ts';
import { UserError } from '../../src/errors.ts';
import type { JobName } from '../../src/job/job.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { jobNamed, realCrontab, timesOf } from './rig.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const [utc, berlin] = ['UTC', 'Europe/Berlin'].map((name) => ({ zone: namedZone(name), at: Date.UTC(2026, 0, 1) })) as [
  Host,
  Host,
];

const none = Buffer.alloc(0);
const launcher = { path: '/usr/local/bin/cronwright', state: '/var/lib/cronwright' };

describe('the real crontab program', () => {
  it('leaves no trace of a table that was not there before', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const table = userTable(real);
    assert.deepEqual(await table.read(), none);
    await table.write(bytes('0 1 * * * x\n'), { expected: none });
    assert.match(real.stored()?.toString() ?? '', /0 1 \* \* \* x\n$/);
    await table.write(none, { expected: bytes('0 1 * * * x\n'), allowEmpty: true });
    assert.equal(real.stored(), undefined);
    assert.deepEqual(await table.read(), none);
  });

  it('accepts every form of line that a job can have', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const written = [
      '* * * * *',
      '*/7,1 */5 */10 */5 */2',
      '0-59 0-23 1-31 jan-dec sun-sat',
      '*/15,7 * 1 * 7',
      '@reboot',
    ];
    const beyond = ['30 0 L * *', '5 1 15W * *', '0 9 * * 5#3', 'every 7h', 'every 25m between 08:00 and 18:00'];
    const timezone = 'Australia/Lord_Howe';
    const lines = [
      ...written.flatMap((text) => jobLines(timesOf([text]), launcher, utc)),
      ...jobLines(timesOf(['*/20 9 * * 1', '45 2 * 3 5'], { id: jobNamed('clean') }), launcher, utc),
      ...written.slice(0, -1).flatMap((text) => jobLines(timesOf([text], { timezone }), launcher, utc)),
      ...beyond.flatMap((text) => jobLines(timesOf([text], { timezone }), launcher, berlin)),
      tickLine(launcher),
      tickLine({ ...launcher, path: `/${'x'.repeat(998 - 1 - ' --state /var/lib/cronwright tick'.length)}` }),
    ];
    const block = tableBytes(withBlock(readTableText(none), 'shop' as JobName, lines));
    await userTable(real).write(block, { expected: none });
    assert.deepEqual(await userTable(real).read(), block);
  });

  it('keeps the table of another user apart from the own one', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    if (userInfo().uid !== 0) return t.skip('the table of another user takes root');
    const [own, other] = [userTable(real), userTable({ ...real, user: 'nobody' })];
    const [mine, theirs] = [bytes('0 1 * * * mine\n'), bytes('# theirs\n0 2 * * * theirs \\r\r\n')];
    await other.write(theirs, { expected: none });
    assert.deepEqual([await own.read(), await other.read()], [none, theirs]);
    await own.write(mine, { expected: none });
    await other.write(none, { expected: theirs, allowEmpty: true });
    assert.deepEqual([await own.read(), await other.read()], [mine, none]);
  });

  it('refuses what it cannot read, and the old table stays', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const table = userTable(real);
    const old = bytes('0 1 * * * x\n');
    await table.write(old, { expected: none });
    for (const broken of ['99 1 * * * x\n', '0 1 * * * x']) {
      await assert.rejects(
        table.write(bytes(broken), { expected: old }),
        (error) =>
          error instanceof UserError && /ended with status 1: .*; the table is as it was$/s.test(error.message),
      );
    }
    assert.deepEqual(await table.read(), old);
  });

  it('hands over the comments at the top of a table that it did not write', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const table = userTable(real);
    const old = bytes('# mine\n# also mine\n# and this\n0 1 * * * x\n');
    real.place(old);
    assert.deepEqual(await table.read(), old);
    const next = tableBytes(withBlock(readTableText(old), undefined, [tickLine(launcher)]));
    await table.write(next, { expected: old });
    assert.deepEqual(await table.read(), next);
  });

  it('hands over carriage returns and backspaces, beside the text that it shows for them', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const table = userTable(real);
    const old = bytes("# one\r\n0 1 * * * tr -d '\\r\\b' \b\r\n");
    await table.write(old, { expected: none });
    assert.deepEqual(await table.read(), old);
  });

  const line = fc.oneof(
    fc.constantFrom(
      '',
      ' \t',
      'MAILTO=root',
      '*/5 *  * * *  cd /x &&  y\r',
      '0 1 * * * printf "\\r\\b%s" ä',
      '# DO NOT EDIT',
    ),
    fc.uint8Array({ maxLength: 30 }).map((all) => `#${Buffer.from(all).toString('latin1').replaceAll('\n', '')}`),
    fc.constant('# DO NOT EDIT THIS FILE - edit the master and reinstall.'),
  );

  it('keeps every byte of any table, whatever we install and remove', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const table = userTable(real);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
        const foreign = bytes(lines.map((one) => `${one}\n`).join(''));
        await table.write(foreign, { expected: await table.read() });
        assert.deepEqual(await table.read(), foreign);
        const next = tableBytes(withBlock(readTableText(foreign), undefined, [tickLine(launcher)]));
        await table.write(next, { expected: foreign });
        const without = tableBytes(withBlock(readTableText(await table.read()), undefined, []));
        await table.write(without, { expected: next });
        assert.deepEqual(await table.read(), foreign);
      }),
      { numRuns: 20 },
    );
  });
});
