import type { Job } from '../job/job.ts';
import { longest, type Pause } from './pauses.ts';

/** Which of a job's pauses held it back at an instant; of several, the one that did so for longest. */
export function pauseAmong(pauses: readonly Pause[], job: Pick<Job, 'id' | 'labels'>, at: number): Pause | undefined {
  const inForce = pauses.filter((pause) => {
    const end = endOfPause(pause);
    return pause.since <= at && (end === null || at < end);
  });
  return longest(inForce, job);
}

/** When a pause was over or will be; null where nobody has said when. */
export function endOfPause({ until, endedAt }: Pick<Pause, 'until' | 'endedAt'>): number | null {
  if (until === null || endedAt === null) return until ?? endedAt;
  return Math.min(until, endedAt);
}
