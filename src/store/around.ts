import type { JobId } from '../job/job.ts';
import { type Run, runsWhere } from './runs.ts';
import type { Store } from './store.ts';

/** More runs are not looked at; a day has 1,440 minutes. */
const mostRuns = 5_000;
/** A run that began before so many others of its job is not looked for. */
const mostEarlier = 50;

/**
 * The runs of a job that have to do with the time between two instants, both included: those whose slot or start is in
 * it, the stretches that were missed or skipped in it, and what went on then. The earliest start first.
 */
export function runsAround(store: Store, job: JobId, from: number, until: number): readonly Run[] {
  const within = `job = ? AND (slot BETWEEN ? AND ? OR started_at BETWEEN ? AND ?)
    ORDER BY started_at, id LIMIT ${mostRuns}`;
  const stretches = "job = ? AND started_at > ? AND first_slot <= ? AND state IN ('missed', 'skipped')";
  const earlier = `job = ? AND started_at < ? ORDER BY started_at DESC LIMIT ${mostEarlier}`;
  const found = [
    ...runsWhere(store, earlier, job, from).filter((run) => isOpenAt(run, from)),
    ...runsWhere(store, within, job, from, until, from, until),
    ...runsWhere(store, stretches, job, until, until),
  ];
  return [...new Map(found.map((run) => [run.run, run])).values()].sort((a, b) => a.startedAt - b.startedAt);
}

function isOpenAt({ endedAt }: Run, at: number): boolean {
  return endedAt === null || endedAt >= at;
}
