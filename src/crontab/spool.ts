import { statSync } from 'node:fs';

/**
 * Where crons keep the tables of users, each a file by the name of its account: Debian’s, BusyBox and bcron; SUSE’s; cronie;
 * macOS. Root alone can look there.
 */
export const spools: readonly string[] = [
  '/var/spool/cron/crontabs',
  '/var/spool/cron/tabs',
  '/var/spool/cron',
  '/usr/lib/cron/tabs',
];

/**
 * When a table of the spool was changed last, as far as this account sees it, UTC milliseconds: each folder tells so of the
 * tables of all users, and a cron reads no table while its folder is as it was.
 */
export function spoolChanges(): readonly number[] {
  return spools.flatMap((folder) => {
    const time = changeOf(folder);
    return time === undefined ? [] : [time];
  });
}

function changeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}
