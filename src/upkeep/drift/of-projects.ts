import { tickLine } from '../../crontab/line.ts';
import { type Survey, surveyTable } from '../../crontab/survey.ts';
import { asInstalled } from '../../install/lines.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { latestRevisions, type Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { lastWritten } from '../../store/written.ts';

/** What became of an installed project in its table. */
export interface ProjectDrift extends Survey {
  /** The project's newest revision. */
  readonly revision: Revision;
}

/** Compares a table with what was installed in it, for each project that has jobs there, by the table's label. */
export function driftOfProjects(store: Store, target: string, table: Buffer): readonly ProjectDrift[] {
  const all = latestRevisions(store).filter(({ settings }) => settings.target === target);
  const withJobs = all.filter((revision) => linesOf(store, revision).length > 0);
  return withJobs.map((revision) => ({ revision, ...driftOfProject(store, revision, { all, table }) }));
}

/** Compares a table with what was installed in it of one project. `all` has the newest revisions of its neighbours too. */
export function driftOfProject(
  store: Store,
  revision: Revision,
  { all, table }: { readonly all: readonly Revision[]; readonly table: Buffer },
): Survey {
  const { project, settings } = revision;
  const others = all.filter((one) => one.settings.target === settings.target);
  return surveyTable(table, {
    project,
    lines: linesOf(store, revision),
    tick: tickLine(settings.launcher),
    otherTicks: others.map((one) => tickLine(one.settings.launcher)),
    written: lastWritten(store, settings.target)?.content,
  });
}

/** The lines of a project as they were written. */
function linesOf(store: Store, revision: Revision): readonly string[] {
  const host = { zone: hostZone(), at: revision.createdAt };
  return asInstalled(store, revision, host).flatMap(({ lines }) => lines);
}
