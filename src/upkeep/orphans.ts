import { durationWords } from '../job/duration.ts';
import { isAlive, isOrphaned, treeOf } from '../launch/holder.ts';
import type { StoredWorld } from '../launch/world.ts';
import { endTree } from '../run/kill.ts';
import { type InstalledJob, installedJob, jobOfRun } from '../store/registry.ts';
import { attemptsOf, type OpenRun, openRuns } from '../store/runs.ts';
import { noteGoesOn } from './dead-runs.ts';
import { endForWrapper } from './end-for-wrapper.ts';

/** Notes which tasks have outlived their wrappers, and ends those that exceed their timeouts or were cancelled: nobody else would. */
export async function lookAfterOrphans(world: StoredWorld): Promise<void> {
  const orphans = openRuns(world.store).filter((run) => run.state === 'running' && isOrphaned(run));
  await Promise.all(orphans.map((run) => lookAfter(world, run)));
}

/** A tick does not wait longer than this for one to end, in milliseconds, however long the job's grace is. */
const longestGrace = 20_000;

async function lookAfter(world: StoredWorld, run: OpenRun): Promise<void> {
  const { store, clock } = world;
  const installed = jobOfRun(store, run) ?? installedJob(store, run.job);
  noteGoesOn(store, run.run, clock.now());
  const end = endOf(world, run, installed);
  if (end === undefined) return;
  await endTree(treeOf(run), Math.min(installed?.job.grace ?? longestGrace, longestGrace), clock);
  if (isAlive(run)) return;
  endForWrapper(world, run, installed, { run: run.run, at: clock.now(), ...end });
}

/** As what an orphan is to be ended; undefined where it may go on. */
function endOf({ store, clock }: StoredWorld, run: OpenRun, installed: InstalledJob | undefined) {
  // Who has asked for its end may be gone as well.
  if (run.cancelBy !== null) return { state: 'cancelled', reason: 'was cancelled' } as const;
  const timeout = installed?.job.timeout ?? 0;
  if (timeout === 0) return undefined;
  const startedAt = attemptsOf(store, run.run).at(-1)?.startedAt ?? run.startedAt;
  if (clock.now() < startedAt + timeout) return undefined;
  const took = `took longer than its timeout of ${durationWords(timeout)}`;
  return { state: 'timed-out', reason: `${took} and was ended by the tick, as its wrapper was gone` } as const;
}
