import { closeSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { errorCode, UserError } from '../errors.ts';
import { migrations } from './migrations.ts';
import { asTrouble, isBusy, StoreTrouble, troubled } from './trouble.ts';

/** How a transaction is written. */
export interface WriteOptions {
  /** How certain the commit is at a power loss: `full` is on the disk, `normal` may lose the last moments. */
  readonly durability?: 'full' | 'normal';
  /** Milliseconds to wait for another writer; as the database was opened if not given. */
  readonly patience?: number;
}

type Value = string | number | bigint | Buffer | null;

/**
 * One connection to the database. Statements are prepared once, when they are first used. Where the database cannot be
 * used, as on a full disk, a StoreTrouble is thrown.
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
/** Milliseconds. Who waits for less comes again by himself. */
const shortestTurn = 1_000;
/** How often the patience begins anew while others finish their writes. */
const mostTurns = 8;

/** How a database is opened. */
export interface OpenOptions {
  /** Whether it is made where there is none. */
  readonly create: boolean;
  /** Milliseconds to wait for a file that another process has locked whole; 30 seconds if not given. */
  readonly patience?: number | undefined;
}

/**
 * Opens a database file, and migrates it as needed.
 * @throws StoreTrouble when it cannot be opened, is damaged, is another program's, or was written by a newer version. The
 * file is as it was then.
 */
export function openDatabase(path: string, { create, patience = busyTimeout }: OpenOptions): Connection {
  let database: Database.Database | undefined;
  try {
    if (create) createPrivately(path);
    const file = fileAt(path);
    database = new Database(path, { timeout: patience, fileMustExist: true });
    const connection = new SqliteConnection(database, { path, file, patience });
    migrate(database, path, (work) => connection.write(work));
    return connection;
  } catch (error) {
    database?.close();
    throw asTrouble(error, path);
  }
}

/**
 * Whether there is a database. A file without a byte is none: nothing was ever installed from it.
 * @throws StoreTrouble where one may not look.
 */
export function isDatabaseThere(path: string): boolean {
  return troubled(path, () => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0);
}

/** Which file a path leads to, whatever is done to it meanwhile; empty where it leads to none. */
function fileAt(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
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
  const database = troubled(path, () => {
    createPrivately(path);
    return new Database(path, { timeout: patience });
  });
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
    if (!isBusy(error)) throw asTrouble(error, path);
    throw new UserError('another cronwright is doing the same and has not ended', `fuser ${path} shows its process id`);
  }
}

/** A database that was opened: which file it was, and how long its writes wait for others unless they say otherwise. */
interface Opened {
  readonly path: string;
  readonly file: string;
  readonly patience: number;
}

class SqliteConnection implements Connection {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #file: string;
  readonly #patience: number;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #settings = new Map<string, string | number>();

  constructor(database: Database.Database, { path, file, patience }: Opened) {
    this.#database = database;
    this.#path = path;
    this.#file = file;
    this.#patience = patience;
  }

  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#troubled(() => this.#prepared(sql).get(...values) as Row | undefined);
  }

  all<Row>(sql: string, ...values: readonly Value[]): Row[] {
    return this.#troubled(() => this.#prepared(sql).all(...values) as Row[]);
  }

  run(sql: string, ...values: readonly Value[]): number {
    return this.#troubled(() => this.#prepared(sql).run(...values).changes);
  }

  write<T>(work: () => T, options: WriteOptions = {}): T {
    if (this.#database.inTransaction) return work();
    this.#troubled(() => this.#begin(options));
    try {
      const result = work();
      this.#troubled(() => this.#database.exec('COMMIT'));
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #begin({ durability = 'full', patience = this.#patience }: WriteOptions): void {
    // SQLite writes on to a file that was removed, and what it writes is lost once the last process closes it.
    if (fileAt(this.#path) !== this.#file) throw gone(this.#path);
    this.#set('synchronous', durability);
    this.#set('busy_timeout', patience);
    if (patience < shortestTurn) this.#database.exec('BEGIN IMMEDIATE');
    else this.#waitForTurn();
  }

  /**
   * SQLite lets those who wait try again by chance, so that in a crowd some wait for long. Patience is for one who does not
   * end: as long as others finish what they write, the turn will come.
   */
  #waitForTurn(): void {
    for (let turns = mostTurns; ; turns--) {
      const seen = this.#commitsOfOthers();
      try {
        this.#database.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || turns === 1 || this.#commitsOfOthers() === seen) throw error;
      }
    }
  }

  /** A number that changes when another connection has changed the database (sqlite.org/pragma.html#pragma_data_version). */
  #commitsOfOthers(): number {
    return this.#prepared('PRAGMA data_version').pluck().get() as number;
  }

  #prepared(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #set(pragma: string, value: string | number): void {
    if (this.#settings.get(pragma) === value) return;
    this.#database.exec(`PRAGMA ${pragma} = ${value}`);
    this.#settings.set(pragma, value);
  }

  #troubled<T>(work: () => T): T {
    return troubled(this.#path, work);
  }
}

/** The number of migrations that the database has behind it. */
function formatOf(database: Database.Database, path: string): number {
  const found = Number(database.pragma('user_version', { simple: true }));
  if (found <= migrations.length) return found;
  const message = `${path} was written by a newer version of cronwright (its format is ${found}, this one knows ${migrations.length})`;
  throw new StoreTrouble(message, 'install that version again; nothing was changed');
}

function migrate(database: Database.Database, path: string, write: (work: () => void) => void): void {
  if (isForeign(database)) {
    throw new StoreTrouble(`${path} is the database of another program`, '--state names another directory');
  }
  const found = formatOf(database, path);
  useWal(database);
  // The references say what belongs together; to check them would cost every write.
  database.exec('PRAGMA foreign_keys = OFF');
  if (found === migrations.length) return;
  write(() => {
    // Looked at again: another process may have migrated while this one waited.
    for (const migration of migrations.slice(formatOf(database, path))) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`);
  });
}

/** Two processes that both turn a new file to WAL read it already, and SQLite lets neither wait for the other: we do. */
function useWal(database: Database.Database): void {
  for (let tries = 20; ; tries--) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || tries === 1) throw error;
      // Who begins to write does wait. By then the file is as it should be, or it is our turn.
      database.exec('BEGIN IMMEDIATE; COMMIT');
    }
  }
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

function gone(path: string): StoreTrouble {
  return new StoreTrouble(
    `the database ${path} was removed or replaced`,
    'cronwright sync makes one where there is none',
  );
}
