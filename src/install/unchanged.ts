import { readdirSync, statSync } from 'node:fs';
import { readTableText } from '../crontab/block.ts';
import { comingYears } from '../crontab/cover/zone-spans.ts';
import { foreignEntries } from '../crontab/foreign.ts';
import type { Plan } from '../crontab/plan.ts';
import { digestOf, digestOfFile } from '../job/digest.ts';
import type { Sources } from '../job/load.ts';
import { hostClock, zoneFolder } from '../schedule/zone/zone-file.ts';
import { ensureCopy } from '../store/copy.ts';
import { lastMade, noteMade } from '../store/made.ts';
import { installedIds, latestRevision } from '../store/registry.ts';
import { openStoreIfAny, type Store } from '../store/store.ts';
import { leftBehind } from './left-behind.ts';
import type { Place } from './place.ts';
import { type AskedInstall, placeIn } from './place-in.ts';
import type { Prepared } from './prepare.ts';
import { replacedByTable } from './replaced-tables.ts';
import { distrustedBy } from './trust.ts';

/*
 * Most syncs find that nothing is to be done, as those of a deployment do. Whether the files, the tables and all else
 * that decides are as they were is seen without reading thousands of jobs again.
 */

/** What is asked of a jobs file that was perhaps installed as it is. */
export interface AskedAgain extends Omit<AskedInstall, 'project'> {
  /** Absolute path of the jobs file. */
  readonly file: string;
  /** Of cronwright. */
  readonly version: string;
}

/**
 * What sync would do where that is nothing, and is known without reading the jobs; undefined where it is not known.
 * @throws UserError where the table cannot be read.
 */
export async function unchangedPlan(asked: AskedAgain): Promise<Plan | undefined> {
  const store = openStoreIfAny(asked.state);
  try {
    return store && (await planOf(store, asked));
  } finally {
    store?.close();
  }
}

async function planOf(store: Store, asked: AskedAgain): Promise<Plan | undefined> {
  const made = lastMade(store, asked.file);
  const latest = made && latestRevision(store, made.project);
  if (made === undefined || latest?.id !== made.revision) return undefined;
  const { files, folders } = made.sources;
  const place = await placeIn(store, { ...asked, project: made.project });
  const contents = new Map(files.map((path) => [path, digestOfFile(path)]));
  const table = await place.table.read();
  if (madeFrom({ contents, folders }, asked.version, { place, table }) !== made.digest) return undefined;
  if (distrustedBy({ target: place.target, sources: files, launcher: asked.launcher }) !== undefined) return undefined;
  if (leftBehind(store, made.project, place.target).length > 0) return undefined;
  if (ensureCopy(store, made.project) !== undefined) return undefined;
  const unmanagedEntries = foreignEntries(readTableText(table));
  return {
    target: place.target,
    revision: latest.id,
    ...{ add: [], change: [], remove: [], moved: [], settings: [], drift: [], leaves: [] },
    ...{ replaced: [], notFound: [], staysOut: [] },
    unchanged: installedIds(store, made.project),
    unmanaged: unmanagedEntries.length,
    unmanagedEntries,
  };
}

/** Notes what a project was made from, now that it is installed, for {@link unchangedPlan}. */
export function noteInstalled(store: Store, sources: Sources, prepared: Prepared, version: string): void {
  const { plan, project, place } = prepared;
  // What else is to be taken out of a table of others is seen by looking at it.
  const isAlone = [...replacedByTable(project.replaces, place).keys()].every((target) => target === place.target);
  if (!isAlone) return;
  const table = prepared.changes.find(({ target }) => target === place.target)?.next ?? prepared.before;
  const digest = madeFrom(sources, version, { place, table });
  const files = [...sources.contents.keys()];
  const { name, file } = project;
  noteMade(store, {
    ...{ file, project: name, revision: plan.revision, digest },
    sources: { files, folders: sources.folders },
  });
}

/** Where a project is installed, and what stands there. */
interface Standing {
  readonly place: Place;
  readonly table: Buffer;
}

/** Everything that decides what sync does, besides what the registry holds. */
function madeFrom({ contents, folders }: Sources, version: string, { place, table }: Standing): string {
  const { target, launcher, host } = place;
  const listings = folders.map(namesIn);
  const zones = [host.zone.name, hostClock().sign, statSync(zoneFolder(), { throwIfNoEntry: false })?.mtimeMs];
  const years = comingYears(host.at);
  const made = { target, launcher, version, zones, years, cron: host.cron?.name, table: digestOf(table) };
  return digestOf(JSON.stringify({ ...made, contents: [...contents], listings }));
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}
