import type { Job } from '../job/job.ts';
import { calendarOf } from '../schedule/calendar/job-calendar.ts';
import type { Zone } from '../schedule/zone/zone.ts';

const minute = 60_000;

/**
 * How late a start may be and still serve its slot. Debian's cron makes up for jumps of the clock of up to five
 * minutes by running what it passed over (cron(8)); a busy machine delays a start by less.
 */
export const lateness = 5 * minute;

/** What a start by cron serves: the slot it is for, and whether that slot is this very minute's. */
export interface Due {
  readonly slot: number;
  readonly punctual: boolean;
}

/**
 * The slot that a start at `startedAt` (UTC milliseconds) serves: the job's latest scheduled instant, if it is not too
 * long ago. Undefined where the table's line fires wider than the job's schedules and this minute is none of theirs.
 */
export function dueSlot(job: Job, zone: Zone, startedAt: number): Due | undefined {
  const slot = calendarOf(job, zone).latest(startedAt, startedAt - lateness);
  return slot === undefined ? undefined : { slot, punctual: startedAt - slot < minute };
}
