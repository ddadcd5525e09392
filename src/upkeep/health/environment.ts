import { UserError } from '../../errors.ts';
import { environmentUnderCron } from '../../install/cron-environment.ts';
import { type Account, accountOf } from '../../job/account.ts';
import type { Variables } from '../../job/environment.ts';
import type { Job } from '../../job/job.ts';
import { taskEnvironment } from '../../run/environment.ts';
import type { Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { bad, fine, type HealthFinding } from './finding.ts';
import { fewOf } from './names.ts';

/** Who runs a wrapper, and with which variables. */
export interface WrapperWorld {
  readonly account: Account;
  readonly variables: Variables;
}

/**
 * The variables of the wrapper that starts a project's jobs: those of cron, or where a file is the table, which cron does
 * not read, those of this process.
 */
export async function wrapperVariables(
  store: Store,
  revision: Revision,
  { account, variables }: WrapperWorld,
): Promise<Variables> {
  const { project, settings } = revision;
  if (settings.target.startsWith('file:')) return variables;
  try {
    return await environmentUnderCron(store, project, account);
  } catch (error) {
    // The check of the table tells of one that cannot be read.
    if (!(error instanceof UserError)) throw error;
    return { PATH: '/usr/bin:/bin', HOME: account.home, SHELL: '/bin/sh', LOGNAME: account.user };
  }
}

/** Whether the environment of each job can be made: its env-files are there and closed, and what `${NAME}` means is set. */
export function environmentsOf(jobs: readonly Job[], world: WrapperWorld): readonly HealthFinding[] {
  const flaws = new Map<string, Flaw>();
  for (const job of jobs) {
    const error = flawOf(job, world);
    if (error === undefined) continue;
    const known = flaws.get(error.message)?.jobs ?? [];
    flaws.set(error.message, { error, jobs: [...known, job.id] });
  }
  if (flaws.size > 0) return [...flaws.values()].map(told);
  const isAsked = jobs.some(({ env, envFiles }) => envFiles.length + Object.keys(env).length > 0);
  return isAsked ? [fine('environment', 'what env: and env-file: of the jobs name is there')] : [];
}

interface Flaw {
  readonly error: UserError;
  readonly jobs: readonly string[];
}

function flawOf(job: Job, { account, variables }: WrapperWorld): UserError | undefined {
  const identity = job.user === '' ? account : accountOf(job.user);
  // The check of the accounts tells of one that is not there.
  if (identity === undefined) return undefined;
  try {
    taskEnvironment({ job, inherited: variables, underCron: true, identity, slot: undefined });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function told({ error, jobs }: Flaw): HealthFinding {
  const message = `${error.message}, so these do not start: ${fewOf(jobs)}`;
  return bad('environment', message, error.hint ?? 'see env: and env-file: in the jobs file');
}
