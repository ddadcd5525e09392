import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** Node marks the descriptors that it inherits close-on-exec: these for certain, further ones up to the first gap. */
const lastMarked = 15;

/** The bit of close-on-exec among the flags of proc_pid_fdinfo(5). */
const closeOnExec = 0o2000000;

let done = false;

/**
 * Closes what this process inherited and would pass on, such as the lock or the log of a program that started it: a task
 * has no business with it, and the background process of a task would hold it for ever. What Node opens is not passed
 * on. Elsewhere than on Linux nothing is closed; macOS passes nothing on when Node starts a process.
 */
export function closeInherited(): void {
  if (done) return;
  done = true;
  for (const descriptor of openDescriptors()) {
    if (descriptor > lastMarked && isPassedOn(descriptor)) closeSync(descriptor);
  }
}

function openDescriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

function isPassedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // It was the one that the list itself was read through.
    return false;
  }
}
