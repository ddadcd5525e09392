import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
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
  if (chosen === undefined || chosen === '') return defaultStateDirectory(environment);
  return isResolved(chosen) ? chosen : resolve(chosen);
}

/** What a line of the table names is: then a run spares `resolve`, see databasePath. */
function isResolved(path: string): boolean {
  return /^(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/.test(path);
}

const databaseName = 'cronwright.db';

/**
 * Makes a state directory that only its owner can enter.
 * @throws UserError when it cannot be made, belongs to somebody else, or has other uses: to close /tmp to everybody
 * because it was named by mistake would harm.
 */
export function makeStateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(path);
    if (uid !== process.geteuid?.())
      throw new UserError(`the state directory ${path} belongs to another user (id ${uid})`);
    if ((mode & 0o077) === 0) return;
    if (!isForState(path)) {
      const message = `${path} is open to other users and has other files in it`;
      throw new UserError(`cannot use the state directory: ${message}`, '--state names a directory of its own');
    }
    chmodSync(path, 0o700);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot use the state directory: ${errorMessage(error)}`, '--state names another directory');
  }
}

function isForState(path: string): boolean {
  const names = readdirSync(path);
  return names.length === 0 || names.includes(databaseName);
}

/** Without node:path, which a run spares: it asks about each character, and V8 takes 2 MB to make that faster. */
export function databasePath(state: string): string {
  return `${state}/${databaseName}`;
}
