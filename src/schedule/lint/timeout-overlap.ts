import { durationWords } from '../../job/duration.ts';
import type { Case, Remark } from './case.ts';

/** A run may take longer than it is to the next start, which `overlap: skip` then leaves out. */
export function timeoutOverlap({ job, place }: Case, interval: () => number): readonly Remark[] {
  const { timeout, overlap } = job;
  if (timeout === 0 || overlap !== 'skip') return [];
  const shortest = interval();
  if (timeout <= shortest) return [];
  const skipped = Math.ceil(timeout / shortest) - 1;
  const starts = skipped === 1 ? 'the next start is' : `up to ${skipped} starts are`;
  const message = `found a timeout of ${durationWords(timeout)} for ${job.name}, whose next start comes ${durationWords(shortest)} later: while a run hangs, ${starts} skipped`;
  const hint = `shorten the timeout: to ${written(shortest)} or less, or choose another overlap:`;
  return [{ code: 'timeout-overlap', job: job.name, message, hint, place: () => place('timeout', 'value') }];
}

/** Whole minutes as a jobs file has them. */
function written(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
