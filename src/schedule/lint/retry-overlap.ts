import { durationWords } from '../../job/duration.ts';
import type { RetryPolicy } from '../../job/job.ts';
import type { Case, Remark } from './case.ts';

/** The waits between the attempts of one run reach beyond the next start, which `overlap: skip` then leaves out. */
export function retryOverlap({ job, place }: Case, interval: () => number): readonly Remark[] {
  const { retry, overlap } = job;
  if (retry.attempts === 1 || overlap !== 'skip') return [];
  const [waits, shortest] = [allWaits(retry), interval()];
  if (waits <= shortest) return [];
  const message = `found waits of ${durationWords(waits)} in all between the ${retry.attempts} attempts of ${job.name}, whose next start comes ${durationWords(shortest)} later: while a run is tried again, starts are skipped`;
  const hint = 'shorten delay: or max-delay:, or have fewer attempts';
  return [{ code: 'retry-overlap', job: job.name, message, hint, place: () => place('retry', 'key') }];
}

/** Milliseconds without the part that is left to chance. */
function allWaits({ attempts, delay, backoff, maxDelay }: RetryPolicy): number {
  let sum = 0;
  let wait = delay;
  for (let attempt = 1; attempt < attempts; attempt++) {
    sum += Math.min(wait, maxDelay);
    if (backoff === 'exponential') wait *= 2;
  }
  return sum;
}
