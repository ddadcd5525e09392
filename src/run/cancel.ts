import { constants } from 'node:os';
import type { Cancelled } from './outcome.ts';

/** What an aborted signal says: its reason is the name of the signal the wrapper received; anything else is SIGTERM. */
export function cancelledBy(cancel: AbortSignal): Cancelled {
  const reason: unknown = cancel.reason;
  const by = isSignal(reason) ? reason : 'SIGTERM';
  return { kind: 'cancelled', by };
}

function isSignal(value: unknown): value is NodeJS.Signals {
  return typeof value === 'string' && Object.hasOwn(constants.signals, value);
}

/** Resolves once `cancel` is aborted, at once if it is already; never after `over` is aborted. It never rejects. */
export function cancelled(cancel: AbortSignal, over: AbortSignal): Promise<Cancelled> {
  return new Promise((resolve) => {
    const answer = () => resolve(cancelledBy(cancel));
    if (cancel.aborted) answer();
    else cancel.addEventListener('abort', answer, { once: true, signal: over });
  });
}
