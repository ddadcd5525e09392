import { existsSync } from 'node:fs';
import { blockLines, readTableText } from '../crontab/block.ts';
import { beginMarker } from '../crontab/marker.ts';
import { parseTarget } from '../crontab/target.ts';
import { UserError } from '../errors.ts';
import type { JobName } from '../job/job.ts';
import { revisionWithLines } from '../store/revisions.ts';
import type { Store } from '../store/store.ts';
import { writtenWith } from '../store/written.ts';

/**
 * The tables, but `home`, that have the lines of a revision of a project, as after a restore of one that it has left: they
 * would start its jobs as well.
 */
export function leftBehind(store: Store, project: JobName, home: string): readonly string[] {
  const others = writtenWith(store, `${beginMarker(project)}\n`).filter(({ target }) => target !== home);
  return others
    .filter((one) => !isGone(one.target) && hasOurs(store, project, one.content))
    .map(({ target }) => target);
}

/** A block of that name may be that of a project in another state directory. */
function hasOurs(store: Store, project: JobName, table: Buffer): boolean {
  const lines = blockIn(table, project);
  return lines !== undefined && revisionWithLines(store, project, lines) !== undefined;
}

/** The lines of a project's block; undefined where the table has none, or its markers are damaged. */
export function blockIn(table: Buffer, project: JobName): readonly string[] | undefined {
  try {
    return blockLines(readTableText(table), project);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Whether a table is a file that is not there any more, and so has nothing to be taken out. */
export function isGone(target: string): boolean {
  const parsed = target.startsWith('file:') ? parseTarget(target) : undefined;
  return parsed?.kind === 'file' && !existsSync(parsed.path);
}
