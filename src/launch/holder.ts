import { readFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Holder } from '../store/runs.ts';

/** This process, as the holder of a run. */
export function thisProcess(): Holder {
  return { pid: process.pid, boot: bootId(), born: startTicks(process.pid) ?? 0 };
}

/** Whether the process that was noted is still there: process ids come round again, start times do not. */
export function isAlive(holder: Holder): boolean {
  if (holder.boot !== bootId()) return false;
  const born = startTicks(holder.pid);
  return born === undefined ? holder.born === 0 && answers(holder.pid) : born === holder.born;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/**
 * Field 22 of /proc/PID/stat: clock ticks from boot to the process's start (proc(5)). The name in parentheses before it
 * may hold blanks and parentheses itself. Undefined where there is no such process, or no /proc.
 */
function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
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
