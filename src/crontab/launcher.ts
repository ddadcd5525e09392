import { existsSync } from 'node:fs';
import { ownAccount } from '../job/account.ts';
import { programFailure, runProgram } from './program.ts';

/** How the command of a table line is tried. */
export interface ProbeOptions {
  /** The table's own environment lines that are in force for it, by name. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it starts; the home directory if not given, as with cron. */
  readonly cwd?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

export type Probe = { readonly ok: true } | { readonly ok: false /** A sentence. */; readonly problem: string };

/**
 * Starts a command of a table line once as cron would: by the shell, with the environment of crontab(5) and no other, in
 * the home directory. It must end with status 0.
 */
export async function probeLauncher(
  command: string,
  { environment = {}, cwd, timeout = 20_000 }: ProbeOptions = {},
): Promise<Probe> {
  const { user, home } = ownAccount();
  const usual = { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', LOGNAME: user };
  // Cron lets a table set any of these but the user's name.
  const env = { ...usual, ...environment, LOGNAME: user };
  // Cron starts the jobs of a user without a home directory too, wherever it is itself.
  const directory = cwd ?? (existsSync(env.HOME) ? env.HOME : '/');
  const result = await runProgram([env.SHELL, '-c', command], { timeout, env, bare: true, cwd: directory });
  const failure = programFailure(result);
  if (failure === undefined) return { ok: true };
  const what = result.kind === 'not-started' ? `the shell ${env.SHELL} (in ${directory})` : `"${command}"`;
  return { ok: false, problem: `${what}, started as cron would start it, ${failure}` };
}
