import { durationWords } from '../job/duration.ts';
import type { Job } from '../job/job.ts';
import { isAlive } from '../launch/holder.ts';
import type { StoredWorld } from '../launch/world.ts';
import { retryDelay } from '../run/retry.ts';
import { addEvent, eventsOf } from '../store/events.ts';
import { lastRecord, spooled } from '../store/lying.ts';
import { type InstalledJob, installedJob, jobOfRun } from '../store/registry.ts';
import { attemptsOf, type Closing, isPutOff, type OpenRun, openRunById, openRuns, type Retry } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { endForWrapper } from './end-for-wrapper.ts';

/** Closes the runs whose processes are gone, by a kill, a crash or a reboot; tells of them, and leaves what is to be retried. */
export function closeDeadRuns(world: StoredWorld): void {
  const { store } = world;
  for (const { run } of openRuns(store).filter((one) => !isAlive(one))) {
    // Read again: it may have gone on between the first look at its row and its death.
    const left = openRunById(store, run);
    if (left !== undefined && !isAlive(left) && !hasRecord(store, left)) closeDeadRun(world, left);
  }
}

/** Whether the run's own word lies in the spool, to be taken in: asked once it is dead, because it may have come late. */
function hasRecord({ directory }: Store, { run, job }: OpenRun): boolean {
  return spooled(directory, 0).some((lying) => {
    return lying.job === job && (lying.run === run || lastRecord(lying)?.run.run === run);
  });
}

function closeDeadRun(world: StoredWorld, run: OpenRun): void {
  const { store, clock } = world;
  const installed = jobOfRun(store, run) ?? installedJob(store, run.job);
  endForWrapper(world, run, installed, { run: run.run, at: clock.now(), ...howItEnded(world, run, installed) });
}

type End = Pick<Closing, 'state' | 'retry'> & { readonly reason: string };

function howItEnded({ store, clock }: StoredWorld, run: OpenRun, installed: InstalledJob | undefined): End {
  if (run.cancelBy !== null) return { state: 'cancelled', reason: 'was cancelled' };
  if (isPutOff(run)) return interrupted('it had not begun: its start was put off');
  if (run.state === 'waiting') return interrupted('it was waiting for its turn');
  // A task that went on without its wrapper has perhaps done all of its work: it is not done twice.
  if (wentOn(store, run.run)) {
    return interrupted('its task went on and has ended, nobody knows how');
  }
  const now = clock.now();
  const retry = installed && nextAttempt(store, installed.job, run, now);
  const known = run.retryAt === null ? 'nobody knows how its task ended' : 'it was waiting for its next attempt';
  return { ...interrupted(`${known}${retryWords(retry, now)}`), retry };
}

function interrupted(known: string): End {
  return { state: 'interrupted', reason: `was interrupted: its wrapper is gone; ${known}` };
}

const goesOn = 'its wrapper is gone, and its task goes on without it';

/** Notes of a run, once, that its task was seen to go on without the wrapper. */
export function noteGoesOn(store: Store, run: string, at: number): void {
  if (!wentOn(store, run)) addEvent(store, run, { at, level: 'warning', message: goesOn });
}

function wentOn(store: Store, run: string): boolean {
  return eventsOf(store, run).some(({ message }) => message === goesOn);
}

function retryWords(retry: Retry | undefined, now: number): string {
  if (retry === undefined) return '';
  const wait = Math.max(0, retry.at - now);
  return `, and attempt ${retry.attempt} follows ${wait < 1_000 ? 'at once' : `in ${durationWords(wait)}`}`;
}

/**
 * The attempt that a run's policy still owes: the one that it waited for, or, where an attempt was cut short and every
 * failure is worth another, the next one.
 */
function nextAttempt(store: Store, { retry }: Job, run: OpenRun, now: number): Retry | undefined {
  if (run.retryAt !== null && run.retryAttempt !== null) return { at: run.retryAt, attempt: run.retryAttempt };
  // It is noted a moment after its task has begun: one that is not has perhaps been made all the same.
  const made = attemptsOf(store, run.run).length > 0 ? run.attempts : run.attempts + 1;
  if (retry.on !== 'any' || made >= retry.attempts) return undefined;
  return { at: now + retryDelay(retry, made, Math.random), attempt: made + 1 };
}
