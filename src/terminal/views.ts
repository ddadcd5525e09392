import type { Backoff, FailWhen, Overlap, Stdin } from '../job/job.ts';
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

/** A run that goes on or waits, within `list --json`. */
export interface CurrentRunView {
  readonly run: string;
  readonly state: string;
  readonly startedAt: string;
  /** What the task said of itself, 0 to 1. */
  readonly progress: number | null;
}

/** One job of `list --json`. */
export interface JobRowView {
  readonly job: string;
  /** As written: a text, or a list where the file has one. */
  readonly schedule: string | readonly string[];
  readonly timezone: string;
  /** The schedule in words. */
  readonly words: string;
  /** `running` while a run goes on, `waiting` while one waits for its turn, else `scheduled`. */
  readonly state: 'scheduled' | 'running' | 'waiting';
  readonly next: string | null;
  readonly last: LastRunView | null;
  /** The run that goes on, the oldest of several; else the one that waits. */
  readonly current: CurrentRunView | null;
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
  /** Bytes. */
  readonly peakMemory: number | null;
  /** What the task said of itself, 0 to 1. */
  readonly progress: number | null;
  /** The run whose attempts it went on with. */
  readonly continues: string | null;
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
  /** What the task gave as its result, any JSON. */
  readonly result: unknown;
}

/** The settings that few jobs name, within `show --json`. */
export interface SettingsView {
  /** Empty for the account that the wrapper runs under. */
  readonly user: string;
  /** Octal digits such as `0027`; null for the inherited one. */
  readonly umask: string | null;
  readonly nice: number;
  readonly stdin: Stdin;
  readonly overlap: Overlap;
  readonly waitUpToMs: number;
  readonly successExit: readonly number[];
  readonly failWhen: FailWhen;
  readonly output: {
    readonly keepBytes: number;
    /** Empty for none. */
    readonly file: string;
    readonly rotate: { readonly sizeBytes: number; readonly keep: number };
  };
}

/** `show --json`: a job as installed. */
export interface JobView extends SettingsView {
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

/** A variable of a task, within `show --env --json`. */
export interface VariableView {
  readonly name: string;
  /** Null where it is hidden, or known only when the task runs. */
  readonly value: string | null;
  /** Where it comes from: cron itself, the table or the system, an env-file, the job's `env:`, or cronwright. */
  readonly origin: 'cron' | 'outer' | 'env-file' | 'env' | 'cronwright';
  /** Absolute path of the env-file. */
  readonly file: string | null;
  readonly secret: boolean;
}

/** `show --env --json`: what a task finds when cron starts it. */
export interface EnvironmentView {
  readonly job: string;
  readonly user: {
    readonly name: string;
    readonly uid: number;
    readonly groups: readonly { readonly name: string; readonly gid: number }[];
  };
  readonly cwd: string;
  readonly umask: string | null;
  readonly nice: number;
  readonly stdin: Stdin;
  /** By name. */
  readonly variables: readonly VariableView[];
}

/** One finding of `doctor --json`. */
export interface FindingView {
  /** Stable and kebab-case, such as `daemon`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly message: string;
  readonly remedy: string | null;
}
