import type { JobTimes } from '../schedule/calendar/job-calendar.ts';
import type { ExtraDays, Schedule } from '../schedule/schedule.ts';

/**
 * Whether a cron whose clock is that of the job starts it at its slots without being told more than crontab(5) can say.
 * What only takes slots away (the job's start and end, its exceptions, a policy that skips) is left to the wrapper.
 */
export function cronCan({ jitter, dst }: Pick<JobTimes, 'jitter' | 'dst'>, schedules: readonly Schedule[]): boolean {
  const isPlain = dst.skipped !== 'run-after' && dst.repeated !== 'twice' && jitter.offset === 0;
  return isPlain && schedules.every(hasPlainFields);
}

function hasPlainFields(schedule: Schedule): boolean {
  if (schedule.kind !== 'calendar') return schedule.kind === 'reboot';
  const { extra, between } = schedule.fields;
  return between === undefined && !hasExtraDays(extra);
}

/** Whether days are named that crontab(5) has no word for. */
export function hasExtraDays(extra: ExtraDays | undefined): boolean {
  if (extra === undefined) return false;
  return extra.every !== undefined || extra.ofMonth.length > 0 || extra.ofWeek.length > 0;
}
