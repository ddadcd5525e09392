import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, UserError } from '../errors.ts';
import { modeText } from '../job/mode-text.ts';
import { distrustOf } from '../job/trusted-directory.ts';
import type { WholeFile } from './whole-file.ts';

/**
 * Sees that a table whose lines run as root is root's alone: what others could write or swap would be run as root. Crons ask
 * the same of such a file and pass it over in silence: cron(8).
 * @param file undefined where there is none.
 * @throws UserError with what mends it.
 */
export function checkRootly(path: string, file: WholeFile | undefined): void {
  const folder = dirname(path);
  const reason = distrustOf(folder, 0);
  if (reason !== undefined) throw refusal(path, reason, 'let root alone own and write the folders on the way there');
  if (file === undefined) return;
  const { uid, mode, nlink } = file.stats;
  if (uid !== 0)
    throw refusal(path, `it belongs to another account (uid ${uid})`, `look at it, then: chown root:root ${path}`);
  if ((mode & 0o022) !== 0)
    throw refusal(path, `others may write to it (mode ${modeText(mode)})`, `look at it, then: chmod go-w ${path}`);
  if (nlink > 1)
    throw refusal(path, `it has ${nlink} names (hard links)`, 'leave it one name: ls -li shows the others’ number');
}

/** @throws UserError where there is no such folder, which is as good as a cron that reads none. */
export function checkFolder(folder: string): void {
  try {
    statSync(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new UserError(`there is no ${folder}, so the cron here reads no files there`, 'install with --target user');
  }
}

function refusal(path: string, reason: string, hint: string): UserError {
  return new UserError(`cannot use ${path} as a table that runs as root: ${reason}`, hint);
}
