import type { Clock } from '../clock.ts';
import { cancelled } from './cancel.ts';
import { endTree } from './kill.ts';
import type { Observer } from './observer.ts';
import type { AttemptEnd } from './outcome.ts';
import { type ProcessPlan, startProcess, type TaskProcess } from './process.ts';
import { timedOut } from './timeout.ts';

/** What one attempt needs. Times are milliseconds. */
export interface AttemptPlan extends ProcessPlan {
  /** The run's id. */
  readonly run: string;
  /** 0 for no limit. */
  readonly timeout: number;
  /** Between TERM and KILL. */
  readonly grace: number;
  /** Counts from 1. */
  readonly number: number;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly cancel: AbortSignal;
}

/** Runs a task once, from its start to the moment when nothing that this attempt has to wait for is left. */
export async function runAttempt(plan: AttemptPlan): Promise<AttemptEnd> {
  const { command, cwd, number, observer, clock } = plan;
  const env = { ...plan.env, CRONWRIGHT_RUN: plan.run, CRONWRIGHT_ATTEMPT: String(number) };
  const started = await startProcess({ command, cwd, env }, (stream, bytes) =>
    observer.output({ attempt: number, stream, at: clock.now(), bytes }),
  );
  const pid = 'pid' in started ? started.pid : undefined;
  observer.attemptStarted({ number, at: clock.now(), pid });
  const end = 'pid' in started ? await endOf(started, plan) : started;
  observer.attemptEnded({ number, at: clock.now(), end });
  return end;
}

/** Whichever comes first: the end of the direct child, the timeout, or a cancellation. The last two end its tree. */
async function endOf(child: TaskProcess, { run, timeout, grace, clock, cancel }: AttemptPlan): Promise<AttemptEnd> {
  const over = new AbortController();
  const end = await Promise.race([child.ended, timedOut(timeout, clock, over.signal), cancelled(cancel, over.signal)]);
  over.abort();
  if (end.kind === 'timed-out' || end.kind === 'cancelled') {
    await endTree({ group: child.pid, run }, grace, clock);
  }
  await drain(child, clock);
  return end;
}

/** Milliseconds for what is still in the pipes. A background process that holds them must not hold the run. */
const drainLimit = 1_000;

async function drain(child: TaskProcess, clock: Clock): Promise<void> {
  const over = new AbortController();
  const limit = clock.sleep(drainLimit, over.signal).catch(() => undefined);
  await Promise.race([child.drained, limit]);
  over.abort();
  child.release();
}
