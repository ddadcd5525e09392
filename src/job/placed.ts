import type { Source } from './document.ts';
import type { Job } from './job.ts';
import type { Place } from './problem.ts';
import { jobsOf, partOf, type Written } from './written.ts';

/** A resolved job with the places of what is said of it. */
export interface PlacedJob {
  readonly job: Job;
  /** Its schedules, in their order. */
  readonly expressions: readonly Written[];
  /** Where a setting such as `timeout` is said: in the job, or in the defaults that it has it from; else the job's name. */
  place(setting: string, part: 'key' | 'value'): Place;
}

/** The file of a job, and the one that includes it; the same for a job of the jobs file itself. */
export interface Sources {
  readonly source: Source;
  readonly outer: Source;
}

export function placedJob(job: Job, expressions: readonly Written[], { source, outer }: Sources): PlacedJob {
  return {
    job,
    expressions,
    place(setting, part) {
      if (partOf(jobsOf(source), job.name)[setting] !== undefined) {
        return source.place(['jobs', job.name, setting], part);
      }
      const from = [source, outer].find(({ value }) => partOf(value, 'defaults')[setting] !== undefined);
      return from ? from.place(['defaults', setting], part) : source.place(['jobs', job.name], 'key');
    },
  };
}
