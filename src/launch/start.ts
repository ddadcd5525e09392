import { UserError } from '../errors.ts';
import { jobId } from '../job/job.ts';
import { copiedJob } from '../store/copy.ts';
import { nextOwed } from '../store/owed.ts';
import { installedJob } from '../store/registry.ts';
import { runById, type Trigger } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { Start } from './world.ts';

/** What a line of the table, or the tick, asks for. */
export interface Wish {
  readonly trigger: Trigger;
  /** A job's full name; for a retry the run to go on from. */
  readonly name: string;
  /** When the wrapper was started, UTC milliseconds. */
  readonly startedAt: number;
}

/**
 * The start that is wished for, as installed; undefined where nothing is left to do.
 * @throws UserError where no such job is installed.
 */
export function startOf(store: Store, wish: Wish): Start | undefined {
  const { trigger, name, startedAt } = wish;
  if (trigger === 'retry') return retryOf(store, wish);
  const id = jobId(name);
  const installed = id && installedJob(store, id);
  if (!installed) throw new UserError(`no job ${name} is installed`, 'cronwright sync brings table and jobs together');
  if (trigger !== 'catch-up') return { installed, trigger, startedAt };
  const owed = nextOwed(store, installed.job.id, startedAt);
  return owed && { installed, trigger, startedAt, slot: owed.slot };
}

/** A retry that another process took, or whose job is gone, is none. */
function retryOf(store: Store, { name, startedAt }: Wish): Start | undefined {
  const run = runById(store, name);
  const installed = run && installedJob(store, run.job);
  if (!run || !installed || run.retryAttempt === null) return undefined;
  const continues = { run: run.run, slot: firstSlot(store, run.run), attempt: run.retryAttempt };
  return { installed, trigger: 'retry', startedAt, continues };
}

/** The slot of the first run of a chain: it is what the later ones are for too. */
function firstSlot(store: Store, name: string): number | undefined {
  const run = runById(store, name);
  if (!run) return undefined;
  return run.continues === null ? (run.slot ?? undefined) : firstSlot(store, run.continues);
}

/** The same from the plain copy, for when the database cannot be read; undefined where there is none of that job. */
export function copiedStart(state: string, { trigger, name, startedAt }: Wish): Start | undefined {
  const id = trigger === 'retry' || trigger === 'catch-up' ? undefined : jobId(name);
  const copied = id && copiedJob(state, id);
  return copied && { installed: copied.installed, settings: copied.settings, trigger, startedAt };
}
