import type { Clock } from '../clock.ts';
import { errorMessage, UserError } from '../errors.ts';
import type { Account } from '../job/account.ts';
import type { Variables } from '../job/environment.ts';
import type { Job } from '../job/job.ts';
import { taskEnvironment } from '../run/environment.ts';
import type { Observer } from '../run/observer.ts';
import { exitStatusOf, type Outcome, sentence } from '../run/outcome.ts';
import { runTask, taskOf } from '../run/task.ts';
import { hostZone } from '../schedule/zone.ts';
import { closeRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { deliverOutbox } from './deliver.ts';
import { askPermit, type Permit, type Start } from './permit.ts';
import { type Recorder, recordRun } from './record.ts';
import { type Ending, tellEnding } from './tell.ts';

/** What a launch has of the world. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly environment: Variables;
  readonly identity: Account;
  readonly host: string;
  /** How a person starts cronwright, for the words of a report. */
  readonly program: string;
  /** Aborted with a signal's name when the wrapper is asked to end. */
  readonly cancel: AbortSignal;
  /** Takes what belongs on standard error. */
  complain(text: string): void;
  /** Is shown the run as it goes, where somebody is looking. */
  readonly onlooker?: Observer | undefined;
}

/** What became of a start. */
export type Launched =
  | { readonly kind: 'not-due' }
  | { readonly kind: 'ran'; readonly run: string; readonly outcome: Outcome; readonly status: number };

/**
 * Runs a job once, whoever starts it: permit, attempts, record, tell. The task comes first: what cannot be recorded or
 * told is complained about and does not stop it.
 * @throws UserError when the start cannot be recorded.
 */
export async function launch(world: World, start: Start): Promise<Launched> {
  const permit = askPermit(world.store, start, hostZone());
  if (permit === undefined) return { kind: 'not-due' };
  const recorder = recordRun(world.store, permit.run);
  const outcome = await runJob(world, start, permit, recorder);
  // Each by itself: what the output has no room for any more, the end may have.
  record(world, permit, () => recorder.finish());
  record(world, permit, () => closeRun(world.store, closingOf(permit, outcome)));
  tellEnding(world, endingOf(start, permit, outcome, recorder));
  await deliverOutbox(world);
  return { kind: 'ran', run: permit.run, outcome, status: exitStatusOf(outcome.end) };
}

function record({ complain }: World, { run }: Permit, work: () => void): void {
  try {
    work();
  } catch (error) {
    complain(`cronwright: could not record run ${run}: ${errorMessage(error)}\n`);
  }
}

function closingOf({ run }: Permit, { state, end, endedAt }: Outcome) {
  return {
    run,
    state,
    at: endedAt,
    exitCode: end.kind === 'exited' ? end.status : undefined,
    signal: end.kind === 'signalled' ? end.signal : undefined,
    reason: state === 'succeeded' ? undefined : sentence(end),
  };
}

function endingOf({ installed, trigger }: Start, { run, slot }: Permit, outcome: Outcome, recorder: Recorder): Ending {
  const { state, end, startedAt, endedAt } = outcome;
  const { attempts, capture } = recorder;
  const output = capture.pieces();
  return { installed, trigger, run, slot, state, sentence: sentence(end), startedAt, endedAt, attempts, output };
}

async function runJob(world: World, start: Start, permit: Permit, recorder: Recorder): Promise<Outcome> {
  const { clock, cancel, onlooker } = world;
  const { job } = start.installed;
  const observer = onlooker ? both(recorder.observer, onlooker) : recorder.observer;
  const startedAt = clock.now();
  try {
    return await runTask(taskOf(job, permit.run, environmentOf(world, start, job, permit)), {
      observer,
      clock,
      cancel,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    const end = { kind: 'not-started', cause: 'other', message } as const;
    return { state: 'failed', end, attempts: 0, startedAt, endedAt: clock.now() };
  }
}

function environmentOf(world: World, { trigger }: Start, job: Job, { slot }: Permit): Record<string, string> {
  const { environment: inherited, identity } = world;
  return taskEnvironment({ job, inherited, underCron: trigger !== 'manual', identity, slot });
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
    attemptEnded(event) {
      first.attemptEnded(event);
      second.attemptEnded(event);
    },
    waiting(event) {
      first.waiting(event);
      second.waiting(event);
    },
  };
}
