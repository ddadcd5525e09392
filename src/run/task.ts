import type { Clock } from '../clock.ts';
import type { Command, Job, RetryPolicy } from '../job/job.ts';
import { runAttempt } from './attempt.ts';
import { cancelledBy } from './cancel.ts';
import { taskDirectory } from './environment.ts';
import { harmless, type Observer } from './observer.ts';
import { type AttemptEnd, type Outcome, stateOf } from './outcome.ts';
import { isWorthAnother, retryDelay } from './retry.ts';

/** A job made ready to be executed once, with all its attempts. Times are milliseconds. */
export interface Task {
  /** The run's id; every process of the task carries it. */
  readonly run: string;
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  /** The whole environment; CRONWRIGHT_RUN and CRONWRIGHT_ATTEMPT are added to it. */
  readonly env: Readonly<Record<string, string>>;
  /** What one attempt may take; 0 for no limit. */
  readonly timeout: number;
  /** Between TERM and KILL. */
  readonly grace: number;
  readonly retry: RetryPolicy;
}

/** The task that a job becomes, once a run has an id and the environment is complete. */
export function taskOf(job: Job, run: string, env: Readonly<Record<string, string>>): Task {
  const { command, timeout, grace, retry } = job;
  return { run, command, cwd: taskDirectory(job, env), env, timeout, grace, retry };
}

/** What the world around a task provides. */
export interface Surroundings {
  readonly observer: Observer;
  readonly clock: Clock;
  /** Aborted with a signal's name as the reason, it ends the task or the wait for its next attempt. */
  readonly cancel: AbortSignal;
  /** A number from 0 up to 1, for the jitter of the waits; Math.random where it is left out. */
  readonly random?: () => number;
}

/**
 * Runs a task to its end, with the attempts that its policy allows. Whatever the task does is an outcome, not an
 * exception.
 */
export async function runTask(task: Task, surroundings: Surroundings): Promise<Outcome> {
  const { clock, cancel, random = Math.random } = surroundings;
  const observer = harmless(surroundings.observer);
  const startedAt = clock.now();
  const outcome = (attempts: number, end: AttemptEnd): Outcome => {
    return { state: stateOf(end), end, attempts, startedAt, endedAt: clock.now() };
  };
  for (let number = 1; ; number++) {
    if (cancel.aborted) return outcome(number - 1, cancelledBy(cancel));
    const end = await runAttempt({ ...task, number, observer, clock, cancel });
    if (!isWorthAnother(task.retry, number, end)) return outcome(number, end);
    const wait = retryDelay(task.retry, number, random);
    observer.waiting({ until: clock.now() + wait });
    await pause(wait, clock, cancel);
  }
}

async function pause(ms: number, clock: Clock, cancel: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, cancel);
  } catch (error) {
    if (!cancel.aborted) throw error;
  }
}
