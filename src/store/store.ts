import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { distrustOf } from '../job/trusted-directory.ts';
import { type Connection, holdLock, isDatabaseThere, openDatabase, type WriteOptions } from './sqlite.ts';
import { databasePath, makeStateDirectory } from './state.ts';
import { StoreTrouble } from './trouble.ts';

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
  refuseUnsafe(directory);
  return storeOn(directory, openDatabase(databasePath(directory), { create: true }));
}

/**
 * What root runs comes from here, so nobody else may be able to put another directory in its place.
 * @throws UserError where somebody is.
 */
function refuseUnsafe(directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const reason = distrustOf(directory, 0);
  if (reason === undefined) return;
  const message = `root does not use the state directory ${directory}: ${reason}`;
  throw new UserError(message, 'name one that only root can change, or act as its owner: sudo -u USER cronwright …');
}

/**
 * Opens the store of a state directory that must be there already, as for a run.
 * @param options.patience milliseconds to wait for a database that another process has locked; 30 seconds if not given.
 * @throws StoreTrouble where nothing was ever installed from it, or it cannot be used.
 */
export function openExistingStore(directory: string, { patience }: Pick<WriteOptions, 'patience'> = {}): Store {
  const path = databasePath(directory);
  if (!isDatabaseThere(path)) {
    throw new StoreTrouble(
      `no jobs are installed: there is no ${path}`,
      'cronwright sync installs them; --state names another place',
    );
  }
  refuseUnsafe(directory);
  return storeOn(directory, openDatabase(path, { create: false, patience }));
}

/** The store of a state directory where there is one: looking creates nothing. */
export function openStoreIfAny(directory: string): Store | undefined {
  return isDatabaseThere(databasePath(directory)) ? openExistingStore(directory) : undefined;
}

function storeOn(directory: string, db: Connection): Store {
  return { directory, db, close: () => db.close() };
}

/** Does several writes of this room as one: all of them are stored, or none. */
export function together<T>({ db }: Store, work: () => T, options?: WriteOptions): T {
  return db.write(work, options);
}

/** Which lock is meant, and how long, in milliseconds, another process may keep it; a minute if not given. */
export interface Lock {
  readonly directory: string;
  readonly name: string;
  readonly patience?: number;
}

/**
 * Runs `work` while no other process does so under the same name. No lock is ever left behind.
 * @throws UserError when another process keeps it for too long.
 */
export function withLock<T>({ directory, name, patience = 60_000 }: Lock, work: () => Promise<T>): Promise<T> {
  makeStateDirectory(directory);
  return holdLock(join(directory, `${name}.lock`), patience, work);
}

/** What SQLite finds wrong with the database's structure; empty for a sound one. */
export function integrityProblems({ db }: Store): readonly string[] {
  const rows = db.all<{ quick_check: string }>('PRAGMA quick_check(5)');
  return rows.map((row) => row.quick_check).filter((answer) => answer !== 'ok');
}
