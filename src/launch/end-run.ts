import { errorCode } from '../errors.ts';
import { endTree } from '../run/kill.ts';
import { closeRun, isOpen, type OpenRun } from '../store/runs.ts';
import { isAlive, isHolderAlive, treeOf } from './holder.ts';
import { orTrouble } from './or-trouble.ts';
import type { StoredWorld } from './world.ts';

/** Milliseconds that a wrapper gets beyond its task's grace: to strike what is left, to drain and to record. */
const wrapperTime = 15_000;
const lookEvery = 100;

/**
 * Ends a run that another process holds, whose request to cancel is recorded already: its wrapper is asked to end its
 * task. Where there is none, or it does not answer, the task's tree is ended from here, and the run closed. One that
 * cannot be ended stays open. Trouble with the database is left to who closes the runs of the dead.
 * @param grace milliseconds between TERM and KILL.
 */
export async function endRun(world: StoredWorld, run: OpenRun, grace: number): Promise<void> {
  const { store, clock } = world;
  if (isHolderAlive(run) && signal(run.pid, 'SIGTERM')) {
    const last = clock.now() + grace + wrapperTime;
    while (isGoingOn(world, run) && clock.now() < last) await clock.sleep(lookEvery);
  }
  if (!isStillOpen(world, run)) return;
  // A wrapper that is still there has been deaf for its time: it must not start another attempt.
  if (isHolderAlive(run)) signal(run.pid, 'SIGKILL');
  await endTree(treeOf(run), grace, clock);
  if (isAlive(run)) return;
  const closing = { run: run.run, state: 'cancelled', reason: 'was cancelled' } as const;
  orTrouble(world, () => closeRun(store, { ...closing, at: clock.now() }));
}

function isGoingOn(world: StoredWorld, run: OpenRun): boolean {
  return isHolderAlive(run) && isStillOpen(world, run);
}

/** A database that cannot be asked says nothing of an end. */
function isStillOpen(world: StoredWorld, { run }: OpenRun): boolean {
  return orTrouble(world, () => isOpen(world.store, run)) !== false;
}

/** False where the process is gone. One that is not ours to signal is waited for all the same. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return errorCode(error) !== 'ESRCH';
  }
}
