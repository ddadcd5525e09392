import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { bothCosts, CostMeter, unknownCost, waitedCpu } from '../../src/run/cost.ts';
import { survivors } from '../../src/run/tree.ts';
import { MovedClock } from '../moved-clock.ts';
import { temporaryDirectory } from '../temporary.ts';
import { fixture, lacking, until } from './rig.ts';
import { onLinux, type StartedTree, startTree } from './started.ts';

const MiB = 1024 * 1024;
const withSetsid = { skip: lacking('setsid') || onLinux.skip };
const standingClock = () => new MovedClock(0);

function meterOf({ tree }: StartedTree, clock = standingClock()): CostMeter {
  return new CostMeter({ tree, waited: waitedCpu(), clock });
}

test('The time of a process is counted when it was waited for', onLinux, async (context) => {
  const started = startTree(context, 'burns-processor-time', [20]);
  const meter = meterOf(started);
  await started.ended;
  const { cpuMs } = meter.stop([]);
  assert.ok(cpuMs !== null && cpuMs >= 200 && cpuMs < 400);
});

test('What was waited for before the start does not count', onLinux, async (context) => {
  spawnSync(fixture('burns-processor-time'), ['30']);
  const started = startTree(context, 'exits', [0]);
  const meter = meterOf(started);
  await started.ended;
  const { cpuMs } = meter.stop([]);
  assert.ok(cpuMs !== null && cpuMs < 300);
});

test('The time of what is left running counts up to now', withSetsid, async (context) => {
  const started = startTree(context, 'leaves-a-burner', [20, join(temporaryDirectory(), 'done')]);
  const meter = meterOf(started);
  await started.ended;
  await until('what is left is there', () => survivors(started.tree).length === 1);
  assert.ok((meter.stop(survivors(started.tree)).cpuMs ?? 0) >= 200);
});

test(
  'What was seen of a tree counts although it is then killed and nobody of it is waited for',
  withSetsid,
  async (context) => {
    const started = startTree(context, 'leaves-a-burner', [20, join(temporaryDirectory(), 'done')]);
    const meter = meterOf(started);
    await started.ended;
    meter.sample();
    for (const { pid } of survivors(started.tree)) process.kill(pid, 'SIGKILL');
    await until('nothing is left', () => survivors(started.tree).length === 0);
    assert.ok((meter.stop([]).cpuMs ?? 0) >= 200);
  },
);

test('The memory of a process is its peak', onLinux, async (context) => {
  const started = startTree(context, 'takes-memory', [32]);
  const meter = meterOf(started);
  await until('it holds its memory', () => started.text() === 'ready\n');
  meter.sample();
  const { peakMemory } = meter.stop([]);
  assert.ok(peakMemory !== null && peakMemory > 32 * MiB && peakMemory < 200 * MiB);
});

test('Memory is looked at again and again by itself', onLinux, async (context) => {
  const clock = standingClock();
  const started = startTree(context, 'takes-memory', [32]);
  const meter = meterOf(started, clock);
  await until('it holds its memory', () => started.text() === 'ready\n');
  clock.move(20);
  await new Promise(setImmediate);
  assert.ok((meter.stop([]).peakMemory ?? 0) > 32 * MiB);
});

test('The first sample is taken at once', onLinux, async (context) => {
  const started = startTree(context, 'takes-memory', [1]);
  await until('its program is loaded', () => started.text() === 'ready\n');
  assert.ok((meterOf(started).stop([]).peakMemory ?? 0) > 0);
});

test('A meter that was stopped keeps nothing going', onLinux, async (context) => {
  const started = startTree(context, 'sleeps-forever');
  const sleeps = new AbortController();
  const clock = {
    ...systemClock,
    sleep: (_: number, signal?: AbortSignal) => {
      signal?.addEventListener('abort', () => sleeps.abort());
      return systemClock.sleep(3_600_000, signal);
    },
  };
  new CostMeter({ tree: started.tree, waited: waitedCpu(), clock }).stop([]);
  assert.ok(sleeps.signal.aborted);
});

test('Where the system does not tell, nothing is known', async (context) => {
  const started = startTree(context, 'exits', [0]);
  const meter = new CostMeter({ tree: started.tree, waited: undefined, clock: standingClock() });
  await started.ended;
  assert.deepEqual(meter.stop([]), unknownCost);
});

test('Two costs together are the sum of the time and the higher memory, of what is known', () => {
  const one = { cpuMs: 10, peakMemory: 7 };
  assert.deepEqual(bothCosts(one, { cpuMs: 20, peakMemory: 5 }), { cpuMs: 30, peakMemory: 7 });
  assert.deepEqual(bothCosts(one, unknownCost), one);
  assert.deepEqual(bothCosts(unknownCost, one), one);
  assert.deepEqual(bothCosts(unknownCost, unknownCost), unknownCost);
  assert.deepEqual(bothCosts({ cpuMs: 0, peakMemory: null }, unknownCost), { cpuMs: 0, peakMemory: null });
});
