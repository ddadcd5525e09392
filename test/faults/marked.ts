import { readFileSync } from 'node:fs';
import { processIds, startEnvironment } from '../../src/run/process-table.ts';

/** The processes that were started with this entry, `NAME=value`, in their environment. */
export function processesWith(entry: string): readonly number[] {
  return (processIds() ?? []).filter((pid) => startEnvironment(pid).includes(entry));
}

/** The processes that were started with all of these words. */
export function processesStartedWith(words: readonly string[]): readonly number[] {
  return (processIds() ?? []).filter((pid) => {
    const started = wordsOf(pid);
    return words.every((word) => started.includes(word));
  });
}

function wordsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Kills the processes that were started with this entry in their environment, so that nothing a campaign has left outlives it. */
export function endProcessesWith(entry: string): void {
  for (const pid of processesWith(entry)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
