import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { errorMessage, UserError } from '../errors.ts';
import type { Variables } from '../job/environment.ts';

/**
 * Where state is kept when nobody says otherwise: /var/lib/cronwright for root, else below XDG_STATE_HOME
 * (XDG Base Directory Specification, which has relative paths ignored) or ~/.local/state.
 */
export function defaultStateDirectory(environment: Variables): string {
  if (process.geteuid?.() === 0) return '/var/lib/cronwright';
  const base = environment.XDG_STATE_HOME;
  if (base !== undefined && isAbsolute(base)) return join(base, 'cronwright');
  return join(environment.HOME || homedir(), '.local/state/cronwright');
}

/** The state directory in force: `--state`, else CRONWRIGHT_STATE, else the default. */
export function stateDirectory(option: string | undefined, environment: Variables): string {
  const chosen = option ?? environment.CRONWRIGHT_STATE;
  return chosen === undefined || chosen === '' ? defaultStateDirectory(environment) : resolve(chosen);
}

/**
 * Makes a state directory that only its owner can enter.
 * @throws UserError when it cannot be made, or belongs to somebody else.
 */
export function makeStateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(path);
    if (uid !== process.geteuid?.())
      throw new UserError(`the state directory ${path} belongs to another user (id ${uid})`);
    if ((mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot use the state directory: ${errorMessage(error)}`, '--state names another directory');
  }
}

export function databasePath(state: string): string {
  return join(state, 'cronwright.db');
}
