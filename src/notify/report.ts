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

/** A stretch of slots of one job that passed without a start. Times are UTC milliseconds. */
export interface MissedRow {
  readonly job: JobId;
  /** Empty where the jobs file says nothing. */
  readonly owner: string;
  readonly first: number;
  readonly last: number;
  /** How many slots, both ends included; at least 1. */
  readonly count: number;
  /** Why nothing started, in words: `the machine was off from … to …`. */
  readonly reason: string;
  /** What becomes of it, in words; empty for nothing. */
  readonly follows: string;
}

/** The slots of a project that one tick has found missed. */
export interface MissedReport {
  readonly project: string;
  readonly host: string;
  /** What a person types to start cronwright on that host. */
  readonly program: string;
  /** One or more, in the order in which they are to be read. */
  readonly rows: readonly MissedRow[];
}

/** A start that is later than its job's `late-after`. Times are UTC milliseconds, lengths milliseconds. */
export interface LateReport {
  readonly job: JobId;
  /** Empty where the jobs file says nothing. */
  readonly description: string;
  /** Empty where the jobs file says nothing. */
  readonly owner: string;
  readonly host: string;
  /** The command as a person reads it, with no `${NAME}` resolved. */
  readonly command: string;
  /** The scheduled instant. */
  readonly slot: number;
  /** How long at most its start was put off on purpose, by `jitter:`. */
  readonly delay: number;
  /** When it began, or else when it was found not to have begun. */
  readonly at: number;
  readonly lateAfter: number;
  readonly state: 'not-begun' | 'waiting' | 'begun';
  /** The run's id; empty where there is none yet. */
  readonly run: string;
  /** The run that has to end first; empty where there is none, or nobody knows. */
  readonly holder: string;
  /** What a person types to start cronwright on that host. */
  readonly program: string;
}

/** A run that takes longer than its job's `warn-after`. Times are UTC milliseconds, lengths milliseconds. */
export interface SlowReport {
  readonly job: JobId;
  /** Empty where the jobs file says nothing. */
  readonly description: string;
  /** Empty where the jobs file says nothing. */
  readonly owner: string;
  readonly host: string;
  /** The command as a person reads it, with no `${NAME}` resolved. */
  readonly command: string;
  /** The run's id. */
  readonly run: string;
  readonly startedAt: number;
  /** When it was seen to go on. */
  readonly at: number;
  readonly warnAfter: number;
  /** The number of the attempt that goes on, of so many; 0 before the first. */
  readonly attempt: number;
  readonly attempts: number;
  /** What one attempt may take; 0 for no limit. */
  readonly timeout: number;
  /** What the task said of itself, 0 to 1; null where it said nothing. */
  readonly progress: number | null;
  /** Its wrapper is gone: nobody will know how the task ends. */
  readonly isOrphaned: boolean;
  /** The end of what the task wrote so far, as in a FailureReport. */
  readonly output: string;
  /** What a person types to start cronwright on that host. */
  readonly program: string;
}
