import type { Host } from '../crontab/fields.ts';
import { fileTable } from '../crontab/file-table.ts';
import { type Launcher, tickLine } from '../crontab/line.ts';
import { type Planned, planSync, type RenderedJob } from '../crontab/plan.ts';
import type { Table } from '../crontab/table.ts';
import { parseTarget } from '../crontab/target.ts';
import { userTable } from '../crontab/user-table.ts';
import type { Project } from '../job/job.ts';
import { differingSettings, latestRevision, nextRevision, type ProjectSettings } from '../store/registry.ts';
import type { Store } from '../store/store.ts';
import { asInstalled, rendered } from './lines.ts';

/** Where jobs are to be installed, and how their lines start cronwright. */
export interface Place {
  readonly table: Table;
  readonly launcher: Launcher;
  readonly host: Host;
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
  /** The jobs with the lines that they are to have. */
  readonly wanted: readonly RenderedJob[];
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
  const { table, launcher, host } = place;
  const latest = store && latestRevision(store, project.name);
  const { mail, envFiles } = project;
  const settings = { mail, envFiles, target: table.label, launcher, hostZone: host.zone.name };
  const wanted = rendered(project.jobs, launcher, host);
  const before = await table.read();
  const planned = planSync({
    target: table.label,
    project: project.name,
    wanted,
    installed: store && latest ? asInstalled(store, latest, host) : [],
    revision: { current: latest?.id, next: store ? nextRevision(store) : 1 },
    settings: latest === undefined ? [] : differingSettings(latest, project, settings),
    table: before,
    tick: tickLine(launcher),
  });
  return { ...planned, project, settings, wanted, place, current: latest?.id, before };
}
