import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { isHolderAlive, thisProcess } from '../../src/launch/holder.ts';
import { until } from '../run/rig.ts';

const skip = existsSync('/proc/self/stat') || process.env.CI !== undefined ? false : 'there is no /proc here';

suite('the holder of a run', () => {
  test('is alive while its process is', () => {
    assert.equal(isHolderAlive(thisProcess()), true);
  });

  test('is gone where another process has got its id', { skip }, () => {
    const holder = thisProcess();
    assert.equal(isHolderAlive({ ...holder, born: holder.born + 1 }), false);
  });

  test('is gone after the machine was started again, even if all numbers agree', { skip }, () => {
    assert.equal(isHolderAlive({ ...thisProcess(), boot: 'an earlier one' }), false);
  });

  test('is gone once its process was killed', { skip }, async () => {
    const child = spawn('sleep', ['1000']);
    await once(child, 'spawn');
    const { boot, born } = thisProcess();
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isHolderAlive({ pid: child.pid ?? 0, boot, born }), false);
  });

  test('is gone while its process is a zombie that nobody has waited for', { skip }, async (t) => {
    // The shell becomes the sleeper, which never waits for the child that has ended.
    const parent = spawn('/bin/sh', ['-c', 'sh -c "echo \\$\\$" & exec sleep 1000']);
    t.after(() => parent.kill('SIGKILL'));
    const [pid] = await once(parent.stdout, 'data');
    const stat = () => readFileSync(`/proc/${Number(pid)}/stat`, 'latin1');
    const born = Number(stat().split(' ')[21]);
    await until('the child is a zombie', () => stat().includes(') Z '));
    assert.equal(isHolderAlive({ pid: Number(pid), boot: thisProcess().boot, born }), false);
  });
});
