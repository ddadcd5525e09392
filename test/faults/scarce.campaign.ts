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
const minute = 60_000;

/** An account with no process of its own: root has no such limit, and shares its processes with all that it runs. */
const other = 64_321;
const become = ['setpriv', `--reuid=${other}`, `--regid=${other}`, '--clear-groups'] as const;
const asOther = writeFile(
  directory,
  'as-other',
  `#!/bin/sh\nexec ${become.join(' ')} /mnt/bin/cronwright "$@"\n`,
  0o755,
);

/** Puts the program where that account may read it, and gives it the place. */
const openToOther = ({ path, notes }: Ground) => `
mount -t tmpfs -o mode=0755 own /mnt
for name in bin dist node_modules; do
  mkdir /mnt/$name && mount --bind "$(realpath '${dirname(dirname(launcher))}'/$name)" /mnt/$name
done
cp '${dirname(dirname(launcher))}/package.json' /mnt
chown ${other} '${path}' && chmod 0755 '${dirname(dirname(notes))}' && chmod 0777 '${dirname(notes)}'`;

/** More open files than any run needs. */
const plenty = 36;

const withFiles = (count: number) => ['prlimit', `--nofile=${count}:${count}`, '--'] as const;

/** The smallest number of open files with which Node.js starts: below it nothing of ours runs. */
async function fewestFiles(program: string): Promise<number> {
  for (let count = plenty; ; count--) {
    const { status } = await run([...withFiles(count), program, 'run', '--probe']);
    if (status !== 0) return count + 1;
  }
}

const jobOf = (count: number) => `limited-${count}`;

/** Starts a job of its own with each number of open files from the smallest on. Returns the numbers. */
async function startWithEach(ground: Ground): Promise<readonly number[]> {
  const { launcher: program, state, notes } = ground;
  const fewest = await fewestFiles(program);
  const counts = Array.from({ length: plenty - fewest + 1 }, (_, index) => fewest + index);
  const jobs = counts.map((count) => {
    return [jobOf(count), { schedule: '* * * * *', command: `echo ${count} >>'${notes}'; exit 3` }];
  });
  await ground.installJobs(Object.fromEntries(jobs));
  for (const count of counts) {
    const words = [program, '--state', state, 'run', '--scheduled', `shop/${jobOf(count)}`] as const;
    const { status, err } = await run([...withFiles(count), ...words]);
    assert.ok(status === 3 || status === 125, `${count} files: status ${status}: ${err}`);
  }
  return counts;
}

/** Expects a run that is recorded and told of: its task ran, or could not be started for want of files. */
function expectHonest(ground: Ground, one: RunView | undefined, count: number): void {
  assert.equal(one?.state, 'failed', `${count} files`);
  const noted = ground.noted().filter((line) => line === String(count)).length;
  if (noted === 0) assert.match(one?.reason ?? '', /may open no more files \(EMFILE\)/);
  else assert.deepEqual({ noted, exitCode: one?.exitCode }, { noted: 1, exitCode: 3 });
  const told = ground.messageIds().filter((id) => one !== undefined && id.startsWith(one.run));
  assert.equal(told.length, 1, `${count} files: told ${told.length} times`);
}

describe('a start that may', { skip: skipUnlessMounts, concurrency: 2 }, () => {
  it('open few files runs its task, or is recorded as failed for that, and is told of', async (t) => {
    const ground = await newGround(t, launcher);
    const counts = await startWithEach(ground);
    for (const later of [0, 2 * minute, 4 * minute]) await ground.tick(later);
    const runs = await ground.runs();
    assert.equal(runs.length, counts.length);
    for (const count of counts) {
      expectHonest(
        ground,
        runs.find(({ job }) => job === `shop/${jobOf(count)}`),
        count,
      );
    }
    const statuses = new Set(runs.map(({ exitCode }) => exitCode));
    assert.deepEqual(statuses, new Set([3, null]), 'both ends were met');
  });

  it('start no process any more is recorded as failed for that, and is told of', async (t) => {
    const ground = await newGround(t, asOther);
    await ground.mounts.change(openToOther(ground));
    const retry = { attempts: 2, delay: '1s', backoff: 'fixed', jitter: 0 };
    await ground.installJob({ schedule: '* * * * *', retry, command: `echo ran >>'${ground.notes}'; exit 3` });
    const wrapper = ground.asCron();
    await until('the first attempt was made', () => ground.noted().length === 1);
    const limited = await run([...become, 'prlimit', '--nproc=1:1', `--pid=${wrapper.process.pid}`]);
    assert.equal(limited.status, 0, limited.err);
    assert.equal((await wrapper.ended).status, 125);
    assert.equal(ground.noted().length, 1);
    const [one] = await ground.runs();
    assert.match(one?.reason ?? '', /allows no more processes \(EAGAIN\)/);
    const told = ground.messageIds().map((id) => id.split('@')[0]);
    assert.deepEqual(told, [`${one?.run}.failed`]);
  });
});
