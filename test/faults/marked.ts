import { readdirSync, readFileSync } from 'node:fs';

/** The processes that were started with this entry, `NAME=value`, in their environment. */
export function processesWith(entry: string): readonly number[] {
  return processes().filter((pid) => listIn(`/proc/${pid}/environ`).includes(entry));
}

/** The processes that were started with all of these words. */
export function processesStartedWith(words: readonly string[]): readonly number[] {
  return processes().filter((pid) => {
    const started = listIn(`/proc/${pid}/cmdline`);
    return words.every((word) => started.includes(word));
  });
}

/** Kills the processes that were started with this entry in their environment, so that none outlives the test. */
export function endProcessesWith(entry: string): void {
  for (const pid of processesWith(entry)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function processes(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** What a file of /proc holds, each entry ended by a NUL; nothing where the process has ended. */
function listIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch {
    return [];
  }
}
