import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { endTree } from '../../src/run/kill.ts';
import { processEntry } from '../../src/run/process-table.ts';
import { leaderOf, survivors } from '../../src/run/tree.ts';
import { isAlive, lacking, PushedClock, until } from './rig.ts';
import { onLinux, start, startTree } from './started.ts';

const hour = 3_600_000;
const withSetsid = { skip: lacking('setsid') || onLinux.skip };
/** A number that no process can have. */
const nobody = { pid: 2 ** 30, born: 1 };

test('A stopped process is ended by TERM too', async (context) => {
  const { tree, ended } = startTree(context, 'sleeps-forever');
  process.kill(tree.leader.pid, 'SIGSTOP');
  await endTree(tree, hour, systemClock);
  assert.ok(!isAlive(tree.leader.pid));
  assert.deepEqual(await ended, [null, 'SIGTERM']);
});

test('Without a grace a process that ignores TERM is killed at once', async (context) => {
  const pid = await start(context, 'ignores-term', {});
  await endTree({ run: randomUUID(), leader: leaderOf(pid) }, 0, systemClock);
  assert.ok(!isAlive(pid));
});

test('Ending a tree that is gone already is no error', async () => {
  await endTree({ run: randomUUID(), leader: nobody }, hour, systemClock);
  await endTree({ run: randomUUID(), leader: undefined }, hour, systemClock);
});

test('A process in another session gets TERM, and its grace', withSetsid, async (context) => {
  const { tree, child, text } = startTree(context, 'leaves-a-polite-session');
  const polite = await child();
  await endTree(tree, hour, systemClock);
  assert.ok(!isAlive(polite));
  await until('its last word was read', () => text().includes('goodbye'));
});

test(
  'What a process in another session starts when it gets TERM is asked to end as well',
  withSetsid,
  async (context) => {
    const { tree, child } = startTree(context, 'starts-another-on-term');
    await child();
    await endTree(tree, hour, systemClock);
    assert.deepEqual(survivors(tree), []);
  },
);

test('A member that outlives its leader and has no environment is killed after the grace', onLinux, async (context) => {
  const { tree, child, ended } = startTree(context, 'leaves-a-bare-child');
  const bare = await child();
  const clock = new PushedClock();
  const over = endTree(tree, hour, clock);
  await ended;
  assert.ok(isAlive(bare));
  clock.push(hour);
  await over;
  assert.ok(!isAlive(bare));
});

test('A tree is ended by its run alone, when nobody knows who started it', withSetsid, async (context) => {
  const { tree, child } = startTree(context, 'leaves-a-session');
  const elsewhere = await child();
  await endTree({ run: tree.run, leader: undefined }, hour, systemClock);
  assert.ok(!isAlive(elsewhere));
  assert.ok(!isAlive(tree.leader.pid));
});

test(
  'A stranger with the number of the leader is not touched, nor anybody of its session',
  onLinux,
  async (context) => {
    const stranger = startTree(context, 'leaves-a-bare-child');
    const member = await stranger.child();
    const { pid, born } = stranger.tree.leader;
    await endTree({ run: randomUUID(), leader: { pid, born: born - 1 } }, 0, systemClock);
    assert.ok(isAlive(pid));
    assert.ok(isAlive(member));
  },
);

test('What a stranger with the number of the leader left behind is not touched', onLinux, async (context) => {
  const stranger = startTree(context, 'leaves-a-bare-child');
  const member = await stranger.child();
  const { pid, born } = stranger.tree.leader;
  process.kill(pid, 'SIGKILL');
  await stranger.ended;
  await endTree({ run: randomUUID(), leader: { pid, born: born - 1 } }, 0, systemClock);
  assert.equal(processEntry(member)?.session, pid);
  assert.ok(isAlive(member));
});

const otherUser = { skip: process.getuid?.() === 0 ? onLinux.skip : 'only root starts processes of other accounts' };

test('A process of another account is ended too, where root asks for it', otherUser, async (context) => {
  const run = randomUUID();
  const env = { PATH: '/usr/bin:/bin', CRONWRIGHT_RUN: run };
  const child = spawn('/bin/sleep', ['1000000'], { env, uid: 65_534, gid: 65_534, detached: true, stdio: 'ignore' });
  context.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  assert.equal(survivors({ run, leader: undefined }).length, 1);
  await endTree({ run, leader: undefined }, hour, systemClock);
  assert.deepEqual(await ended, [null, 'SIGTERM']);
});

test('What a member starts while it is being killed is killed too', withSetsid, async (context) => {
  const { tree, child } = startTree(context, 'hands-over');
  await child();
  await endTree(tree, 0, systemClock);
  assert.deepEqual(survivors(tree), []);
});
