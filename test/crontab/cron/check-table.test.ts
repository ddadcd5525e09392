import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { refusalBy } from '../../../src/crontab/cron/check-table.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { recogniseCron } from '../../../src/crontab/cron/recognise.ts';
import { realCrontab } from '../rig.ts';
import { stubCron } from './stubs.ts';

const good = Buffer.from('# mine\n0 4 * * * by-hand\n');
const bad = Buffer.from('0 4 * * * by-hand\n99 * * * * never\n');

describe('the check of the crontab program', () => {
  it('is asked with -T of cronie, and no host of a cluster is set', async (t) => {
    const cron = stubCron(t, 'cronie');
    assert.equal(await refusalBy(crons.cronie, good, { system: false, program: cron.program }), undefined);
    const refused = await refusalBy(crons.cronie, bad, { system: false, program: cron.program });
    assert.deepEqual(refused, { problem: 'bad minute', asked: 'crontab -T' });
    assert.ok(!existsSync(join(cron.spool, '.cluster-host')));
    assert.deepEqual(readdirSync(cron.spool), []);
  });

  it('is asked with -n of Debian’s, and nothing is installed', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    if ((await recogniseCron(real.program))?.name !== 'debian') return t.skip('the cron of this machine is another');
    assert.equal(await refusalBy(crons.debian, good, { system: false, program: real.program }), undefined);
    const refused = await refusalBy(crons.debian, bad, { system: false, program: real.program });
    assert.match(refused?.problem ?? '', /bad minute/);
    assert.equal(refused?.asked, 'crontab -n');
    assert.equal(real.stored(), undefined);
  });

  it('is never asked of the program of another cron, to which -n is an order', async (t) => {
    const cron = stubCron(t, 'cronie');
    assert.equal(await refusalBy(crons.debian, bad, { system: false, program: cron.program }), undefined);
    assert.deepEqual(readdirSync(cron.spool), []);
  });

  it('is not asked where there is none, nor for a system table', async (t) => {
    assert.equal(
      await refusalBy(crons.busybox, bad, { system: false, program: stubCron(t, 'busybox').program }),
      undefined,
    );
    assert.equal(
      await refusalBy(crons.cronie, bad, { system: true, program: stubCron(t, 'cronie').program }),
      undefined,
    );
  });
});
