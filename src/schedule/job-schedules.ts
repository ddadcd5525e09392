import type { Job } from '../job/job.ts';
import { parseSchedule } from './parse.ts';
import type { Schedule } from './schedule.ts';

/** The schedules of a job that was checked before it came here. */
export function schedulesOf(job: Pick<Job, 'id' | 'schedule'>): readonly Schedule[] {
  return job.schedule.map((text) => {
    const parsed = parseSchedule(text, job.id);
    if (parsed.ok) return parsed.schedule;
    throw new Error(`${job.id} was installed with a schedule that cannot be read: ${text}`);
  });
}
