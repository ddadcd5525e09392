import type { Clock } from '../clock.ts';
import type { Account } from '../job/account.ts';
import type { Job } from '../job/job.ts';
import { compilePattern } from '../job/pattern.ts';
import { type Attempted, runAttempt } from './attempt.ts';
import { cancelledBy } from './cancel.ts';
import { bothCosts, unknownCost } from './cost.ts';
import { taskDirectory } from './environment.ts';
import { Listener } from './listener.ts';
import { harmless, type Observer } from './observer.ts';
import { type AttemptEnd, type Outcome, stateOf } from './outcome.ts';
import { isWorthAnother, retryDelay } from './retry.ts';
import type { Verdict } from './verdict.ts';

/** A job made ready to be executed once, with all its attempts. Times are milliseconds. */
export interface Task
  extends Pick<Job, 'command' | 'cwd' | 'umask' | 'nice' | 'stdin' | 'timeout' | 'grace' | 'retry' | 'output'> {
  /** The run's id; every process of the task carries it. */
  readonly run: string;
  /** The whole environment; CRONWRIGHT_RUN, CRONWRIGHT_ATTEMPT and CRONWRIGHT_EVENTS are added to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The account to become; undefined for that of the wrapper. */
  readonly identity: Account | undefined;
  readonly verdict: Verdict;
  /** The number of the first attempt: 1, or where an interrupted run goes on. */
  readonly firstAttempt: number;
}

/** What a job lacks to become a task. */
export interface TaskStart {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly identity?: Account | undefined;
  readonly firstAttempt?: number;
}

/**
 * The task that a job becomes, once a run has an id and the environment is complete.
 * @throws UserError for an expression in its `fail-when` that is none.
 */
export function taskOf(job: Job, { run, env, identity, firstAttempt = 1 }: TaskStart): Task {
  const { command, umask, nice, stdin, timeout, grace, retry, output } = job;
  const settings = { command, umask, nice, stdin, timeout, grace, retry, output };
  return { ...settings, run, env, identity, firstAttempt, cwd: taskDirectory(job, env), verdict: verdictOf(job) };
}

function verdictOf({ successExit, failWhen: { stderr, outputMatches } }: Job): Verdict {
  const pattern = outputMatches === '' ? undefined : compilePattern(outputMatches);
  return { success: successExit, stderr, pattern };
}

/** What the world around a task provides. */
export interface Surroundings {
  readonly observer: Observer;
  readonly clock: Clock;
  /** Aborted with a signal's name as the reason, it ends the task or the wait for its next attempt. */
  readonly cancel: AbortSignal;
  /** A number from 0 up to 1, for the jitter of the waits; Math.random where it is left out. */
  readonly random?: () => number;
  /** CRONWRIGHT_PIPES of the wrapper's own environment. */
  readonly handed?: string | undefined;
}

/**
 * Runs a task to its end, with the attempts that its policy allows. Whatever the task does is an outcome, not an
 * exception.
 */
export async function runTask(task: Task, surroundings: Surroundings): Promise<Outcome> {
  const observer = harmless(surroundings.observer);
  const { clock } = surroundings;
  const startedAt = clock.now();
  const listener = new Listener({ verdict: task.verdict, output: task.output, observer, clock });
  const made: Attempted[] = [];
  const end = await lastEnd(task, { ...surroundings, observer, listener, made });
  listener.end();
  const cost = made.map((attempted) => attempted.cost).reduce(bothCosts, unknownCost);
  const left = made.at(-1)?.left ?? [];
  return { state: stateOf(end), end, attempts: made.length, startedAt, endedAt: clock.now(), cost, left };
}

/** A run in progress. */
interface Progress extends Surroundings {
  readonly listener: Listener;
  /** The attempts that were made, added as they end. */
  readonly made: Attempted[];
}

async function lastEnd(task: Task, { listener, made, ...surroundings }: Progress): Promise<AttemptEnd> {
  const { observer, clock, cancel, random = Math.random } = surroundings;
  for (let number = task.firstAttempt; ; number++) {
    if (cancel.aborted) return cancelledBy(cancel);
    const attempted = await runAttempt({ ...task, ...surroundings, number, listener: listener.attempt(number) });
    made.push(attempted);
    if (!isWorthAnother(task.retry, number, attempted.end)) return attempted.end;
    const wait = retryDelay(task.retry, number, random);
    observer.waiting({ until: clock.now() + wait, next: number + 1 });
    await pause(wait, clock, cancel);
    if (!cancel.aborted) observer.resuming?.({ number: number + 1, at: clock.now() });
  }
}

async function pause(ms: number, clock: Clock, cancel: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, cancel);
  } catch (error) {
    if (!cancel.aborted) throw error;
  }
}
