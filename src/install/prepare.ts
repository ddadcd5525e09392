import { fileTable } from '../crontab/file-table.ts';
import { jobLines, type Launcher, tickLine } from '../crontab/line.ts';
import { type Planned, planSync, type RenderedJob } from '../crontab/plan.ts';
import type { Table } from '../crontab/table.ts';
import { parseTarget } from '../crontab/target.ts';
import { userTable } from '../crontab/user-table.ts';
import type { Job, Project } from '../job/job.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import {
  differingSettings,
  installedJobs,
  latestRevision,
  nextRevision,
  type ProjectSettings,
  type Revision,
} from '../store/registry.ts';
import type { Store } from '../store/store.ts';

/** Where jobs are to be installed, and how their lines start cronwright. */
export interface Place {
  readonly table: Table;
  readonly launcher: Launcher;
}

/** What `--target` names. */
export function tableOf(target: string): Table {
  const parsed = parseTarget(target);
  return parsed.kind === 'user' ? userTable() : fileTable(parsed.path);
}

/** What sync would do, with all that it needs to do it. */
export interface Prepared extends Planned {
  readonly project: Project;
  readonly settings: ProjectSettings;
  readonly place: Place;
  /** The revision in force; undefined before the first. */
  readonly current: number | undefined;
  /** The table as it was read. */
  readonly before: Buffer;
}

/**
 * Compares a project with what is installed of it and with the table.
 * @param store undefined where nothing was ever installed from the state directory.
 * @throws UserError when the table cannot be read, or its markers are damaged.
 */
export async function prepare(store: Store | undefined, project: Project, place: Place): Promise<Prepared> {
  const { table, launcher } = place;
  const latest = store && latestRevision(store, project.name);
  const installed = store ? installedJobs(store, project.name).map(({ job }) => job) : [];
  const settings = { mail: project.mail, envFiles: project.envFiles, target: table.label, launcher };
  const before = await table.read();
  const planned = planSync({
    target: table.label,
    project: project.name,
    wanted: rendered(project.jobs, launcher),
    installed: rendered(installed, installedLauncher(latest, launcher)),
    revision: { current: latest?.id, next: store ? nextRevision(store) : 1 },
    settings: latest === undefined ? [] : differingSettings(latest, project, settings),
    table: before,
    tick: tickLine(launcher),
  });
  return { ...planned, project, settings, place, current: latest?.id, before };
}

function installedLauncher(latest: Revision | undefined, otherwise: Launcher): Launcher {
  return latest?.settings.launcher ?? otherwise;
}

export function rendered(jobs: readonly Job[], launcher: Launcher): readonly RenderedJob[] {
  return jobs.map((job) => ({ job, lines: jobLines({ id: job.id, schedules: schedulesOf(job) }, launcher) }));
}
