import { lateness } from '../../launch/slot.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { calendarOf } from '../../schedule/calendar/job-calendar.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { dueJobs } from '../../store/due.ts';
import { installedJob, latestRevisions, type Revision } from '../../store/registry.ts';
import { runOfSlot } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';

/** Whether the lines of some project were made for another zone than the host has now: cron may not start them in time. */
export function isMadeForOther(store: Store): boolean {
  const { name } = hostZone();
  return latestRevisions(store).some((revision) => isOf(revision, name));
}

function isOf({ settings }: Revision, zone: string): boolean {
  return settings.hostZone !== undefined && settings.hostZone !== zone;
}

/** One tick looks at no more jobs, and starts no more. */
const mostLooked = 500;
const mostStarted = 100;

/** Starts what is due now. What cron starts as well runs once: each start asks for its permit. */
export async function startDueNow(world: StoredWorld): Promise<void> {
  const due = dueInOtherZone(world).slice(0, mostStarted);
  if (due.length === 0) return;
  const { startWrapper } = await import('../start-wrapper.ts');
  for (const job of due) startWrapper(world, ['run', '--scheduled', job], `${job} could not be started`);
}

function dueInOtherZone({ store, clock }: StoredWorld) {
  const now = clock.now();
  const zone = hostZone();
  const others = latestRevisions(store).filter((revision) => isOf(revision, zone.name));
  const projects = new Set(others.map(({ project }) => project));
  return dueJobs(store, now, mostLooked).flatMap(({ job }) => {
    const installed = installedJob(store, job);
    if (!installed || !projects.has(installed.job.project)) return [];
    const slot = calendarOf(installed.job, zone).latest(now, now - lateness);
    return slot === undefined || runOfSlot(store, job, slot) !== undefined ? [] : [job];
  });
}
