declare const brand: unique symbol;

/** A job's name within its project: `[a-z0-9][a-z0-9-]{0,62}`. Branded, because it stands in a crontab line. */
export type JobName = string & { readonly [brand]: 'JobName' };

/** A job's full name, `project/job`. Branded for the same reason. */
export type JobId = string & { readonly [brand]: 'JobId' };

/** Names of projects and of jobs. It admits no character that a shell, a crontab or a path reads as anything else. */
export const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function isName(text: string): text is JobName {
  return namePattern.test(text);
}

/** The full name of a job, or undefined where `text` is none. A bare name belongs to the project `main`. */
export function jobId(text: string): JobId | undefined {
  const parts = text.includes('/') ? text.split('/') : ['main', text];
  return parts.length === 2 && parts.every(isName) ? (parts.join('/') as JobId) : undefined;
}

export const backoffs = ['fixed', 'exponential'] as const;
export type Backoff = (typeof backoffs)[number];

/** How often and when a failed attempt is tried again. Times are milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included; at least 1. */
  readonly attempts: number;
  /** The wait before the second attempt. */
  readonly delay: number;
  readonly backoff: Backoff;
  /** No wait is longer than this. */
  readonly maxDelay: number;
  /** Each wait is lengthened by a random part of itself up to this fraction, 0 to 1. */
  readonly jitter: number;
  /** The exit statuses worth another attempt; `any` means every failure, timeouts and signals included. */
  readonly on: 'any' | readonly number[];
}

/** What is executed: a line for `/bin/sh -c`, or a program and its arguments as they are. */
export type Command =
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'program'; readonly argv: readonly [string, ...string[]] };

/** What a job does once it has failed for good. */
export const notifyEvents = ['failure', 'missed', 'late', 'slow'] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

/** What happens to a start while another run of the job goes on. */
export const overlaps = ['skip', 'wait', 'replace', 'allow'] as const;
export type Overlap = (typeof overlaps)[number];

/** What a schedule does where daylight saving skips a time or has it twice; `as-cron` is what Debian's cron(8) documents. */
export interface DaylightPolicy {
  /** A time in the gap: run once just after it, or not at all. */
  readonly skipped: 'as-cron' | 'run-after' | 'skip';
  /** A time that comes twice: run the first time only, or both. */
  readonly repeated: 'as-cron' | 'once' | 'twice';
}

/** By how much starts are spread. Milliseconds. */
export interface Jitter {
  /** All starts are later by the same whole minutes, less than this, which follow from the job's name. */
  readonly offset: number;
  /** Each start waits for a random time up to this. */
  readonly delay: number;
}

/** Dates on which a job does not run, both ends included, such as `2026-12-24`, on the clock of the job's zone. */
export interface DateSpan {
  readonly from: string;
  readonly to: string;
  /** What the day is called in the calendar file it was read from; empty for one that the jobs file names. */
  readonly name: string;
}

/** What becomes of slots that passed without a start. */
export const missedPolicies = ['ignore', 'run-once', 'run-all'] as const;
export type MissedPolicy = (typeof missedPolicies)[number];

/** What a task reads on its standard input. */
export type Stdin =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'file';
      /** Absolute; opened when the job runs. */
      readonly path: string;
    };

/** The signs by which an attempt has failed although its exit status says otherwise. */
export interface FailWhen {
  /** Anything on standard error. */
  readonly stderr: boolean;
  /** An expression in the syntax of RE2 for a line of output; empty for none. */
  readonly outputMatches: string;
}

/** What is kept of a task's output. */
export interface OutputPolicy {
  /** Bytes that are recorded of each stream, half of them its head and half its tail. */
  readonly keep: number;
  /** Absolute path of the file to which all of it is appended; empty for none. */
  readonly file: string;
  readonly rotate: {
    /** Bytes beyond which that file makes way for a new one. */
    readonly size: number;
    /** How many old files are kept; at least 1. */
    readonly keep: number;
  };
}

