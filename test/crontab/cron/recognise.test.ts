import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { recogniseCron } from '../../../src/crontab/cron/recognise.ts';
import { runProgram } from '../../../src/crontab/program.ts';
import { realCrontab, stub } from '../rig.ts';
import { unpacked } from './real.ts';
import { type StubName, stubCron } from './stubs.ts';

const table = Buffer.from('0 4 * * * by-hand\n');

describe('the cron of a crontab program', () => {
  for (const name of ['cronie', 'busybox', 'macos'] satisfies StubName[]) {
    it(`is known for ${name}, and its table and everything beside it stay as they are`, async (t) => {
      const cron = stubCron(t, name);
      await runProgram([cron.program, '-'], { timeout: 10_000, input: table });
      const before = readdirSync(cron.spool);
      assert.equal((await recogniseCron(cron.program))?.name, name);
      assert.deepEqual(readdirSync(cron.spool), before);
      assert.deepEqual(cron.stored(), table);
    });
  }

  it('is known for the program of this machine, if that is Debian’s', async (t) => {
    const real = realCrontab(t);
    if (real === undefined) return;
    const usage = await runProgram([real.program, '-V', '-l'], { timeout: 10_000 });
    if (!usage.stderr.includes('dry run')) return t.skip('the cron of this machine is another');
    real.place(table);
    assert.equal((await recogniseCron(real.program))?.name, 'debian');
    assert.deepEqual(real.stored(), table);
  });

  it('is known for systemd-cron', async (t) => {
    const real = unpacked(t, ['systemd-cron']);
    if (real === undefined) return;
    assert.equal((await recogniseCron(real.program))?.name, 'systemd-cron');
    assert.deepEqual(readdirSync(join(real.root, 'own-spool', 'crontabs')), []);
  });

  it('is known for bcron', async (t) => {
    const real = unpacked(t, ['bcron', 'libbg2']);
    if (real === undefined) return;
    assert.equal((await recogniseCron(real.program))?.name, 'bcron');
  });

  it('is not guessed of a program that passes over what it does not know, and its table is not taken from it', async (t) => {
    const cautious = stub(
      t,
      'for word; do [ "$word" = -l ] && { echo "cronie 1.6.1 0 4 * * * x"; exit; }; done; cat >"$store"',
    );
    assert.equal(await recogniseCron(cautious.program), undefined);
    assert.deepEqual((await runProgram(['cat', cautious.store], { timeout: 5_000 })).stdout, Buffer.alloc(0));
    const listing = stub(t, 'printf "%s\\n" "cronie 1.6.1" "0 4 * * * x"');
    assert.equal(await recogniseCron(listing.program), undefined);
  });

  it('is not known where there is no program', async (t) => {
    const { program } = stub(t, 'exit 0');
    assert.equal(await recogniseCron(`${program}-that-is-not-there`), undefined);
  });

  it('is asked for once only', async (t) => {
    const { program, store } = stub(t, 'echo asked >>"$store"; echo "cronie 1.6.1"');
    const found = await Promise.all([recogniseCron(program), recogniseCron(program)]);
    assert.deepEqual(
      found.map((cron) => cron?.name),
      ['cronie', 'cronie'],
    );
    assert.equal((await runProgram(['cat', store], { timeout: 5_000 })).stdout.toString(), 'asked\n');
  });
});
