import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JobId } from '../../src/job/job.ts';
import { processEntry } from '../../src/run/process-table.ts';
import {
  type Leader,
  type Look,
  leaderOf,
  leftAfter,
  mayHaveComeRound,
  membersOf,
  startTime,
  survivors,
  type Tree,
  tasksOfJob,
} from '../../src/run/tree.ts';
import { deeds, Kernel } from './kernel.ts';
import { isAlive, sweep, until } from './rig.ts';
import { onLinux, start, startTree } from './started.ts';

const pidsOf = (processes: readonly { readonly pid: number }[]) => processes.map(({ pid }) => pid);

test('The processes of a tree are those that carry its run, exactly', onLinux, async (context) => {
  const run = randomUUID();
  const carrier = await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: run });
  await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: `${run}0` });
  await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: run.slice(1) });
  await start(context, 'sleeps-forever', { OTHER: `CRONWRIGHT_RUN=${run}`, X_CRONWRIGHT_RUN: run });
  assert.deepEqual(survivors({ run, leader: undefined }), [{ pid: carrier, name: 'sleep' }]);
});

test("The processes of a tree are also those of its leader's session, whatever they carry", async (context) => {
  const pid = await start(context, 'sleeps-forever', {});
  assert.deepEqual(pidsOf(survivors({ run: randomUUID(), leader: leaderOf(pid) })), [pid]);
});

test(
  "A session whose leader has the right number but began at another time is not the tree's",
  onLinux,
  async (context) => {
    const pid = await start(context, 'sleeps-forever', {});
    const { born } = leaderOf(pid);
    for (const other of [born - 1, born + 1, 0]) {
      assert.deepEqual(survivors({ run: randomUUID(), leader: { pid, born: other } }), []);
    }
  },
);

test(
  "A session without a leader is the tree's when a member carries the run, else it may be anybody's",
  onLinux,
  async (context) => {
    const { tree, child } = startTree(context, 'leaves-a-bare-child');
    const bare = await child();
    process.kill(tree.leader.pid, 'SIGKILL');
    await until('the leader is gone', () => processEntry(tree.leader.pid) === undefined);
    assert.deepEqual(survivors(tree), []);
    assert.ok(isAlive(bare));
  },
);

test('The process that looks for a tree never belongs to it', onLinux, () => {
  const run = process.env.CRONWRIGHT_RUN ?? randomUUID();
  const { session } = processEntry(process.pid) ?? { session: 0 };
  assert.ok(!pidsOf(survivors({ run, leader: leaderOf(session) })).includes(process.pid));
});

test('What is left is found after a short run and after a long one', onLinux, async (context) => {
  for (const lived of [0, 365 * 86_400_000]) {
    const { tree, ended } = startTree(context, 'leaves-a-child');
    await ended;
    const left = leftAfter(tree, lived);
    assert.equal(left.length, 1);
    assert.equal(processEntry(left[0]?.pid ?? 0)?.session, tree.leader.pid);
  }
});

