import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobLines, lineCommand, tickLine } from '../../src/crontab/line.ts';
import { UserError } from '../../src/errors.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { jobNamed, timesOf } from './rig.ts';

const utc = { zone: namedZone('UTC'), at: Date.UTC(2026, 0, 1) };
const plain = { path: '/usr/local/bin/cronwright', state: undefined };
const elsewhere = { path: '/usr/local/bin/cronwright', state: '/srv/state,a=b/@1' };

describe('a table line', () => {
  it('is the time, the launcher and the job, and nothing else', () => {
    const lines = jobLines(timesOf(['0 3 * * *']), plain, utc);
    assert.deepEqual(lines, ['0 3 * * * /usr/local/bin/cronwright run --scheduled shop/backup']);
  });

  it('names the state directory where one is given', () => {
    const lines = jobLines(timesOf(['0 3 * * *']), elsewhere, utc);
    const state = '--state /srv/state,a=b/@1';
    assert.deepEqual(lines, [`0 3 * * * /usr/local/bin/cronwright ${state} run --scheduled shop/backup`]);
    assert.equal(tickLine(elsewhere), `* * * * * /usr/local/bin/cronwright ${state} tick`);
  });

  it('names in a system table the account between time and command, at boot and for the tick too', () => {
    const launcher = { ...plain, user: 'root' };
    assert.deepEqual(jobLines(timesOf(['0 3 * * *', '@reboot']), launcher, utc), [
      '0 3 * * * root /usr/local/bin/cronwright run --scheduled shop/backup',
      '@reboot root /usr/local/bin/cronwright run --at-boot shop/backup',
    ]);
    assert.equal(tickLine(launcher), '* * * * * root /usr/local/bin/cronwright tick');
  });

  it('comes twice for a job that also runs at boot', () => {
    const job = timesOf(['@reboot', '@daily'], { id: jobNamed('warm-up') });
    assert.deepEqual(jobLines(job, plain, utc), [
      '0 0 * * * /usr/local/bin/cronwright run --scheduled shop/warm-up',
      '@reboot /usr/local/bin/cronwright run --at-boot shop/warm-up',
    ]);
  });

  it('keeps the tick going every minute', () => {
    assert.equal(tickLine(plain), '* * * * * /usr/local/bin/cronwright tick');
  });

  for (const character of [
    ' ',
    '%',
    '#',
    '\\',
    '"',
    "'",
    '$',
    '`',
    ';',
    '&',
    '~',
    '*',
    '\n',
    '\r',
    '\t',
    '\0',
    'ä',
    '😀',
  ]) {
    it(`refuses ${JSON.stringify(character)} in either path, and says which character it is`, () => {
      const path = `/opt/my${character}app`;
      for (const launcher of [
        { ...plain, path },
        { ...plain, state: path },
      ]) {
        assert.throws(
          () => tickLine(launcher),
          (error) => {
            assert.ok(error instanceof UserError);
            assert.ok(error.message.includes(`the character ${JSON.stringify(character)}`), error.message);
            assert.match(error.hint ?? '', /with only letters, digits/);
            return true;
          },
        );
      }
    });
  }

  it('refuses a path that depends on where cron starts', () => {
    assert.throws(() => tickLine({ ...plain, path: 'bin/cronwright' }), /path of cronwright is not absolute/);
    assert.throws(() => tickLine({ ...plain, state: 'state' }), /state directory is not absolute/);
    assert.throws(() => tickLine({ ...plain, state: '' }), /state directory is not absolute/);
  });

  it('has a command of 998 characters and not of 999', () => {
    const rest = ' tick'.length;
    assert.equal(lineCommand({ ...plain, path: `/${'x'.repeat(997 - rest)}` }, ['tick']).length, 998);
    assert.throws(
      () => lineCommand({ ...plain, path: `/${'x'.repeat(998 - rest)}` }, ['tick']),
      /would have 999 characters, expected at most 998/,
    );
  });
});
