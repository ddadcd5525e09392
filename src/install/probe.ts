import { type Become, type Probe, probeLauncher } from '../crontab/launcher.ts';
import { type Launcher, lineCommand } from '../crontab/line.ts';
import { UserError } from '../errors.ts';
import type { JobName } from '../job/job.ts';
import { isTrusted } from '../job/trusted-directory.ts';
import { setprivPath } from '../run/become.ts';
import { actingAccount, asRoot } from './acting.ts';
import { variablesAbove } from './cron-environment.ts';

/** A table, by its label, with what stands in it. */
export interface ProbedTable {
  readonly target: string;
  readonly bytes: Buffer;
}

/**
 * Starts what stands in a project's lines once as cron will, under the environment lines that are in force there: a line
 * that cannot start would fail at night, and silently.
 */
export async function probeLines(launcher: Launcher, table: ProbedTable, project: JobName): Promise<Probe> {
  const environment = isOthers(table.target) ? {} : variablesAbove(table.bytes, project);
  return probeLauncher(lineCommand(launcher, ['run', '--probe']), { environment, become: becomeActed() });
}

/**
 * Whether root would start what somebody else has written, such as a SHELL: no cron of root's reads a file, so that others
 * may be able to change it.
 */
function isOthers(target: string): boolean {
  if (process.geteuid?.() !== 0 || !target.startsWith('file:')) return false;
  return !isTrusted(target.slice('file:'.length), 0);
}

/**
 * How what is tried becomes whom root acts as. It cannot start with that account's rights alone put on: a shell that finds
 * root as its real user becomes root again.
 */
function becomeActed(): Become | undefined {
  const account = actingAccount();
  if (account === undefined) return undefined;
  const file = setprivPath();
  if (file === undefined)
    throw new UserError(`setpriv, which tries the lines as ${account.user}, is not installed`, 'install util-linux');
  const { uid, gid } = account;
  return { words: [file, '--reuid', `${uid}`, '--regid', `${gid}`, '--init-groups'], rights: asRoot };
}
