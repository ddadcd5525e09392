import { UserError } from '../errors.ts';
import { cancelledBy } from '../run/cancel.ts';
import { unknownCost } from '../run/cost.ts';
import { taskEnvironment } from '../run/environment.ts';
import { identityOf } from '../run/identity.ts';
import type { Observer } from '../run/observer.ts';
import { type Cancelled, exitStatusOf, type NotStarted, type Outcome, stateOf } from '../run/outcome.ts';
import { runTask, taskOf } from '../run/task.ts';
import type { NewEntry } from '../store/outbox.ts';
import type { Admission, Permit } from './admission.ts';
import { admit } from './admit.ts';
import { conclude } from './conclude.ts';
import { deliverOutbox } from './deliver.ts';
import { record } from './record.ts';
import type { Start, World } from './world.ts';

/** What became of a start. */
export type Launched =
  | Exclude<Admission, { kind: 'granted' }>
  | { readonly kind: 'ran'; readonly run: string; readonly outcome: Outcome; readonly status: number };

/**
 * Runs a job once, whoever starts it: permit, attempts, record, tell. The task comes first: what cannot be recorded or
 * told is complained about and does not stop it.
 */
export async function launch(world: World, start: Start): Promise<Launched> {
  const admission = await admit(world, start);
  if (admission.kind !== 'granted') return admission;
  const { permit } = admission;
  const untold = await tellLateness(world, start, permit);
  const recorder = record(permit.book, permit.story);
  const outcome = await runJob(world, start, permit, recorder.observer).finally(() => recorder.stop());
  const isRecorded = await conclude(world, { start, permit, outcome, untold });
  if (world.store !== undefined && isRecorded) await deliverOutbox(world);
  return { kind: 'ran', run: permit.run, outcome, status: exitStatusOf(outcome.end) };
}

/** Tells of a start that is late. @returns the mails about it that are left to the run's end. */
async function tellLateness(world: World, start: Start, permit: Permit): Promise<readonly NewEntry[]> {
  const { installed, trigger } = start;
  const { lateAfter, jitter } = installed.job;
  const { slot, delay = jitter.delay } = permit;
  if (lateAfter === 0 || trigger !== 'schedule' || slot === undefined) return [];
  if (world.clock.now() < slot + delay + lateAfter) return [];
  // Loaded by need: hardly any start is late.
  return (await import('./late-start.ts')).tellLateStart(world, start, { ...permit, slot });
}

async function runJob(world: World, start: Start, { run, slot }: Permit, recorder: Observer): Promise<Outcome> {
  const { clock, cancel, onlooker } = world;
  const observer = onlooker ? both(recorder, onlooker) : recorder;
  const startedAt = clock.now();
  const { job } = start.installed;
  const unready = (end: NotStarted | Cancelled): Outcome => {
    return { state: stateOf(end), end, attempts: 0, startedAt, endedAt: clock.now(), cost: unknownCost, left: [] };
  };
  try {
    // Before anything can be found wrong with a task that is not to run.
    if (cancel.aborted) return unready(cancelledBy(cancel));
    const identity = identityOf(job.user, world.identity);
    if (identity && 'kind' in identity) return unready(identity);
    const account = identity ?? world.identity;
    const underCron = start.trigger !== 'manual' || start.asCron === true;
    const env = taskEnvironment({ job, inherited: world.environment, underCron, identity: account, slot });
    const task = taskOf(job, { run, env, identity, firstAttempt: start.continues?.attempt ?? 1 });
    return await runTask(task, { observer, clock, cancel, handed: world.environment.CRONWRIGHT_PIPES });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    return unready({ kind: 'not-started', cause: 'other', message });
  }
}

function both(first: Observer, second: Observer): Observer {
  return {
    attemptStarted(event) {
      first.attemptStarted(event);
      second.attemptStarted(event);
    },
    output(event) {
      first.output(event);
      second.output(event);
    },
    reported(event) {
      first.reported(event);
      second.reported(event);
    },
    attemptEnded(event) {
      first.attemptEnded(event);
      second.attemptEnded(event);
    },
    waiting(event) {
      first.waiting(event);
      second.waiting(event);
    },
    resuming(event) {
      first.resuming?.(event);
      second.resuming?.(event);
    },
  };
}
