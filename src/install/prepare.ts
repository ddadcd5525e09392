import type { RenderedJob } from '../crontab/job-changes.ts';
import { tickLine } from '../crontab/line.ts';
import { type Plan, planSync, type TableInput } from '../crontab/plan.ts';
import type { Table } from '../crontab/table.ts';
import type { JobName, Moved, Project, Replaced } from '../job/job.ts';
import {
  differingSettings,
  latestRevision,
  latestRevisions,
  nextRevision,
  type ProjectSettings,
  type Revision,
} from '../store/registry.ts';
import { effectiveMoves } from '../store/rename.ts';
import type { Store } from '../store/store.ts';
import { takenFor } from '../store/taken.ts';
import { unfinishedTables } from '../store/unfinished.ts';
import { lastWritten } from '../store/written.ts';
import { checkAcceptable } from './acceptable.ts';
import { checkWithin } from './acting.ts';
import { isGone, leftBehind } from './left-behind.ts';
import { asInstalled, rendered } from './lines.ts';
import { type Place, tableOf } from './place.ts';
import { replacedByTable } from './replaced-tables.ts';
import type { TableChange } from './table-change.ts';

/** What sync would do, with all that it needs to do it. */
export interface Prepared {
  readonly plan: Plan;
  /** Whether sync would change anything, in the registry or in a table. */
  readonly hasChanges: boolean;
  readonly project: Project;
  readonly settings: ProjectSettings;
  /** The jobs with the lines that they are to have. */
  readonly wanted: readonly RenderedJob[];
  /** Jobs that get another name with this revision. */
  readonly moved: readonly Moved[];
  readonly place: Place;
  /** The revision in force; undefined before the first. */
  readonly current: number | undefined;
  /** The table that is installed into, as it was read. */
  readonly before: Buffer;
  /** The tables that are still as they were before the revision in force: what was to write them did not come to it. */
  readonly unfinished: ReadonlySet<string>;
  /** The tables that change, the one that is installed into first. */
  readonly changes: readonly TableChange[];
}

/** A table with what was read of it. */
interface ReadTable {
  readonly table: Table;
  readonly input: TableInput;
}

/**
 * Compares a project with what is installed of it and with the tables that it concerns.
 * @param store undefined where nothing was ever installed from the state directory.
 * @throws UserError when a table cannot be read, its markers are damaged, or the cron here would not take what it is to be.
 */
export async function prepare(store: Store | undefined, project: Project, place: Place): Promise<Prepared> {
  const { launcher, host, target } = place;
  const latest = store && latestRevision(store, project.name);
  const { mail, envFiles } = project;
  const settings = { mail, envFiles, target, launcher, hostZone: host.zone.name };
  const wanted = rendered(project.jobs, launcher, host);
  const moved = store === undefined ? [] : effectiveMoves(store, project);
  const { into, left, unfinished, others } = await readTables(store, project, { place, latest });
  const { plan, hasChanges, tables } = planSync({
    project: project.name,
    wanted,
    installed: store && latest ? asInstalled(store, latest, host) : [],
    taken: store === undefined ? [] : takenFor(store, project.name),
    moved,
    revision: { current: latest?.id, next: store ? nextRevision(store) : 1 },
    settings: latest === undefined ? [] : differingSettings(latest, project, settings),
    tick: tickLine(launcher),
    installedTick: tickLine(latest?.settings.launcher ?? launcher),
    otherTicks: otherTicks(store, project.name, (left ?? into).input.target),
    into: into.input,
    left: left?.input,
    unfinished: unfinished.map(({ input }) => input),
    others: others.map(({ input }) => input),
  });
  const all = [into, ...(left ? [left] : []), ...unfinished, ...others];
  const byTarget = new Map(all.map((one) => [one.input.target, one.table]));
  const changes = tables.flatMap((one): readonly TableChange[] => {
    const table = byTarget.get(one.target);
    return table === undefined || one.next.equals(one.before) ? [] : [{ table, ...one }];
  });
  const prepared = { plan, hasChanges, project, settings, wanted, moved, place, current: latest?.id, changes };
  const [first] = changes;
  if (first?.target === target && project.jobs.length > 0) await checkAcceptable(first);
  return { ...prepared, before: into.input.table, unfinished: stillUnfinished(store, latest, all) };
}

/** Where a project is to be installed, and what it was installed as last. */
interface Situation {
  readonly place: Place;
  readonly latest: Revision | undefined;
}

/** Of the tables that the revision in force was to write, those that nobody has touched since. */
function stillUnfinished(
  store: Store | undefined,
  latest: Revision | undefined,
  tables: readonly ReadTable[],
): ReadonlySet<string> {
  const unfinished = store && latest ? unfinishedTables(store, latest.id) : [];
  const same = unfinished.filter(({ target, content }) =>
    tables.some(({ input }) => input.target === target && input.table.equals(content)),
  );
  return new Set(same.map(({ target }) => target));
}

/** The tables that a project concerns. */
interface Tables {
  /** The one that is installed into. */
  readonly into: ReadTable;
  /** The one that is left. */
  readonly left: ReadTable | undefined;
  /** Those that were to be written when something came in between, and those that have lines of the project again. */
  readonly unfinished: readonly ReadTable[];
  /** Those that lines are taken out of. */
  readonly others: readonly ReadTable[];
}

/** A table whose file is gone, perhaps with its folder, has nothing to be taken out. */
function nothingAt(label: string): Table {
  return { ...tableOf(label), read: async () => Buffer.alloc(0) };
}

function openTables(
  store: Store,
  { project, place, latest }: Situation & { readonly project: Project },
): readonly string[] {
  const cut = latest ? unfinishedTables(store, latest.id).map(({ target }) => target) : [];
  const open = [...cut.filter((target) => !isGone(target)), ...leftBehind(store, project.name, place.target)];
  return [...new Set(open)];
}

async function readTables(store: Store | undefined, project: Project, { place, latest }: Situation): Promise<Tables> {
  const { target } = place;
  const byTable = replacedByTable(project.replaces, place);
  const read = async (table: Table, label: string): Promise<ReadTable> => {
    checkWithin(label);
    const lines: readonly Replaced[] = byTable.get(label) ?? [];
    const written = store && lastWritten(store, label)?.content;
    return { table, input: { target: label, table: await table.read(), written, replaces: lines } };
  };
  const before = latest?.settings.target ?? target;
  const into = await read(place.table, target);
  const left = before === target ? undefined : await read(isGone(before) ? nothingAt(before) : tableOf(before), before);
  const readAll = async (labels: Iterable<string>, known: ReadonlySet<string>): Promise<readonly ReadTable[]> => {
    const tables: ReadTable[] = [];
    for (const label of labels) if (!known.has(label)) tables.push(await read(tableOf(label), label));
    return tables;
  };
  const open = store === undefined ? [] : openTables(store, { project, place, latest });
  const unfinished = await readAll(open, new Set([target, before]));
  const others = await readAll(byTable.keys(), new Set([target, before, ...open]));
  return { into, left, unfinished, others };
}

/** The ticks of the other projects that are installed in a table. */
function otherTicks(store: Store | undefined, project: JobName, target: string): readonly string[] {
  const others = (store ? latestRevisions(store) : []).filter((one) => {
    return one.project !== project && one.settings.target === target;
  });
  return [...new Set(others.map(({ settings }) => tickLine(settings.launcher)))];
}
