import { lstatSync, type Stats } from 'node:fs';
import type { CronName } from '../../crontab/cron/cron.ts';
import { errorCode } from '../../errors.ts';
import type { Account } from '../../job/account.ts';
import { modeText } from '../../job/mode-text.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** Where the tables of users lie. */
const folders: Readonly<Record<CronName, string>> = {
  debian: '/var/spool/cron/crontabs',
  'systemd-cron': '/var/spool/cron/crontabs',
  busybox: '/var/spool/cron/crontabs',
  bcron: '/var/spool/cron/crontabs',
  cronie: '/var/spool/cron',
  macos: '/usr/lib/cron/tabs',
};

/** Whose table, of which cron. */
export interface Spooled {
  readonly account: Pick<Account, 'user' | 'uid'>;
  readonly cron: CronName;
  /** Where the system's files begin; empty for those of this machine. */
  readonly root?: string;
}

/**
 * Whether the daemon takes the file in which an account's table is stored, and nobody else can write one there.
 * @returns undefined where there is nothing to see.
 */
export function spoolFile({ account, cron, root = '' }: Spooled): HealthFinding | undefined {
  const folder = `${root}${folders[cron]}`;
  const path = `${folder}/${account.user}`;
  try {
    const flaw = folderFlaw(folder, lstatSync(folder)) ?? fileFlaw(path, lstatSync(path), { account, cron });
    return flaw ?? fine('spool', `cron takes the table as it is stored, ${path}`);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === 'EACCES'
      ? fine('spool', `the tables in ${folder} are closed to this account, as they should be`)
      : undefined;
  }
}

const othersMayWrite = 0o002;

function folderFlaw(folder: string, { mode }: Stats): HealthFinding | undefined {
  if ((mode & othersMayWrite) === 0) return undefined;
  const message = `everybody can put a table into ${folder} (mode ${modeText(mode)}), in the name of any account`;
  return bad('spool', message, `as root: chmod o-w ${folder}`);
}

function fileFlaw(
  path: string,
  stat: Stats,
  { account, cron }: Pick<Spooled, 'account' | 'cron'>,
): HealthFinding | undefined {
  const { mode, uid, nlink } = stat;
  if (!stat.isFile()) return unread(path, 'it is no file', `as root: mv ${path} elsewhere, then cronwright sync`);
  // Its scheduler reads them as an account of its own, and asks nothing of owner or mode.
  if (cron === 'bcron') return undefined;
  if (!ownersOf(cron, account.uid).includes(uid)) {
    const owner = cron === 'busybox' ? 'root' : account.user;
    return unread(path, `it belongs to another account (uid ${uid})`, `as root: chown ${owner} ${path}`);
  }
  if ((mode & tooOpen(cron)) !== 0 || (cron === 'debian' && (mode & 0o7777) !== 0o600)) {
    return unread(path, `its mode is ${modeText(mode)}`, `as root: chmod 600 ${path}`);
  }
  if (nlink === 1 || cron === 'busybox') return undefined;
  return unread(
    path,
    `it has ${nlink} names (hard links)`,
    `remove the others: as root, find / -xdev -samefile ${path}`,
  );
}

/** Debian's cron takes mode 0600 alone (database.c); cronie nothing executable or writable by others. */
function tooOpen(cron: CronName): number {
  return cron === 'busybox' ? 0o022 : 0o133;
}

function ownersOf(cron: CronName, uid: number): readonly number[] {
  return cron === 'busybox' ? [0] : [0, uid];
}

function unread(path: string, why: string, remedy: string): HealthFinding {
  return bad('spool', `cron does not take the table ${path}: ${why}`, remedy);
}
