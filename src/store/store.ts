import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { type Connection, openDatabase } from './sqlite.ts';
import { databasePath, makeStateDirectory } from './state.ts';

/** What is remembered. The functions of this room take one. */
export interface Store {
  /** The absolute path of the state directory. */
  readonly directory: string;
  readonly db: Connection;
  close(): void;
}

/** Opens the store of a state directory, making both as needed. */
export function openStore(directory: string): Store {
  makeStateDirectory(directory);
  return storeOn(directory, openDatabase(databasePath(directory)));
}

/**
 * Opens the store of a state directory that must be there already, as for a run.
 * @throws UserError where nothing was ever installed from it.
 */
export function openExistingStore(directory: string): Store {
  const path = databasePath(directory);
  if (!existsSync(path)) {
    throw new UserError(
      `no jobs are installed: there is no ${path}`,
      'cronwright sync installs them; --state names another place',
    );
  }
  return storeOn(directory, openDatabase(path));
}

/** The store of a state directory where there is one: looking creates nothing. */
export function openStoreIfAny(directory: string): Store | undefined {
  return existsSync(databasePath(directory)) ? openExistingStore(directory) : undefined;
}

function storeOn(directory: string, db: Connection): Store {
  return { directory, db, close: () => db.close() };
}

/**
 * Runs `work` while no other process does so under the same name. The lock is a transaction on a database of its own:
 * the kernel drops it with the process, so that none is ever left behind.
 */
export async function withLock<T>(directory: string, name: string, work: () => Promise<T>): Promise<T> {
  makeStateDirectory(directory);
  const lock = openDatabase(join(directory, `${name}.lock.db`), { patience: 60_000 });
  try {
    return await lock.hold(work);
  } finally {
    lock.close();
  }
}

/** What SQLite finds wrong with the database's structure; empty for a sound one. */
export function integrityProblems({ db }: Store): readonly string[] {
  const rows = db.all<{ quick_check: string }>('PRAGMA quick_check(5)');
  return rows.map((row) => row.quick_check).filter((answer) => answer !== 'ok');
}
