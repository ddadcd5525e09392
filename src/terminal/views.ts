import type { Backoff } from '../job/job.ts';
import type { Problem } from '../job/problem.ts';

/*
 * What commands show: plain data that stands in JSON as it is, stable for those who rely on it. Instants are ISO 8601
 * texts with offset, durations milliseconds; null is "not known" or "not yet".
 */

/** `validate --json`. */
export interface ValidationView {
  readonly valid: boolean;
  readonly jobs: number;
  readonly problems: readonly Problem[];
}

/** How a job's latest run went, within `list --json`. */
export interface LastRunView {
  readonly run: string;
  readonly state: string;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly exitCode: number | null;
}

/** One job of `list --json`. */
export interface JobRowView {
  readonly job: string;
  /** As written: a text, or a list where the file has one. */
  readonly schedule: string | readonly string[];
  readonly timezone: string;
  /** The schedule in words. */
  readonly words: string;
  /** `running` while a run goes on, else `scheduled`. */
  readonly state: 'scheduled' | 'running';
  readonly next: string | null;
  readonly last: LastRunView | null;
}

/** One run of `history --json`. */
export interface RunView {
  readonly run: string;
  readonly job: string;
  readonly slot: string | null;
  readonly trigger: string;
  readonly state: string;
  readonly attempts: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly cpuMs: number | null;
  readonly peakMemory: number | null;
}

/** One attempt of a run. */
export interface AttemptView {
  readonly number: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly end: string | null;
}

/** A piece of a task's output; invalid UTF-8 is replaced. */
export interface OutputView {
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
  readonly at: string;
  readonly text: string;
}

/** How a mail about a run stands. */
export interface ToldView {
  readonly to: readonly string[];
  readonly state: 'sent' | 'waiting' | 'given-up';
  readonly sentAt: string | null;
  /** Why the latest try failed. */
  readonly error: string | null;
}

/** `logs --json`: a run, what happened around it and what its task wrote. */
export interface LogView {
  readonly run: RunView;
  readonly attempts: readonly AttemptView[];
  readonly events: readonly { readonly at: string; readonly level: string; readonly message: string }[];
  /** How its mails stand. */
  readonly told: readonly ToldView[];
  readonly output: readonly OutputView[];
  /** Bytes that were written and not kept, between the head and the tail. */
  readonly omittedBytes: number;
}

/** `show --json`: a job as installed. */
export interface JobView {
  readonly job: string;
  readonly description: string;
  readonly owner: string;
  readonly schedule: string | readonly string[];
  readonly words: string;
  readonly timezone: string;
  readonly next: readonly string[];
  readonly lines: readonly string[];
  readonly command: string | readonly string[];
  readonly cwd: string;
  /** Values as written: `${NAME}` is not resolved. */
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly retry: {
    readonly attempts: number;
    readonly delayMs: number;
    readonly backoff: Backoff;
    readonly maxDelayMs: number;
    readonly jitter: number;
    readonly on: 'any' | readonly number[];
  };
  readonly notify: { readonly on: readonly string[]; readonly to: readonly string[] };
  readonly file: string;
  readonly revision: number;
  readonly installedAt: string;
  readonly installedBy: string;
  readonly runs: readonly RunView[];
}

/** One finding of `doctor --json`. */
export interface FindingView {
  /** Stable and kebab-case, such as `daemon`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly message: string;
  readonly remedy: string | null;
}
