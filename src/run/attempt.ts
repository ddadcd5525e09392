import type { Clock } from '../clock.ts';
import { cancelled } from './cancel.ts';
import { type Cost, CostMeter, unknownCost, waitedCpu } from './cost.ts';
import { endTree } from './kill.ts';
import type { AttemptListener } from './listener.ts';
import type { Observer } from './observer.ts';
import type { AttemptEnd, Cancelled, NotStarted, ProcessEnd, TimedOut } from './outcome.ts';
import { type ProcessPlan, startProcess, type TaskProcess } from './process.ts';
import { timedOut } from './timeout.ts';
import { type LeftProcess, leaderOf, leftAfter } from './tree.ts';
import { judge, type Verdict } from './verdict.ts';

/** What one attempt needs. Times are milliseconds. */
export interface AttemptPlan extends ProcessPlan {
  /** The run's id. */
  readonly run: string;
  /** 0 for no limit. */
  readonly timeout: number;
  /** Between TERM and KILL. */
  readonly grace: number;
  readonly verdict: Verdict;
  /** Counts from 1. */
  readonly number: number;
  readonly observer: Observer;
  readonly listener: AttemptListener;
}

/** What became of one attempt. */
export interface Attempted {
  readonly end: AttemptEnd;
  readonly cost: Cost;
  /** What was still running after a normal end, and was left alone. */
  readonly left: readonly LeftProcess[];
}

/** Runs a task once, from its start to the moment when nothing that this attempt has to wait for is left. */
export async function runAttempt(plan: AttemptPlan): Promise<Attempted> {
  const { run, number, verdict, observer, listener, clock } = plan;
  const env = { ...plan.env, CRONWRIGHT_RUN: run, CRONWRIGHT_ATTEMPT: String(number) };
  const waited = waitedCpu();
  const started = await startProcess({ ...plan, env }, listener);
  // Begun before anybody is told: a short task is gone in a moment.
  const ending = 'pid' in started ? attend(started, waited, plan) : unstarted(started);
  observer.attemptStarted({ number, at: clock.now(), pid: 'pid' in started ? started.pid : undefined });
  const { end, cost, left } = await ending;
  const sign = listener.end();
  const judged = end.kind === 'exited' || end.kind === 'signalled' ? judge(end, verdict, sign) : end;
  observer.attemptEnded({ number, at: clock.now(), end: judged, cost, left });
  return { end: judged, cost, left };
}

/** An attempt that has ended, and that nobody has judged yet. */
interface Ended extends Omit<Attempted, 'end'> {
  readonly end: ProcessEnd | NotStarted | TimedOut | Cancelled;
}

function unstarted(end: NotStarted): Ended {
  return { end, cost: unknownCost, left: [] };
}

/** @param waited `waitedCpu` from before the start. */
async function attend(child: TaskProcess, waited: number | undefined, plan: AttemptPlan): Promise<Ended> {
  const { run, grace, clock } = plan;
  const startedAt = clock.now();
  const tree = { run, leader: leaderOf(child.pid) };
  // While the child is there, nobody has waited for it: what this process has waited for so far prepared the start.
  const meter = new CostMeter({ tree, waited: tree.leader.born === 0 ? waited : waitedCpu(), clock });
  const end = await firstEnd(child, plan);
  const isEndedByUs = end.kind === 'timed-out' || end.kind === 'cancelled';
  if (isEndedByUs) {
    meter.sample();
    await endTree(tree, grace, clock);
  }
  await drain(child, clock);
  const left = isEndedByUs ? [] : leftAfter(tree, clock.now() - startedAt);
  return { end, cost: meter.stop(left), left };
}

/** Whichever comes first: the end of the direct child, the timeout, or a cancellation. */
async function firstEnd(child: TaskProcess, { timeout, clock, cancel }: AttemptPlan): Promise<Ended['end']> {
  const over = new AbortController();
  const end = await Promise.race([child.ended, timedOut(timeout, clock, over.signal), cancelled(cancel, over.signal)]);
  over.abort();
  return end;
}

/** Milliseconds for what is still in the pipes. A background process that holds them must not hold the run. */
const drainLimit = 1_000;

async function drain(child: TaskProcess, clock: Clock): Promise<void> {
  const over = new AbortController();
  const limit = clock.sleep(drainLimit, over.signal).catch(() => undefined);
  await Promise.race([Promise.all([child.ended, child.drained]), limit]);
  over.abort();
  child.release();
}