test('A process that is left counts once, however many threads it has', onLinux, async (context) => {
  const run = randomUUID();
  const line = '"$0" -e "setInterval(() => undefined, 1000)" >/dev/null 2>&1 </dev/null & echo $!';
  const child = spawn('/bin/sh', ['-c', line, process.execPath], { env: { CRONWRIGHT_RUN: run }, detached: true });
  context.after(() => sweep(run));
  const tree = { run, leader: leaderOf(child.pid ?? 0) };
  const [[printed]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
  const pid = Number(printed);
  await until('it has threads', () => readdirSync(`/proc/${pid}/task`).length > 2);
  assert.deepEqual(pidsOf(leftAfter(tree, 0)), [pid]);
});

test('Nothing is left after a process that ended with all of its children', async (context) => {
  const { tree, ended } = startTree(context, 'exits', ['0']);
  await ended;
  assert.deepEqual(leftAfter(tree, 0), []);
  assert.deepEqual(leftAfter(tree, 365 * 86_400_000), []);
});

test('A process that is left is named without what would disturb a terminal', onLinux, async (context) => {
  const run = randomUUID();
  const script = 'process.title = "a\\x1b[2Jb\\nc"; console.log("ready"); setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, ['-e', script], {
    env: { CRONWRIGHT_RUN: run },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  context.after(() => child.kill('SIGKILL'));
  await until('it has its name', () => survivors({ run, leader: undefined })[0]?.name === 'a?[2Jb?c');
});

test('The numbers of processes cannot come round in a moment, and can in a year', onLinux, () => {
  assert.ok(!mayHaveComeRound(0));
  assert.ok(mayHaveComeRound(365 * 86_400_000));
  assert.ok(mayHaveComeRound(-1));
});

test('The tasks of a job are told by their environment', onLinux, async (context) => {
  const [run, job] = [randomUUID(), `shop/j${randomUUID()}`];
  const pid = await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: run, CRONWRIGHT_JOB: job });
  await start(context, 'sleeps-forever', { CRONWRIGHT_RUN: randomUUID(), CRONWRIGHT_JOB: `${job}0` });
  await start(context, 'sleeps-forever', { CRONWRIGHT_JOB: job });
  const own = process.getuid?.() ?? 0;
  assert.deepEqual(tasksOfJob(job as JobId, [own + 1, own]), [{ pid, run }]);
  assert.deepEqual(tasksOfJob(job as JobId, [own + 1]), []);
});

test('A process has a time of its start as long as it lives', onLinux, async (context) => {
  const pid = await start(context, 'sleeps-forever', {});
  assert.equal(startTime(pid), leaderOf(pid).born);
  assert.equal(startTime(2 ** 30), undefined);
});

/** Each picks a process by its place in the table, and lets it do something. */
const histories = fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...deeds)), {
  minLength: 50,
  maxLength: 400,
  size: 'max',
});

test('No look ever takes a stranger for a member, however often the numbers come round', () => {
  fc.assert(
    fc.property(histories, (history) => {
      liveThrough(history, (kernel, tree) => {
        const ours = pidsOf(kernel.ours);
        for (const pid of pidsOf(look(kernel, tree, false).members)) assert.ok(ours.includes(pid));
      });
    }),
    { numRuns: 3_000 },
  );
});

test('Looks that follow each other take no stranger for a member either, until one finds nothing', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let held = true;
      let over = false;
      liveThrough(history, (kernel, tree) => {
        const { members, sessionIsOurs } = look(kernel, tree, held);
        const ours = pidsOf(kernel.ours);
        if (!over) for (const pid of pidsOf(members)) assert.ok(ours.includes(pid));
        over ||= members.length === 0;
        held = sessionIsOurs;
      });
    }),
    { numRuns: 3_000 },
  );
});

test('Every carrier belongs, and while the leader is there, all of its session', () => {
  fc.assert(
    fc.property(histories, (history) => {
      liveThrough(history, (kernel, tree) => {
        const found = pidsOf(look(kernel, tree, false).members);
        const leader = kernel.table.find(({ pid, born }) => pid === tree.leader.pid && born === tree.leader.born);
        const expected = kernel.ours.filter(({ carries, session }) => carries || session === leader?.pid);
        for (const { pid } of expected) assert.ok(found.includes(pid));
      });
    }),
  );
});

function liveThrough(
  history: readonly (readonly [number, (typeof deeds)[number]])[],
  check: (kernel: Kernel, tree: Tree & { readonly leader: Leader }) => void,
): void {
  const kernel = new Kernel();
  const tree = { run: 'ours', leader: kernel.startTask() };
  for (const [place, deed] of history) {
    kernel.do(kernel.table[place % kernel.table.length]?.pid ?? 0, deed);
    check(kernel, tree);
  }
}

function look(kernel: Kernel, tree: Tree, sessionWasOurs: boolean): Look {
  return membersOf(tree, kernel.table, { carries: ({ pid }) => kernel.carries(pid), sessionWasOurs });
}
