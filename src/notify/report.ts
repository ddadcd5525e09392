import type { JobId } from '../job/job.ts';

/** One attempt of a run. Times are UTC milliseconds. */
export interface ReportedAttempt {
  /** Counts from 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How it ended, to follow the job's name: `exited with status 3`. */
  readonly sentence: string;
}

/** What is known about a run that failed for good. Times are UTC milliseconds. */
export interface FailureReport {
  readonly job: JobId;
  /** Empty where the jobs file says nothing. */
  readonly description: string;
  /** Empty where the jobs file says nothing. */
  readonly owner: string;
  readonly host: string;
  /** The run's id. */
  readonly run: string;
  /** The command as a person reads it, with no `${NAME}` resolved. */
  readonly command: string;
  /** What started the run: `schedule`, `boot` or `manual`. */
  readonly trigger: string;
  /** The scheduled instant; undefined for a run by hand or at boot. */
  readonly slot: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The state the run ended in, such as `failed` or `timed-out`. */
  readonly state: string;
  /** How the run ended, to follow the job's name. */
  readonly sentence: string;
  /** In their order; empty when the task was never started. */
  readonly attempts: readonly ReportedAttempt[];
  /** The end of what the task wrote, as `printableTail` makes it; any other text is made safe when it is shown. */
  readonly output: string;
  /** What a person types to start cronwright on that host. */
  readonly program: string;
}
