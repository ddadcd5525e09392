import { blockLines, readTableText } from '../../crontab/block.ts';
import type { Cron } from '../../crontab/cron/cron.ts';
import { type JobLimit, limitsForJobs } from '../../crontab/cron/for-jobs.ts';
import { parseTarget } from '../../crontab/target.ts';
import { UserError } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import { projectOf } from '../../install/rollback.ts';
import type { Account } from '../../job/account.ts';
import type { Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { allowedByLists } from './allowed.ts';
import { abilities, crontabProgram } from './cron.ts';
import { cronDaemon } from './daemon.ts';
import { bad, doubtful, type HealthFinding } from './finding.ts';
import { spoolFile } from './spool.ts';
import { systemFile } from './system-file.ts';

/** The cron of this host, and what it is to start. */
export interface HostCron {
  /** Undefined where the crontab program does not tell. */
  readonly cron: Cron | undefined;
  /** Whose crontab is meant by the target `user`. */
  readonly account: Account;
  /** The newest revision of every project; none where nothing is installed, and then the user's crontab is looked at. */
  readonly revisions: readonly Revision[];
}

/** Everything about cron itself that does not depend on what is in a table. */
export async function hostFindings(
  store: Store | undefined,
  host: HostCron,
): Promise<readonly (HealthFinding | undefined)[]> {
  const { cron, revisions } = host;
  const targets = revisions.map(({ settings }) => parseTarget(settings.target));
  const isUsers = revisions.length === 0 || targets.some(({ kind }) => kind === 'user' || kind === 'user-of');
  const limits = store === undefined ? [] : await Promise.all(revisions.map((one) => limitsOf(store, one, host)));
  return [
    ...(isUsers ? await usersTable(host) : []),
    ...targets.flatMap((target) => (target.kind === 'cron.d' ? [systemFile(target.name, cron)] : [])),
    cronDaemon(),
    ...abilities(cron),
    ...limits.flat(),
  ];
}

async function usersTable({ cron, account }: HostCron): Promise<readonly (HealthFinding | undefined)[]> {
  const program = await crontabProgram(tableOf('user'), cron);
  if (cron === undefined) return [program];
  const { name } = cron;
  return [program, allowedByLists({ user: account.user, cron: name }), spoolFile({ account, cron: name })];
}

/** The checks of the mail and of the file in /etc/cron.d know more than a cron's name. */
const toldElsewhere: readonly string[] = ['cron-mails-nothing', 'cron-no-system-tables'];

/** What this cron cannot do for the jobs of a project. */
async function limitsOf(
  store: Store,
  revision: Revision,
  { cron, account }: HostCron,
): Promise<readonly HealthFinding[]> {
  const { kind } = parseTarget(revision.settings.target);
  if (cron === undefined || kind === 'file') return [];
  const others = await otherLines(revision);
  const table = { root: account.uid === 0, system: kind === 'cron.d', others };
  const limits = limitsForJobs(projectOf(store, revision), cron, table);
  return limits.filter(({ code }) => !toldElsewhere.includes(code)).map(told);
}

/** The lines of a table besides those of a project's jobs. */
async function otherLines({ project, settings }: Revision): Promise<number> {
  try {
    const text = readTableText(await tableOf(settings.target).read());
    return text.lines.length - (blockLines(text, project)?.length ?? 0);
  } catch (error) {
    // The check of the table tells of one that cannot be read.
    if (error instanceof UserError) return 0;
    throw error;
  }
}

function told({ job, severity, message, hint }: JobLimit): HealthFinding {
  const text = job === null ? message : `${job}: ${message}`;
  return severity === 'error' ? bad('limits', text, hint) : doubtful('limits', text, hint);
}
