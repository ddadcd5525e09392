import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { endTree, survivors } from '../../src/run/kill.ts';
import { fixture, isAlive } from './rig.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux shows the environment of a process' };
/** A group that no process can have. */
const noGroup = 2 ** 30;

/** A fixture in its own group, running and past its first word. */
async function start(context: TestContext, name: string, env: Record<string, string>): Promise<number> {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(fixture(name), { env: { PATH: '/usr/bin:/bin', ...env }, detached: true, stdio: [...stdio] });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  assert.ok(child.pid);
  return child.pid;
}

test('The processes of a tree are those that carry its run, exactly', onLinux, async (context) => {
  const run = randomUUID();
  const carrier = await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: run });
  await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: `${run}0` });
  await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: run.slice(1) });
  await start(context, 'sleeps-forever', { OTHER: `CRONWRIGHT_RUN=${run}`, X_CRONWRIGHT_RUN: run });
  assert.deepEqual(survivors({ group: noGroup, run }), [carrier]);
});

test('The processes of a tree are also those of its group, whatever they carry', async (context) => {
  const pid = await start(context, 'sleeps-forever', {});
  assert.deepEqual(survivors({ group: pid, run: randomUUID() }).map(Math.abs), [pid]);
});

test('The process that ends a tree never belongs to it', onLinux, () => {
  const run = process.env.CRONWRIGHT_RUN ?? randomUUID();
  assert.ok(!survivors({ group: process.pid, run }).includes(process.pid));
});

test('A stopped process is ended by TERM too', async (context) => {
  const pid = await start(context, 'sleeps-forever', {});
  process.kill(pid, 'SIGSTOP');
  await endTree({ group: pid, run: randomUUID() }, 3_600_000, systemClock);
  assert.ok(!isAlive(pid));
});

test('Without a grace a process that ignores TERM is killed at once', async (context) => {
  const pid = await start(context, 'ignores-term', {});
  await endTree({ group: pid, run: randomUUID() }, 0, systemClock);
  assert.ok(!isAlive(pid));
});

test('Ending a tree that is gone already is no error', async () => {
  await endTree({ group: noGroup, run: randomUUID() }, 3_600_000, systemClock);
});
