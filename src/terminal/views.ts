import type { Backoff, DateSpan, DaylightPolicy, FailWhen, MissedPolicy, Overlap, Stdin } from '../job/job.ts';
import type { Problem } from '../job/problem.ts';
import type { MonthDay } from '../schedule/calendar/month.ts';
import type { OccasionKind } from '../schedule/calendar/occasions.ts';
import type { PauseScope } from '../store/pauses.ts';
import type { Reason, ReasonCode } from '../upkeep/why/reason.ts';

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
  /** When it begins, where its start was put off; null for one that goes on or waits for its turn. */
  readonly until: string | null;
}

/** One of `pause --json`: a pause, and what it was before. */
export interface NewPauseView extends PauseView {
  /** What it said until now; null where nothing was paused. */
  readonly before: PauseView | null;
}

/** One of `resume --json`: what was asked for, the pause that ended, and those that hold the same jobs still. */
export interface ResumeView {
  readonly scope: PauseScope;
  readonly name: string;
  /** Null where it was not paused. */
  readonly ended: PauseView | null;
  readonly held: readonly HeldView[];
}

/** Jobs that a pause still holds. */
export interface HeldView {
  readonly paused: PauseView;
  /** Their full names. */
  readonly jobs: readonly string[];
}

/** One job of `list --json`. */
export interface JobRowView {
  readonly job: string;
  /** As written: a text, or a list where the file has one. */
  readonly schedule: string | readonly string[];
  readonly timezone: string;
  /** The schedule in words. */
  readonly words: string;
  /** `running` while a run goes on, `waiting` while one waits, else `paused` while it is, else `scheduled`. */
  readonly state: 'scheduled' | 'running' | 'waiting' | 'paused';
  /** Of a paused job the first time after the pause. */
  readonly next: string | null;
  /** What holds it back; of several pauses the one that does so for longest. */
  readonly paused: PauseView | null;
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
  /** Of a stretch of slots that is recorded as one run, the first, and how many; null and 1 for every other run. */
  readonly firstSlot: string | null;
  readonly slots: number;
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

/** A time of a job, and what daylight saving or an excepted date made of it: `next --marked --json`. */
export interface TimeView {
  /** When it runs or, where it does not, would have run. */
  readonly at: string;
  readonly runs: boolean;
  readonly kind: Exclude<OccasionKind, 'before-start' | 'after-end'>;
  /** The time as scheduled, on the clock of the zone: `2026-03-29T02:30`. */
  readonly wall: string;
  /** What the excepted date is called. */
  readonly name: string | null;
}

/** A month of `next --calendar --json`. */
export interface MonthView {
  /** `2026-12`. */
  readonly month: string;
  readonly timezone: string;
  /** `2026-12-24`, on the clock of the zone. */
  readonly today: string;
  readonly days: readonly MonthDay[];
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
  readonly labels: readonly string[];
  readonly dst: DaylightPolicy;
  readonly jitter: {
    /** What its offset stays below; 0 for none. */
    readonly offsetMs: number;
    readonly delayMs: number;
  };
  /** Minutes on the clock of its zone, `2026-12-24T08:00`; empty for no end. */
  readonly start: string;
  readonly end: string;
  readonly except: readonly DateSpan[];
  readonly missed: MissedPolicy;
  readonly startDeadlineMs: number;
  /** 0 for never; also the next. */
  readonly lateAfterMs: number;
  readonly warnAfterMs: number;
}

/** What holds a job back. */
export interface PauseView {
  readonly scope: PauseScope;
  /** The label or the full name of the job; empty for all jobs. */
  readonly name: string;
  /** Empty where none was given. */
  readonly reason: string;
  readonly by: string;
  readonly since: string;
  /** Null for no end. */
  readonly until: string | null;
}

/** A schedule with `H`, within `show --json`. */
export interface HashedView {
  /** As written. */
  readonly schedule: string;
  /** The same with numbers for each `H`. */
  readonly standsFor: string;
}

/** `show --json`: a job as installed. */
export interface JobView extends SettingsView {
  readonly job: string;
  readonly description: string;
  readonly owner: string;
  readonly schedule: string | readonly string[];
  readonly words: string;
  readonly timezone: string;
  readonly paused: PauseView | null;
  /** Empty for a job that is paused without an end. */
  readonly next: readonly string[];
  /** The same on the clock of the job's zone, and what daylight saving and excepted dates leave out among them. */
  readonly times: readonly TimeView[];
  /** Its schedules with `H`. */
  readonly hashed: readonly HashedView[];
  /** By how much its times are later than scheduled; less than `jitter.offsetMs`. */
  readonly offsetMs: number;
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
  /** What it is about; those of a group stand together. */
  readonly group: 'cron' | 'jobs' | 'state' | 'mail' | 'machine';
  /** Stable and kebab-case, such as `daemon`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly message: string;
  readonly remedy: string | null;
}

/** A part of an answer of `why --json`. */
export interface WhyReasonView extends Omit<Reason, 'slot'> {
  /** The slot it speaks of. */
  readonly slot: string | null;
}

/** Slots of a day that follow one another and fared the same, within `why --json`. */
export interface WhySlotView {
  readonly from: string;
  readonly until: string;
  readonly count: number;
  readonly code: ReasonCode;
  /** A sentence about the first of them. */
  readonly message: string;
  /** The run of the first. */
  readonly run: string | null;
}

/** `why --json`. Its times are on the clock of the job's zone. */
export interface WhyView {
  readonly job: string;
  /** The revision by which it is judged: the one that brought the job as it was then. */
  readonly revision: number | null;
  readonly timezone: string;
  readonly about: 'now' | 'minute' | 'day';
  /** The minute or the day on the clock of the zone, with an offset where it was given with one. */
  readonly asked: string | null;
  /** The instant that is meant, or the beginning of the day; null for a minute that the clock skipped. */
  readonly at: string | null;
  /** The main one first. */
  readonly reasons: readonly WhyReasonView[];
  /** Of a day. */
  readonly slots: readonly WhySlotView[];
  /** The slot before, and the one after. */
  readonly previous: string | null;
  readonly next: string | null;
}
