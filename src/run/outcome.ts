import { constants } from 'node:os';
import { exitStatus, unreachable } from '../errors.ts';
import { durationWords } from '../job/duration.ts';
import type { Cost } from './cost.ts';
import type { LeftProcess } from './tree.ts';

export const startFailures = [
  'not-found',
  'not-executable',
  'bad-cwd',
  'unknown-user',
  'no-resources',
  'other',
] as const;
/** Why a command never became a process. */
export type StartFailure = (typeof startFailures)[number];

export const failureSigns = ['stderr', 'pattern'] as const;
/** What `fail-when` found: something on standard error, or output that its pattern matches. */
export type FailureSign = (typeof failureSigns)[number];

/** A signal that cronwright did not send ended the process. */
export type Signalled = { readonly kind: 'signalled'; readonly signal: NodeJS.Signals };
/** How a process ended, as the system tells it: nobody has judged the status yet, which is 0 to 255. */
export type ProcessEnd = { readonly kind: 'exited'; readonly status: number } | Signalled;
/** The process ended by itself, with this status; `ok` where it is among the job's `success-exit`. */
export type Exited = { readonly kind: 'exited'; readonly status: number; readonly ok: boolean };
/** The process ended with a status that is fine, and showed by another sign that it failed. */
export type ShowedFailure = { readonly kind: 'showed-failure'; readonly status: number; readonly sign: FailureSign };
/** The attempt took longer than this many milliseconds and was ended. */
export type TimedOut = { readonly kind: 'timed-out'; readonly after: number };
/** The wrapper received this signal, and ended the task or the wait for its next attempt. */
export type Cancelled = { readonly kind: 'cancelled'; readonly by: NodeJS.Signals };
/** There was no process. The message reads on after "could not be started: " and repeats no secret. */
export type NotStarted = { readonly kind: 'not-started'; readonly cause: StartFailure; readonly message: string };

/** How an attempt ended. The reason is kept as data; `sentence` makes the words. */
export type AttemptEnd = Exited | ShowedFailure | Signalled | TimedOut | Cancelled | NotStarted;

export const attemptEnds = [
  'exited',
  'showed-failure',
  'signalled',
  'timed-out',
  'cancelled',
  'not-started',
] as const satisfies readonly AttemptEnd['kind'][];

export const outcomeStates = ['succeeded', 'failed', 'timed-out', 'cancelled'] as const;
export type OutcomeState = (typeof outcomeStates)[number];

/** What became of a task, all its attempts taken together. Times are milliseconds since 1970. */
export interface Outcome {
  readonly state: OutcomeState;
  /** The end of the last attempt, or the cancellation that cut the wait for another. */
  readonly end: AttemptEnd;
  /** How many attempts were made; 0 when the task was cancelled before its first. */
  readonly attempts: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of all attempts: the sum of their CPU time, the highest of their peaks of memory. */
  readonly cost: Cost;
  /** The processes of the last attempt that were still running after its normal end, and were left alone. */
  readonly left: readonly LeftProcess[];
}

/** The state that a last attempt with this end leaves its run in. */
export function stateOf(end: AttemptEnd): OutcomeState {
  if (end.kind === 'timed-out' || end.kind === 'cancelled') return end.kind;
  return end.kind === 'exited' && end.ok ? 'succeeded' : 'failed';
}

/** What env(1), timeout(1) and POSIX shells return for a command that is there but cannot run, and for one that is not. */
const cannotExecute = 126;
const notFound = 127;

/**
 * The status that `run` returns for an end: the task's own, or 1 for a failure that left it 0; 124 for a timeout;
 * 128 + n for signal n; and as env(1) does, 127 for a command that was not found, 126 for one that may not be executed,
 * 125 for every other refusal.
 */
export function exitStatusOf(end: AttemptEnd): number {
  switch (end.kind) {
    case 'exited':
      return end.ok ? end.status : end.status || exitStatus.no;
    case 'showed-failure':
      return end.status || exitStatus.no;
    case 'signalled':
      return statusOfSignal(end.signal);
    case 'timed-out':
      return exitStatus.timedOut;
    case 'cancelled':
      return statusOfSignal(end.by);
    case 'not-started':
      if (end.cause === 'not-found') return notFound;
      return end.cause === 'not-executable' ? cannotExecute : exitStatus.wrapper;
    default:
      return unreachable(end);
  }
}

const signalBase = 128;

function statusOfSignal(signal: NodeJS.Signals): number {
  return signalBase + constants.signals[signal];
}

/** An end in plain words, to follow the job's name: "exited with status 3". */
export function sentence(end: AttemptEnd): string {
  switch (end.kind) {
    case 'exited':
      return `exited with status ${end.status}${remark(end)}`;
    case 'showed-failure':
      return `exited with status ${end.status}, but ${signWords[end.sign]}`;
    case 'signalled':
      return `was ended by ${end.signal}${end.signal === 'SIGKILL' ? ' (perhaps out of memory)' : ''}`;
    case 'timed-out':
      return `took longer than its timeout of ${durationWords(end.after)} and was ended`;
    case 'cancelled':
      return `was cancelled by ${end.by}`;
    case 'not-started':
      return `could not be started: ${end.message}`;
    default:
      return unreachable(end);
  }
}

const signWords: Readonly<Record<FailureSign, string>> = {
  stderr: 'wrote to standard error',
  pattern: 'its output matches fail-when',
};

/** What is unexpected about a status: that it is no failure, or that 0 is one. */
function remark({ status, ok }: Exited): string {
  if (ok) return status === 0 ? '' : ', which success-exit allows';
  return status === 0 ? ', which success-exit does not allow' : shellRemark(status);
}

/** What a status above 125 means when a shell returned it (POSIX, Shell Command Language, 2.8.2). */
function shellRemark(status: number): string {
  if (status === notFound) return ' (from a shell: the command was not found)';
  if (status === cannotExecute) return ' (from a shell: the file may not be executed)';
  const signal = Object.entries(constants.signals).find(([, number]) => signalBase + number === status)?.[0];
  return signal === undefined ? '' : ` (from a shell: its command was ended by ${signal})`;
}
