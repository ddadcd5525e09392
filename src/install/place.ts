import type { Cron } from '../crontab/cron/cron.ts';
import type { Host } from '../crontab/fields.ts';
import { fileTable } from '../crontab/file-table.ts';
import type { Launcher } from '../crontab/line.ts';
import { entryTable, systemTable } from '../crontab/system-table.ts';
import type { Table } from '../crontab/table.ts';
import { parseTarget, type Target, targetLabel } from '../crontab/target.ts';
import { userTable } from '../crontab/user-table.ts';
import { UserError } from '../errors.ts';
import { digestOf } from '../job/digest.ts';
import type { Variables } from '../job/environment.ts';
import type { JobName } from '../job/job.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { defaultStateDirectory } from '../store/state.ts';
import type { Lock } from '../store/store.ts';
import { actingAccount, asRoot, takesRoot } from './acting.ts';
import { lineLauncher } from './line-launcher.ts';

/** Where jobs are to be installed, and how their lines start cronwright. */
export interface Place {
  readonly table: Table;
  /** The label of the table, as the registry keeps it. */
  readonly target: string;
  readonly launcher: Launcher;
  readonly host: Host;
}

/** What decides where a project goes. */
export interface AskedPlace {
  /** What `--target` says; without it a project stays where it is. */
  readonly target?: string | undefined;
  /** The table that the project is installed in, by its label; undefined where it is in none yet. */
  readonly installed?: string | undefined;
  readonly project: JobName;
  /** Absolute path of the program that the lines start. */
  readonly launcherPath: string;
  /** Absolute path of the state directory. */
  readonly state: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Which cron reads the lines; Debian’s if not given. */
  readonly cron?: Cron | undefined;
}

/**
 * Where a project goes: where `--target` says, else where it is installed, else into the caller’s own crontab.
 * `user:NAME` is for {@link actingFor}, which comes before.
 * @throws UserError for a target that is none, and for one that takes root.
 */
export function placeOf({ target, installed, project, launcherPath, state, at, cron }: AskedPlace): Place {
  const parsed = parseTarget(target ?? installed ?? 'user', project);
  refuseUnreachable(parsed, project);
  const label = targetLabel(parsed);
  const launcher = lineLauncher(launcherPath, state);
  return {
    table: tableOf(label),
    target: label,
    // What cron starts from a system table it starts as the account that stands there.
    launcher: parsed.kind === 'cron.d' ? { ...launcher, user: 'root' } : launcher,
    host: { zone: hostZone(), at, cron },
  };
}

function refuseUnreachable(target: Target, project: JobName): void {
  if (target.kind === 'user-of') throw takesRoot(`the crontab of ${target.user}`);
  if (target.kind !== 'cron.d') return;
  if (target.name !== `cronwright-${project}`) {
    const message = `the project ${project} cannot be installed into the file of another, ${targetLabel(target)}`;
    throw new UserError(message, 'each project has its own: --target cron.d');
  }
  if (process.geteuid?.() !== 0) throw takesRoot('a file in /etc/cron.d');
}

/**
 * The table of a label, as {@link targetLabel} writes it or as the path of a system table. Where root acts as somebody,
 * `user` is that account’s.
 * @throws UserError where it is none.
 */
export function tableOf(label: string): Table {
  if (label.startsWith('/')) return entryTable(label, { rights: asRoot });
  const target = parseTarget(label);
  switch (target.kind) {
    case 'user':
      return userTable({ user: actingAccount()?.user, rights: asRoot });
    case 'user-of':
      return userTable({ user: target.user, label, rights: asRoot });
    case 'cron.d':
      return systemTable(target.name, { rights: asRoot });
    case 'file':
      return fileTable(target.path);
  }
}

/**
 * The lock that keeps others from a table between reading and writing it. The system’s tables and a user’s crontab are the
 * same whatever the state directory, so their locks have one place as well.
 * @param target The table’s label.
 */
export function lockOf(target: string, state: string, environment: Variables): Lock {
  const directory = target.startsWith('file:') ? state : defaultStateDirectory(environment);
  return { directory, name: `table-${digestOf(target).slice(0, 16)}` };
}
