import { UserError } from '../errors.ts';
import type { Job, JobId } from '../job/job.ts';
import { isAlive } from '../launch/holder.ts';
import { type LateStart, lateId, lateTelling, noteLate } from '../launch/lateness.ts';
import type { StoredWorld } from '../launch/world.ts';
import { isToldOf } from '../notify/policy.ts';
import { calendarOf } from '../schedule/calendar/job-calendar.ts';
import { wasTold } from '../store/marks.ts';
import { servedSlots } from '../store/missed.ts';
import { pauseOf } from '../store/pauses.ts';
import { installedJob, jobOfRun, latestRevision } from '../store/registry.ts';
import { type OpenRun, openRuns } from '../store/runs.ts';
import { grace } from './missed/grace.ts';

/** What may be late: runs that wait, and jobs with their first slot that is not accounted for. */
export interface PerhapsLate {
  readonly waiting: readonly OpenRun[];
  readonly due: readonly { readonly job: JobId; readonly slot: number }[];
  /** Slots after this are on their way. */
  readonly until: number;
}

/** One tick tells of no more; the next goes on. */
const mostAtOnce = 20;

/** Tells of those that are late. */
export function tellLate(world: StoredWorld, perhaps: PerhapsLate): void {
  let told = 0;
  for (const late of lateStarts(world, perhaps)) {
    tellOne(world, late);
    if (++told === mostAtOnce) return;
  }
}

function* lateStarts(world: StoredWorld, { waiting, due, until }: PerhapsLate): Generator<LateStart> {
  for (const run of waiting) yield* lateRun(world, run);
  for (const { job, slot } of due) yield* lateSlots(world, job, { from: slot, until });
}

function* lateRun({ store, clock }: StoredWorld, run: OpenRun): Generator<LateStart> {
  const installed = jobOfRun(store, run);
  if (installed === undefined || run.slot === null || !isAlive(run)) return;
  const at = clock.now();
  const { lateAfter, jitter } = installed.job;
  // Before its turn has come, nobody knows for how long jitter puts it off.
  const delay = run.retryAt === null ? jitter.delay : run.retryAt - run.startedAt;
  if (at < run.slot + delay + lateAfter) return;
  const holder = openRuns(store, run.job).find((other) => other.run !== run.run && other.startedAt <= run.startedAt);
  yield { installed, slot: run.slot, delay, at, state: 'waiting', run: run.run, holder: holder?.run ?? '' };
}

interface Stretch {
  readonly from: number;
  readonly until: number;
}

function* lateSlots({ store, clock }: StoredWorld, job: JobId, perhaps: Stretch): Generator<LateStart> {
  const installed = installedJob(store, job);
  if (installed === undefined || !isToldOf(installed.job.notify, 'late')) return;
  const at = clock.now();
  const from = Math.max(perhaps.from, at - grace);
  const until = Math.min(perhaps.until, at - installed.job.lateAfter);
  const { served } = servedSlots(store, job, from, until);
  for (const slot of slotsOf(installed.job, from, until)) {
    if (served.some((stretch) => stretch.first <= slot && slot <= stretch.last)) continue;
    const late: LateStart = { installed, slot, delay: 0, at, state: 'not-begun', run: '', holder: '' };
    if (pauseOf(store, installed.job, slot) === undefined && !wasTold(store, lateId(late))) yield late;
  }
}

function slotsOf(job: Job, from: number, until: number): Iterable<number> {
  try {
    return calendarOf(job).slots(from - 1, until);
  } catch (error) {
    // Who accounts for the slots says that the system has lost the job's zone.
    if (error instanceof UserError) return [];
    throw error;
  }
}

function tellOne(world: StoredWorld, late: LateStart): void {
  const { store, complain } = world;
  const { project } = late.installed.job;
  const told = lateTelling(world, late, latestRevision(store, project)?.settings.mail);
  const report = noteLate(store, late, told);
  if (report !== undefined) complain(report);
}
