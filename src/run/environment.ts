import { statSync } from 'node:fs';
import type { Account } from '../job/account.ts';
import { isDangerousName } from '../job/dangerous.ts';
import { expand, readEnvFile, referencedNames, type Variables } from '../job/environment.ts';
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

/** Where a variable of a task comes from. `outer` is what cron was given: by its table, or by the system. */
export type Origin =
  | { readonly kind: 'cron' | 'outer' | 'env' | 'cronwright' }
  | { readonly kind: 'env-file'; readonly path: string };

/** A variable of a task. */
export interface Variable {
  readonly value: string;
  readonly origin: Origin;
  /** It may hold a secret: it comes from an env-file, or was made with `${NAME}`. */
  readonly secret: boolean;
}

/**
 * The complete environment of a task, cron's own made explicit: PATH, HOME, SHELL, LOGNAME and USER; then the job's
 * env-files in their order; then its `env:`, each value with `${NAME}` resolved from what stands so far and else from
 * the wrapper's environment; then CRONWRIGHT_JOB and CRONWRIGHT_SLOT.
 *
 * A start by hand sees cron's defaults, nothing of the person's shell: a job must not work by hand and then fail under
 * cron for a PATH or a locale that only the shell has. What such a job needs stands in its `env:`, where both see it.
 *
 * A job with `user:` has that account's environment alone. Nothing of the wrapper's reaches it, neither as it is nor
 * through `${NAME}`: what root was given is not for the account, and its PATH and zone would come and go with who starts.
 * @throws UserError for an env-file that cannot be read or that names what may not be set for another account, and for
 * a `${NAME}` that is not set.
 */
export function taskEnvironment(plan: EnvironmentPlan): Record<string, string> {
  return Object.fromEntries(Array.from(taskVariables(plan), ([name, { value }]) => [name, value]));
}

/** The same with what is known of each variable. Throws as {@link taskEnvironment} does. */
export function taskVariables(plan: EnvironmentPlan): ReadonlyMap<string, Variable> {
  const { job, underCron, identity, slot } = plan;
  const inherited = job.user === '' ? plan.inherited : {};
  const variables = new Map<string, Variable>();
  take(variables, cronEnvironment(identity), { kind: 'cron' });
  if (underCron) take(variables, takenFromCron(inherited, variables), { kind: 'outer' });
  const rules = job.user === '' ? {} : { refuse: isDangerousName, reader: identity.uid };
  for (const path of job.envFiles) take(variables, readEnvFile(path, rules), { kind: 'env-file', path });
  for (const [name, text] of Object.entries(job.env)) {
    const value = expand(text, { ...inherited, ...valuesOf(variables) });
    variables.set(name, { value, origin: { kind: 'env' }, secret: referencedNames(text).length > 0 });
  }
  const own = {
    CRONWRIGHT_JOB: job.id,
    ...(slot === undefined ? {} : { CRONWRIGHT_SLOT: new Date(slot).toISOString() }),
  };
  take(variables, own, { kind: 'cronwright' });
  return variables;
}

function take(variables: Map<string, Variable>, values: Readonly<Record<string, string>>, origin: Origin): void {
  const secret = origin.kind === 'env-file';
  for (const [name, value] of Object.entries(values)) variables.set(name, { value, origin, secret });
}

function valuesOf(variables: ReadonlyMap<string, Variable>): Record<string, string> {
  return Object.fromEntries(Array.from(variables, ([name, { value }]) => [name, value]));
}

/** What crontab(5) promises a job, and USER, which most people expect beside LOGNAME. */
function cronEnvironment({ user, home }: Account): Record<string, string> {
  return { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', LOGNAME: user, USER: user };
}

/** What an administrator sets for all of cron: in the table, in /etc/environment, or for the daemon. */
const cronsOwn = /^(?:PATH|TZ|LANG|LANGUAGE|LC_[A-Z]+)$/;

/** A list of what passes, so that CRONWRIGHT_STATE and the secrets of other jobs do not. */
function takenFromCron(inherited: Variables, own: ReadonlyMap<string, Variable>): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && cronsOwn.test(name) && own.get(name)?.value !== value) taken[name] = value;
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
