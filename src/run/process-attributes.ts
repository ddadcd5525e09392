import { constants, getPriority, setPriority } from 'node:os';

/** What a process passes on to those it starts. */
export interface ProcessAttributes {
  /** The file mode creation mask; null for the inherited one. */
  readonly umask: number | null;
  /** Added to the niceness that this process began with; 0 changes nothing. */
  readonly nice: number;
}

/**
 * What `start` returns, called while this process has the attributes that its child is to inherit: no program has to
 * stand between the two. Without the rights of root this process then stays as nice as it was made.
 * @throws Error with a sentence where the system refuses the niceness; `start` was not called then.
 */
export function withAttributes<T>({ umask, nice }: ProcessAttributes, start: () => T): T {
  const before = umask === null ? undefined : process.umask(umask);
  try {
    return nice === 0 ? start() : withNiceness(nice, start);
  } finally {
    if (before !== undefined) process.umask(before);
  }
}

/** Asked once: where it cannot be had again, a second attempt must not add to that of the first. */
let own: number | undefined;

function withNiceness<T>(nice: number, start: () => T): T {
  own ??= getPriority();
  const { PRIORITY_HIGHEST: least, PRIORITY_LOW: most } = constants.priority;
  try {
    setPriority(Math.min(most, Math.max(least, own + nice)));
  } catch (error) {
    throw new Error(`its niceness of ${nice} takes the rights of root`, { cause: error });
  }
  try {
    return start();
  } finally {
    beAsBefore(own);
  }
}

function beAsBefore(priority: number): void {
  try {
    setPriority(priority);
  } catch {
    // Only root may become less nice.
  }
}
