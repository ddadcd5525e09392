import { usualSettings } from '../../src/job/completed.ts';
import type { JobId } from '../../src/job/job.ts';
import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';

/** What says when a job runs: every day at 02:30 on the clock in Berlin. */
export function timesOf(changes: Partial<JobTimes> = {}): JobTimes {
  return {
    ...usualSettings,
    id: 'shop/backup' as JobId,
    schedule: ['30 2 * * *'],
    timezone: 'Europe/Berlin',
    ...changes,
  };
}
