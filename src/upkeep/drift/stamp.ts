import { statSync } from 'node:fs';
import { spools } from '../../crontab/spool.ts';

/** What stands for a table that is not to be seen from here: only its crontab program can tell whether it has changed. */
export const unseen = '';

/** In place of a stamp: what was found is to be looked at again, and there is time. */
export const putOff = 'put off';
/** In place of a stamp: what was in the way is gone in a moment. */
export const disturbed = 'disturbed';

/** A table, by its label, with what tells it from any other state of it. */
export interface Stamped {
  readonly target: string;
  readonly stamp: string;
}

/**
 * What tells a table from any other state of it, without reading it: its file's number, size and times.
 * @param target the table's label.
 * @param user whose crontab `user` means.
 * @param places the folders in which that may lie.
 */
export function stampOf(target: string, user: string, places = spools): string {
  if (target.startsWith('file:')) return fileStamp(target.slice('file:'.length));
  if (target.startsWith('cron.d:')) return fileStamp(`/etc/cron.d/${target.slice('cron.d:'.length)}`);
  for (const place of places) {
    const stamp = fileStamp(`${place}/${user}`);
    if (stamp !== unseen) return stamp;
  }
  return unseen;
}

function fileStamp(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : unseen;
  } catch {
    // A spool that is closed to others.
    return unseen;
  }
}
