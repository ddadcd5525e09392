import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import type { RunView } from '../../src/terminal/views.ts';
import { builtProgram, run, until } from '../e2e/program.ts';
import { skipUnlessMounts } from '../store/spool-rig.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { type Ground, newGround } from './ground.ts';

const launcher = builtProgram();
const directory = temporaryDirectory();

/** An account with no process of its own: root has no such limit, and shares its processes with all that it runs. */
const other = 64_321;
const become = `setpriv --reuid=${other} --regid=${other} --clear-groups`;
const asOther = writeFile(directory, 'as-other', `#!/bin/sh\nexec ${become} /mnt/bin/cronwright "$@"\n`, 0o755);

/** Puts the program where that account may read it, and gives it the place. */
const openToOther = ({ path, notes }: Ground) => `
mount -t tmpfs -o mode=0755 own /mnt
for name in bin dist node_modules; do
  mkdir /mnt/$name && mount --bind "$(realpath '${dirname(dirname(launcher))}'/$name)" /mnt/$name
done
cp '${dirname(dirname(launcher))}/package.json' /mnt
chown ${other} '${path}' && chmod 0755 '${dirname(dirname(notes))}' && chmod 0777 '${dirname(notes)}'`;

/** Something of which a process may have so many. */
interface Limit {
  readonly option: '--nofile' | '--nproc';
  /** Why a task does not start for want of it. */
  readonly want: RegExp;
  /** More than any run needs. */
  readonly plenty: number;
}

const descriptors: Limit = { option: '--nofile', want: /may open no more files \(EMFILE\)/, plenty: 36 };
const processes: Limit = { option: '--nproc', want: /allows no more processes \(EAGAIN\)/, plenty: 12 };

const limitedTo = ({ option }: Limit, count: number) => ['prlimit', `${option}=${count}:${count}`, '--'] as const;

/** The smallest limit under which Node.js starts: below it nothing of ours runs. It may hang there. */
async function smallest(limit: Limit, program: string): Promise<number> {
  for (let count = limit.plenty; ; count--) {
    const started = ['timeout', '--signal=KILL', '10', ...limitedTo(limit, count), program] as const;
    const { status } = await run([...started, 'run', '--probe']);
    if (status !== 0 && count < limit.plenty) return count + 1;
    assert.equal(status, 0);
  }
}

const jobOf = (count: number) => `limited-${count}`;

/** Starts a job of its own under each limit from the smallest on. Returns the limits. */
async function startUnderEach(ground: Ground, limit: Limit, program: string): Promise<readonly number[]> {
  const first = await smallest(limit, program);
  const counts = Array.from({ length: limit.plenty - first + 1 }, (_, index) => first + index);
  const jobs = counts.map((count) => {
    const command = `echo ${count} >>'${ground.notes}'; exit 3`;
    return [jobOf(count), { schedule: '* * * * *', command }];
  });
  await ground.installJobs(Object.fromEntries(jobs));
  for (const count of counts) {
    const words = [program, '--state', ground.state, 'run', '--scheduled', `shop/${jobOf(count)}`] as const;
    const { status, err } = await run([...limitedTo(limit, count), ...words]);
    assert.ok(status === 3 || status === 125, `${count}: status ${status}: ${err}`);
  }
  return counts;
}

/** Expects that each start is recorded and told of: its task ran, or could not be started for this want. */
async function expectHonest(ground: Ground, limit: Limit, counts: readonly number[]): Promise<void> {
  for (const later of [0, 120_000, 240_000]) await ground.tick(later);
  const runs = await ground.runs();
  assert.equal(runs.length, counts.length);
  for (const count of counts) {
    const one = runs.find(({ job }) => job === `shop/${jobOf(count)}`);
    const noted = ground.noted().filter((line) => line === String(count)).length;
    expectOneEnd(one, noted, limit);
    const told = ground.messageIds().filter((id) => one !== undefined && id.startsWith(one.run));
    assert.equal(told.length, 1, `${count}: told ${told.length} times`);
  }
  assert.ok(runs.some(({ exitCode }) => exitCode === 3));
}

function expectOneEnd(one: RunView | undefined, noted: number, { want }: Limit): void {
  assert.equal(one?.state, 'failed', one?.job);
  if (noted === 0) assert.match(one?.reason ?? '', want);
  else assert.deepEqual({ noted, exitCode: one?.exitCode }, { noted: 1, exitCode: 3 });
}

describe('a start that may', { skip: skipUnlessMounts, concurrency: 2 }, () => {
  it('open few files runs its task, or is recorded as failed for that and told of', async (t) => {
    const ground = await newGround(t, launcher);
    const counts = await startUnderEach(ground, descriptors, ground.launcher);
    await expectHonest(ground, descriptors, counts);
  });

  it('start few processes runs its task, or is recorded as failed for that and told of', async (t) => {
    const ground = await newGround(t, asOther);
    await ground.mounts.change(openToOther(ground));
    const counts = await startUnderEach(ground, processes, ground.launcher);
    await expectHonest(ground, processes, counts);
  });

  it('start no process any more is recorded with that, and told of', async (t) => {
    const ground = await newGround(t, asOther);
    await ground.mounts.change(openToOther(ground));
    const retry = { attempts: 2, delay: '1s', backoff: 'fixed', jitter: 0 };
    await ground.installJob({ schedule: '* * * * *', retry, command: `echo ran >>'${ground.notes}'; exit 3` });
    const wrapper = ground.asCron();
    await until('the first attempt was made', () => ground.noted().length === 1);
    await run(['prlimit', '--nproc=1:1', `--pid=${wrapper.process.pid}`]);
    assert.equal((await wrapper.ended).status, 125);
    assert.equal(ground.noted().length, 1);
    const [one] = await ground.runs();
    assert.match(one?.reason ?? '', processes.want);
    assert.deepEqual(
      ground.messageIds().map((id) => id.split('@')[0]),
      [`${one?.run}.failed`],
    );
  });
});
