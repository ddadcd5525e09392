import type { Host } from '../crontab/fields.ts';
import type { RenderedJob } from '../crontab/job-changes.ts';
import { jobLines, type Launcher } from '../crontab/line.ts';
import type { Job, JobId } from '../job/job.ts';
import { installedJobs, installedLines, type Revision } from '../store/registry.ts';
import type { Store } from '../store/store.ts';

export function rendered(jobs: readonly Job[], launcher: Launcher, host: Host): readonly RenderedJob[] {
  return jobs.map((job) => ({ job, lines: jobLines(job, launcher, host) }));
}

/** The installed jobs of a project with their lines as they were written, whatever they would be today. */
export function asInstalled(
  store: Store,
  { project, settings }: Pick<Revision, 'project' | 'settings'>,
  host: Host,
): readonly RenderedJob[] {
  const stored = installedLines(store, project);
  return installedJobs(store, project).map(({ job }) => ({
    job,
    lines: linesOf(job, stored, settings.launcher, host),
  }));
}

/** The lines of one job among the stored ones. What an earlier version installed is on the host's clock, as it is today. */
export function linesOf(
  job: Job,
  stored: ReadonlyMap<JobId, readonly string[]>,
  launcher: Launcher,
  host: Host,
): readonly string[] {
  return stored.get(job.id) ?? jobLines(job, launcher, host);
}
