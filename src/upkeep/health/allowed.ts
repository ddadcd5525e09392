import { existsSync, readFileSync } from 'node:fs';
import type { CronName } from '../../crontab/cron/cron.ts';
import { errorCode } from '../../errors.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** Where the lists lie. BusyBox and bcron have none. */
const folders: Partial<Readonly<Record<CronName, string>>> = {
  debian: '/etc',
  cronie: '/etc',
  'systemd-cron': '/etc',
  macos: '/usr/lib/cron',
};

/** Whose crontab is asked for, and of which cron. */
export interface Asking {
  readonly user: string;
  readonly cron: CronName;
  /** Where the system's files begin; empty for those of this machine. */
  readonly root?: string;
}

/**
 * Whether the lists of crontab(1) let an account have a table: it must stand in cron.allow, or where there is none not in
 * cron.deny, alone on a line. Where there is neither, cronie lets in root alone and the others let in everybody. Root is
 * always let in (misc.c of cronie, crontab(1) of Debian).
 * @returns undefined where the cron has no such lists, or they cannot be read.
 */
export function allowedByLists({ user, cron, root = '' }: Asking): HealthFinding | undefined {
  const folder = folders[cron];
  if (folder === undefined) return undefined;
  const [allow, deny] = [`${folder}/cron.allow`, `${folder}/cron.deny`] as const;
  const verdict = judge({ user, cron }, listed(`${root}${allow}`, user), listed(`${root}${deny}`, user));
  switch (verdict) {
    case undefined:
      return undefined;
    case 'allowed':
      return fine('allowed', `${user} may have a crontab`);
    case 'not-in-allow':
      return refusal(user, `it is not among those of ${allow}`, `as root: echo ${user} >>${allow}`);
    case 'in-deny':
      return refusal(user, `it is among those of ${deny}`, `as root, take the line ${user} out of ${deny}`);
    case 'no-list':
      return refusal(user, `there is neither ${allow} nor ${deny}`, `as root: echo ${user} >>${allow}`);
  }
}

type Verdict = 'allowed' | 'not-in-allow' | 'in-deny' | 'no-list';
type Listed = boolean | 'absent' | 'unreadable';

function judge({ user, cron }: Pick<Asking, 'user' | 'cron'>, allow: Listed, deny: Listed): Verdict | undefined {
  if (user === 'root') return 'allowed';
  if (allow === 'unreadable') return undefined;
  if (allow !== 'absent') return allow ? 'allowed' : 'not-in-allow';
  if (deny === 'unreadable') return undefined;
  if (deny !== 'absent') return deny ? 'in-deny' : 'allowed';
  return cron === 'cronie' ? 'no-list' : 'allowed';
}

function listed(path: string, user: string): Listed {
  if (!existsSync(path)) return 'absent';
  try {
    return readFileSync(path, 'latin1').split('\n').includes(user);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 'unreadable';
  }
}

/** The lists are read by crontab(1) alone, not by the daemon. */
function refusal(user: string, why: string, remedy: string): HealthFinding {
  const message = `${user} may have no crontab: ${why}; what is installed goes on, and no sync can change it`;
  return bad('allowed', message, remedy);
}
