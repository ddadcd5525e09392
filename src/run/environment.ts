import { statSync } from 'node:fs';
import type { Account } from '../job/account.ts';
import { expand, readEnvFile, type Variables } from '../job/environment.ts';
import type { Job } from '../job/job.ts';

/** What the environment of a task is made from. */
export interface EnvironmentPlan {
  readonly job: Job;
  /** The environment of the wrapper itself. */
  readonly inherited: Variables;
  /** Cron started the wrapper, so that what is inherited is cron's own and not a person's. */
  readonly underCron: boolean;
  readonly identity: Account;
  /** The scheduled instant, in milliseconds since 1970; undefined for a start without one. */
  readonly slot: number | undefined;
}

/**
 * The complete environment of a task, cron's own made explicit: PATH, HOME, SHELL, LOGNAME and USER; then the job's
 * env-files in their order; then its `env:`, each value with `${NAME}` resolved from what stands so far and else from
 * the wrapper's environment; then CRONWRIGHT_JOB and CRONWRIGHT_SLOT.
 *
 * A start by hand sees cron's defaults, nothing of the person's shell: a job must not work by hand and then fail under
 * cron for a PATH or a locale that only the shell has. What such a job needs stands in its `env:`, where both see it.
 * @throws UserError for an env-file that cannot be read and for a `${NAME}` that is not set.
 */
export function taskEnvironment({
  job,
  inherited,
  underCron,
  identity,
  slot,
}: EnvironmentPlan): Record<string, string> {
  const env = { ...cronEnvironment(identity), ...(underCron ? takenFromCron(inherited) : {}) };
  for (const path of job.envFiles) Object.assign(env, readEnvFile(path));
  for (const [name, value] of Object.entries(job.env)) env[name] = expand(value, { ...inherited, ...env });
  env.CRONWRIGHT_JOB = job.id;
  if (slot !== undefined) env.CRONWRIGHT_SLOT = new Date(slot).toISOString();
  return env;
}

/** What crontab(5) promises a job, and USER, which most people expect beside LOGNAME. */
function cronEnvironment({ user, home }: Account): Record<string, string> {
  return { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', LOGNAME: user, USER: user };
}

/** What an administrator sets for all of cron: in the table, in /etc/environment, or for the daemon. */
const cronsOwn = /^(?:PATH|TZ|LANG|LANGUAGE|LC_[A-Z]+)$/;

/** A list of what passes, so that CRONWRIGHT_STATE and the secrets of other jobs do not. */
function takenFromCron(inherited: Variables): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && cronsOwn.test(name)) taken[name] = value;
  }
  return taken;
}

/**
 * Where a task starts: the job's own directory, else the home directory of its environment. A home that is not there, as
 * many service users have, does not keep a job from running: cron runs it too.
 */
export function taskDirectory(job: Job, env: Readonly<Record<string, string>>): string {
  if (job.cwd !== '') return job.cwd;
  const home = env.HOME;
  return home !== undefined && isDirectory(home) ? home : '/';
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
