import { readFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import { startTime, survivors, type Tree } from '../run/tree.ts';
import type { Holder, OpenRun } from '../store/runs.ts';

/** This process, as the holder of a run. */
export function thisProcess(): Holder {
  return { pid: process.pid, boot: bootId(), born: startTime(process.pid) ?? 0 };
}

/** Whether the process that was noted is still there: process ids come round again, start times do not. */
export function isHolderAlive(holder: Holder): boolean {
  if (holder.boot !== bootId()) return false;
  const born = startTime(holder.pid);
  return born === undefined ? holder.born === 0 && answers(holder.pid) : born === holder.born;
}

/** Whether a run goes on: its wrapper is there, or its task has outlived the wrapper. */
export function isAlive(run: OpenRun): boolean {
  return isHolderAlive(run) || isOrphaned(run);
}

/** Whether a task goes on without its wrapper. */
export function isOrphaned(run: OpenRun): boolean {
  return run.boot === bootId() && !isHolderAlive(run) && survivors(treeOf(run)).length > 0;
}

/** The processes of a run, as far as they are known. */
export function treeOf({ run, taskPid, taskBorn }: OpenRun): Tree {
  const leader = taskPid === null || taskBorn === null ? undefined : { pid: taskPid, born: taskBorn };
  return { run, leader };
}

/** What tells this start of the machine from all others; empty where the system has none. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** Without /proc, all that can be asked is whether some process has that id. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process answers too.
    return errorCode(error) === 'EPERM';
  }
}
