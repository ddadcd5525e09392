import type { RetryPolicy } from '../job/job.ts';
import { type AttemptEnd, exitStatusOf, stateOf } from './outcome.ts';

/**
 * Whether attempt number `attempt` (from 1), which ended so, is worth another. Statuses are compared as `run` returns
 * them, so that 124 in a policy means a timeout, 137 a kill and 1 also a failure that left its status 0. A cancelled
 * task is never tried again.
 */
export function isWorthAnother(policy: RetryPolicy, attempt: number, end: AttemptEnd): boolean {
  if (attempt >= policy.attempts) return false;
  if (end.kind === 'cancelled' || stateOf(end) === 'succeeded') return false;
  return policy.on === 'any' || policy.on.includes(exitStatusOf(end));
}

/** Doubling stops here: it is past every `maxDelay`, and 0 times infinity would be no number. */
const mostDoublings = 52;

/**
 * Milliseconds to wait after attempt number `attempt` (from 1): a whole number, never above `maxDelay`.
 * @param random A number from 0 up to 1, as Math.random gives; it chooses the share of the jitter.
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: () => number): number {
  const doublings = policy.backoff === 'exponential' ? Math.min(attempt - 1, mostDoublings) : 0;
  const lengthened = policy.delay * 2 ** doublings * (1 + policy.jitter * random());
  return Math.floor(Math.min(policy.maxDelay, lengthened));
}
