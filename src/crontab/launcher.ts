import { existsSync } from 'node:fs';
import { ownAccount } from '../job/account.ts';
import { isDangerousName } from '../job/dangerous.ts';
import { programFailure, runProgram } from './program.ts';
import { ownRights, type Rights } from './rights.ts';

/** How the command of a table line is tried. */
export interface ProbeOptions {
  /** The table's own environment lines that are in force for it, by name. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it starts; the home directory if not given, as with cron. */
  readonly cwd?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  /** What becomes the account of the table and then what follows, where root tries it for another; and its rights. */
  readonly become?: Become | undefined;
}

/** How a process of root becomes another account before it does anything for it. */
export interface Become {
  /** The program with its arguments; its absolute path. */
  readonly words: readonly [string, ...string[]];
  readonly rights: Rights;
}

export type Probe = { readonly ok: true } | { readonly ok: false /** A sentence. */; readonly problem: string };

/**
 * Starts a command of a table line once as cron would: by the shell, with the environment of crontab(5) and no other, in
 * the home directory. It must end with status 0.
 */
export async function probeLauncher(
  command: string,
  { environment = {}, cwd, timeout = 20_000, become }: ProbeOptions = {},
): Promise<Probe> {
  const { user, home } = ownAccount();
  const usual = { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', LOGNAME: user };
  // Cron lets a table set any of these but the user's name.
  const env = { ...usual, ...environment, LOGNAME: user };
  // Cron starts the jobs of a user without a home directory too, wherever it is itself.
  const directory = cwd ?? (existsSync(env.HOME) ? env.HOME : '/');
  const start = become === undefined ? { words: [env.SHELL] as const, env, rights: ownRights } : startedAs(become, env);
  const options = { timeout, env: start.env, bare: true, cwd: directory };
  const result = await start.rights(() => runProgram([...start.words, '-c', command], options));
  const failure = programFailure(result);
  if (failure === undefined) return { ok: true };
  const what = result.kind === 'not-started' ? `the shell ${env.SHELL} (in ${directory})` : `"${command}"`;
  return { ok: false, problem: `${what}, started as cron would start it, ${failure}` };
}

/**
 * How the shell of another account starts. What makes it that account runs as root, and is not to see of the table's
 * variables what it would obey, such as LD_PRELOAD; the others stay out of sight of ps(1).
 */
function startedAs({ words, rights }: Become, env: Readonly<Record<string, string>> & { readonly SHELL: string }) {
  const { given = [], passed = [] } = Object.groupBy(Object.entries(env), ([name]) =>
    isDangerousName(name) ? 'given' : 'passed',
  );
  const assigned = given.map(([name, value]) => `${name}=${value}`);
  const shell = assigned.length === 0 ? [env.SHELL] : ['/usr/bin/env', '--', ...assigned, env.SHELL];
  return { words: [...words, ...shell] as const, env: Object.fromEntries(passed), rights };
}
