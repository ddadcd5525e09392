import type { JobId } from '../job/job.ts';
import type { RecordedRun } from './record.ts';
import type { Holder } from './runs.ts';

/** All that is left of a launch. */
export interface Trace {
  readonly job: JobId;
  readonly slot: number | undefined;
  readonly run: string;
  /** 0 where nobody knows it. */
  readonly revision: number;
  readonly holder: Holder;
  /** When the last was heard of it, UTC milliseconds. */
  readonly at: number;
}

/** An open run of which nothing else is known. */
export function bareRun({ job, slot, run, revision, holder, at }: Trace): RecordedRun {
  return {
    run,
    job,
    revision,
    slot: slot ?? null,
    trigger: slot === undefined ? 'manual' : 'schedule',
    state: 'running',
    ...holder,
    startedAt: slot ?? at,
    ...nothingYet,
  };
}

const nothingYet = {
  attempts: 0,
  endedAt: null,
  exitCode: null,
  signal: null,
  reason: null,
  cancelBy: null,
  retryAt: null,
  retryAttempt: null,
  continues: null,
  progress: null,
  result: null,
  cpuMs: null,
  peakMemory: null,
  stdoutBytes: 0,
  stderrBytes: 0,
  taskPid: null,
  taskBorn: null,
} as const;
