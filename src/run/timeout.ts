import type { Clock } from '../clock.ts';
import type { TimedOut } from './outcome.ts';

/**
 * Resolves once `timeout` milliseconds have passed; never when `timeout` is 0, nor after `over` is aborted.
 * It never rejects, so that it can stand in a race.
 */
export function timedOut(timeout: number, clock: Clock, over: AbortSignal): Promise<TimedOut> {
  return new Promise((resolve) => {
    if (timeout === 0) return;
    const ignoreAbort = () => undefined;
    clock.sleep(timeout, over).then(() => resolve({ kind: 'timed-out', after: timeout }), ignoreAbort);
  });
}
