import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument: tests move it, nothing else reads the system's. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node ends a timer at once when its delay exceeds 31 bits, so long sleeps are taken in pieces. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    for (let left = Math.max(0, ms); ; left -= longestTimer) {
      await delay(Math.min(left, longestTimer), undefined, signal === undefined ? {} : { signal });
      if (left <= longestTimer) return;
    }
  },
};
