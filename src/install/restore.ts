import { hasSameLines } from '../crontab/block.ts';
import type { Host } from '../crontab/fields.ts';
import { differenceOf, type Table, TableChanged } from '../crontab/table.ts';
import { UserError } from '../errors.ts';
import type { JobName } from '../job/job.ts';
import { latestRevisions, type Revision } from '../store/registry.ts';
import { revisionWithLines } from '../store/revisions.ts';
import type { Snapshot } from '../store/snapshots.ts';
import type { Store } from '../store/store.ts';
import { lastWritten, noteWritten } from '../store/written.ts';
import { keepTable } from './keep-table.ts';
import { blockIn } from './left-behind.ts';
import { asInstalled } from './lines.ts';

/** What is put back where, by whom, and when. */
export interface Restoring {
  readonly snapshot: Snapshot;
  /** The table that the snapshot was taken of, and its bytes as they were read. */
  readonly table: Table;
  readonly before: Buffer;
  readonly by: string;
  /** UTC milliseconds. */
  readonly at: number;
}

/**
 * Writes a table as a snapshot has it, byte for byte, and keeps it as it was. The registry stays as it is. The lock of the
 * table belongs around it.
 * @throws TableChanged when the table is another than the one that was read, and UserError when it cannot be written. It is as
 * it was then.
 */
export async function restore(store: Store, { snapshot, table, before, by, at }: Restoring): Promise<void> {
  const { id, target, content } = snapshot;
  const now = await table.read();
  if (!now.equals(before)) throw changed(target, before, now);
  keepTable(store, { target, takenAt: at, takenBy: by, reason: `restore of snapshot ${id}`, content: before });
  // An empty table is what the snapshot has, and what was asked for.
  await table.write(content, { expected: before, allowEmpty: true, lastWrite: lastWritten(store, target)?.at });
  const stored = await table.read();
  if (!stored.equals(content)) throw notStored(target, content, stored);
  noteWritten(store, target, content, at);
}

function changed(target: string, before: Buffer, now: Buffer): TableChanged {
  const message = `the table of target ${target} has changed since it was read, ${differenceOf(before, now)}`;
  return new TableChanged(`${message}; nothing was written`, 'try again');
}

function notStored(target: string, content: Buffer, stored: Buffer): UserError {
  const message = `the table of target ${target} was written and is not as the snapshot, ${differenceOf(content, stored)}`;
  return new UserError(message, 'somebody may have edited it at the same time: look at it, and restore again');
}

/** How a project’s block in a table agrees with the registry. */
export interface Fit {
  readonly project: JobName;
  /** The revision that is installed. */
  readonly installed: number;
  /** The label of the table that it is installed in. */
  readonly target: string;
  /** Whether that is another table, and this one has its lines as well. */
  readonly elsewhere: boolean;
  /** Whether the block has the lines of that revision. */
  readonly fits: boolean;
  /** The newest revision whose lines the block has; undefined where none has them, or there is no block. */
  readonly revision: number | undefined;
}

/** How the projects that are installed into a table, or have lines in it, agree with its bytes, by their names. */
export function fitsOf(
  store: Store,
  { target, content }: Pick<Snapshot, 'target' | 'content'>,
  host: Host,
): readonly Fit[] {
  return latestRevisions(store).flatMap((revision) => {
    const found = blockIn(content, revision.project);
    if (revision.settings.target === target) return [fitOf(store, revision, found, host)];
    const ours = found && revisionWithLines(store, revision.project, found);
    return ours === undefined ? [] : [{ ...plainFit(revision), fits: false, revision: ours, elsewhere: true }];
  });
}

function fitOf(store: Store, installed: Revision, found: readonly string[] | undefined, host: Host): Fit {
  const lines = asInstalled(store, installed, host).flatMap((one) => one.lines);
  const fits = hasSameLines(lines, found ?? []);
  const revision = fits ? installed.id : found && revisionWithLines(store, installed.project, found);
  return { ...plainFit(installed), fits, revision, elsewhere: false };
}

function plainFit({ project, id, settings }: Revision): Pick<Fit, 'project' | 'installed' | 'target'> {
  return { project, installed: id, target: settings.target };
}
