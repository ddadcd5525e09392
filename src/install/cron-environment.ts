import { readTableText } from '../crontab/block.ts';
import { environmentAbove } from '../crontab/foreign.ts';
import type { Account } from '../job/account.ts';
import type { JobName } from '../job/job.ts';
import { latestRevision } from '../store/registry.ts';
import type { Store } from '../store/store.ts';
import { tableOf } from './place.ts';

/** The environment lines of a table that are in force for a project's block, by name. */
export function variablesAbove(table: Buffer, project: JobName): Record<string, string> {
  const above = environmentAbove(readTableText(table), project);
  return Object.fromEntries(above.map(({ name, value }) => [name, value]));
}

/**
 * The environment in which cron starts the lines of an installed project: what crontab(5) promises, and what the table
 * sets above them. Cron lets a table set any of these but the user's name.
 * @throws UserError when the table cannot be read.
 */
export async function environmentUnderCron(
  store: Store,
  project: JobName,
  { user, home }: Account,
): Promise<Record<string, string>> {
  const target = latestRevision(store, project)?.settings.target ?? 'user';
  const above = variablesAbove(await tableOf(target).read(), project);
  return { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', ...above, LOGNAME: user };
}
