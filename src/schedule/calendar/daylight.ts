import type { DaylightPolicy } from '../../job/job.ts';
import type { Fields } from '../schedule.ts';
import type { Span } from '../zone/span.ts';
import { minuteMs } from './wall.ts';

/** cron(8) takes a change of three hours or more for a correction of the clock, which it follows. */
const correctionMs = 3 * 60 * minuteMs;

/** What Debian's cron(8), section "notes", documents. */
export const asCron: DaylightPolicy = { skipped: 'as-cron', repeated: 'as-cron' };

/** Milliseconds of an offset in minutes. Rounded, because minutes with a fraction are not exact. */
export function shiftOf(offset: number): number {
  return Math.round(offset * minuteMs);
}

/** Milliseconds of wall time that the change at the start of a span skips; less than 0 where it repeats some. */
export function skippedBefore({ offset, before }: Span): number {
  return shiftOf(offset) - shiftOf(before);
}

/** A fixed time of day, in the words of cron(8): no `*` in the hour or minute. */
export function isFixed({ minute, hour }: Pick<Fields, 'minute' | 'hour'>): boolean {
  return !minute.star && !hour.star;
}

/** Whether times that the change at the start of a span skips run once just after it. */
export function runsAfterGap({ skipped: policy }: DaylightPolicy, fixed: boolean, span: Span): boolean {
  const skipped = skippedBefore(span);
  if (skipped <= 0 || policy === 'skip') return false;
  return policy === 'run-after' || (fixed && skipped < correctionMs);
}

/** Whether times that the change at the start of a span repeats do not run again. */
export function runsOnlyOnce({ repeated: policy }: DaylightPolicy, fixed: boolean, span: Span): boolean {
  const repeated = -skippedBefore(span);
  if (repeated <= 0 || policy === 'twice') return false;
  return policy === 'once' || (fixed && repeated < correctionMs);
}
