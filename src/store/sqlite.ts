import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import { migrations } from './migrations.ts';

/** How a transaction is written. */
export interface WriteOptions {
  /** How certain the commit is at a power loss: `full` is on the disk, `normal` may lose the last moments. */
  readonly durability?: 'full' | 'normal';
  /** Milliseconds to wait for another writer; 30 seconds if not given. */
  readonly patience?: number;
}

type Value = string | number | bigint | Buffer | null;

/**
 * One connection to the database. Statements are prepared once, when they are first used. What a person can mend, such as
 * a full disk, is thrown as a UserError.
 */
export interface Connection {
  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined;
  all<Row>(sql: string, ...values: readonly Value[]): Row[];
  /** Returns the number of rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  /**
   * Runs `work` in one IMMEDIATE transaction: a deferred one that turns from reading to writing fails at once when
   * another process writes, whatever the timeout (sqlite.org/lang_transaction.html). A write within a write is part of it.
   */
  write<T>(work: () => T, options?: WriteOptions): T;
  close(): void;
}

/** Marks the file as ours: "crwt". */
const applicationId = 0x63727774;
const busyTimeout = 30_000;

/**
 * Opens a database file, creating and migrating it as needed.
 * @throws UserError when it cannot be opened, is damaged, is another program's, or was written by a newer version. The
 * file is as it was then.
 */
export function openDatabase(path: string): Connection {
  let database: Database.Database | undefined;
  try {
    createPrivately(path);
    database = new Database(path, { timeout: busyTimeout });
    const connection = connect(database, path);
    migrate(database, connection, path);
    return connection;
  } catch (error) {
    database?.close();
    throw error instanceof UserError ? error : storeError(error, path);
  }
}

/**
 * A new file is its owner's alone, and so are the -wal and -shm that SQLite makes like it. One that is there is not
 * opened: closing it again would drop every lock that this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
 */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * Runs `work` while no other process does so with the same file, which holds nothing. The kernel drops the lock with the
 * process.
 * @param patience milliseconds to wait for the other.
 * @throws UserError when the other did not end within that time.
 */
export async function holdLock<T>(path: string, patience: number, work: () => Promise<T>): Promise<T> {
  createPrivately(path);
  const database = new Database(path, { timeout: patience });
  try {
    takeLock(database, path);
    return await work();
  } finally {
    database.close();
  }
}

function takeLock(database: Database.Database, path: string): void {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    if (!isBusy(error)) throw storeError(error, path);
    throw new UserError('another cronwright is doing the same and has not ended', `fuser ${path} shows its process id`);
  }
}

function connect(database: Database.Database, path: string): Connection {
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const settings = new Map<string, string | number>();
  const set = (pragma: string, value: string | number): void => {
    if (settings.get(pragma) === value) return;
    database.exec(`PRAGMA ${pragma} = ${value}`);
    settings.set(pragma, value);
  };
  const worded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw isMendable(error) ? storeError(error, path) : error;
    }
  };
  const transaction = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    get: <Row>(sql: string, ...values: readonly Value[]) =>
      worded(() => prepared(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: readonly Value[]) => worded(() => prepared(sql).all(...values) as Row[]),
    run: (sql, ...values) => worded(() => prepared(sql).run(...values).changes),
    write(work, { durability = 'full', patience = busyTimeout } = {}) {
      if (database.inTransaction) return work();
      return worded(() => {
        set('synchronous', durability);
        set('busy_timeout', patience);
        return transaction(work);
      });
    },
    close: () => database.close(),
  };
}

function version(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function migrate(database: Database.Database, connection: Connection, path: string): void {
  if (isForeign(database)) {
    throw new UserError(`${path} is the database of another program`, '--state names another directory');
  }
  const found = version(database);
  if (found > migrations.length) throw tooNew(path, found);
  // The references say what belongs together; to check them would cost every write.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF');
  if (found === migrations.length) return;
  connection.write(() => {
    for (const migration of migrations.slice(version(database))) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`);
  });
}

function isForeign(database: Database.Database): boolean {
  const mark = (): unknown => database.pragma('application_id', { simple: true });
  if (mark() === applicationId) return false;
  // One look at both: between two, another process may have made the tables, and the mark with them.
  return database.transaction(() => {
    const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
    const id = mark();
    return id !== applicationId && (id !== 0 || tables !== 0);
  })();
}

function tooNew(path: string, found: number): UserError {
  const message = `${path} was written by a newer version of cronwright (its format is ${found}, this one knows ${migrations.length})`;
  return new UserError(message, 'install that version again; nothing was changed');
}

/** Errors of the machine. Any other, such as a constraint that fails, is a bug. */
function isMendable(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|FULL|CORRUPT|NOTADB|IOERR|READONLY|CANTOPEN|PERM)/.test(errorCode(error) ?? '');
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_BUSY/.test(errorCode(error) ?? '');
}

function storeError(error: unknown, path: string): UserError {
  const message = `cannot use the database ${path}: ${errorMessage(error)}`;
  return new UserError(message, remedy(errorCode(error) ?? '', path), undefined, error);
}

function remedy(code: string, path: string): string {
  if (/CORRUPT|NOTADB/.test(code)) {
    return `the file is damaged; move it aside (mv ${path} ${path}.damaged) and run cronwright sync`;
  }
  if (/BUSY/.test(code)) return `another process writes to it for long; fuser ${path} shows its process id`;
  return /FULL/.test(code) ? 'make room on the disk' : 'see whether the disk is sound and the file is yours to write';
}