/** A job as resolved: every default filled in, every path absolute. Nothing behind the jobs file sees another form. */
export interface Job {
  readonly id: JobId;
  readonly project: JobName;
  readonly name: JobName;
  readonly description: string;
  readonly owner: string;
  /** Schedule expressions as written, one or more. */
  readonly schedule: readonly [string, ...string[]];
  readonly command: Command;
  /** Absolute path; empty for the home directory, as cron does. */
  readonly cwd: string;
  /** Values may hold `${NAME}`, which is resolved when the job runs. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute paths of the files with `NAME=value` lines, read when the job runs, later ones winning. */
  readonly envFiles: readonly string[];
  /** Milliseconds one attempt may take; 0 for no limit. */
  readonly timeout: number;
  /** Milliseconds between TERM and KILL. */
  readonly grace: number;
  readonly retry: RetryPolicy;
  readonly notify: {
    readonly on: readonly NotifyEvent[];
    /** Addresses for this job; empty for those of the project's `mail:`. */
    readonly to: readonly string[];
  };
  /** The account that the task runs under; empty for that of the wrapper. */
  readonly user: string;
  /** The file mode creation mask; null for the inherited one. */
  readonly umask: number | null;
  /** Niceness, -20 to 19, as nice(1) adds it to the wrapper's; 0 changes nothing. */
  readonly nice: number;
  readonly stdin: Stdin;
  readonly overlap: Overlap;
  /** Milliseconds that a start waits for the other run to end, with `overlap: wait`; more than 0. */
  readonly waitUpTo: number;
  /** The exit statuses that mean success, one or more. */
  readonly successExit: readonly number[];
  readonly failWhen: FailWhen;
  readonly output: OutputPolicy;
  /** Names by which several jobs are meant at once. */
  readonly labels: readonly JobName[];
  /** The zone on whose clock the schedules are read, by its IANA name; empty for that of the host. */
  readonly timezone: string;
  readonly dst: DaylightPolicy;
  readonly jitter: Jitter;
  /** The first and the last minute at which it may run, `2026-12-24T08:00` on the clock of its zone; empty for no end. */
  readonly start: string;
  readonly end: string;
  /** In their order, none overlapping another. */
  readonly except: readonly DateSpan[];
  readonly missed: MissedPolicy;
  /** Milliseconds after its slot beyond which a start is not made up for; more than 0. */
  readonly startDeadline: number;
  /** Milliseconds after its slot from which a start is late, which is told; 0 for never. */
  readonly lateAfter: number;
  /** Milliseconds of a run after which it is told that it still goes on; 0 for never. */
  readonly warnAfter: number;
}

/** How mail leaves: through an SMTP server, or through a program that takes the message on standard input. */
export type MailTransport =
  | {
      readonly kind: 'smtp';
      /** `smtp://user:password@host:port` or `smtps://…`; may hold `${NAME}`, resolved when mail is sent. */
      readonly url: string;
    }
  | { readonly kind: 'sendmail'; readonly argv: readonly [string, ...string[]] };

/** Where a project's mail goes, as resolved. */
export interface MailSettings {
  readonly from: string;
  readonly to: readonly [string, ...string[]];
  readonly transport: MailTransport;
}

/** A jobs file with its includes, as resolved. */
export interface Project {
  readonly name: JobName;
  /** Absolute path of the file it was read from. */
  readonly file: string;
  /** Undefined: no mail is sent, and a report of a failure goes to standard error. */
  readonly mail: MailSettings | undefined;
  /** Absolute paths of the files that hold what `${NAME}` stands for in `mail:`. */
  readonly envFiles: readonly string[];
  readonly jobs: readonly Job[];
  /** Jobs that have another name now, the old one first; their histories go along. */
  readonly moved: readonly Moved[];
  /** Lines of tables that jobs take the place of. */
  readonly replaces: readonly Replaced[];
}

/** A job that has got another name within its project. */
export interface Moved {
  readonly from: JobId;
  readonly to: JobId;
}

/** An entry of a table that a job takes the place of: `sync` takes it out. */
export interface Replaced {
  readonly job: JobId;
  /** `user`, `user:NAME` or the absolute path of a system table or a file; empty for the table that is installed into. */
  readonly table: string;
  /** The lines as they stand there one below the other, without line feeds: comments, and the entry as the last. */
  readonly lines: readonly string[];
}
