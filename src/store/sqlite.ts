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

/** One connection to the database. Statements are prepared once, when they are first used. */
export interface Connection {
  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined;
  all<Row>(sql: string, ...values: readonly Value[]): Row[];
  /** Returns the number of rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  /**
   * Runs `work` in one IMMEDIATE transaction: a deferred one that turns from reading to writing fails at once when
   * another process writes, whatever the timeout (sqlite.org/lang_transaction.html).
   */
  write<T>(work: () => T, options?: WriteOptions): T;
  /** Holds the database's one write lock while `work` goes on. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** Marks the file as ours: "crwt". */
const applicationId = 0x63727774;
const busyTimeout = 30_000;

export interface OpenOptions {
  /** Read without creating, migrating or writing anything. */
  readonly readonly?: boolean;
  /** Milliseconds to wait for another writer while opening and reading; 30 seconds if not given. */
  readonly patience?: number;
}

/**
 * Opens a database file, creating and migrating it as needed.
 * @throws UserError when it cannot be opened, is damaged, or was written by a newer version.
 */
export function openDatabase(path: string, options: OpenOptions = {}): Connection {
  const readonly = options.readonly ?? false;
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly, fileMustExist: readonly, timeout: options.patience ?? busyTimeout });
    const connection = connect(database);
    if (!readonly) database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF');
    migrate(database, connection, readonly, path);
    return connection;
  } catch (error) {
    database?.close();
    throw error instanceof UserError ? error : storeError(error, path);
  }
}

function connect(database: Database.Database): Connection {
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
  return {
    get: <Row>(sql: string, ...values: readonly Value[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: readonly Value[]) => prepared(sql).all(...values) as Row[],
    run: (sql, ...values) => prepared(sql).run(...values).changes,
    write(work, { durability = 'full', patience = busyTimeout } = {}) {
      if (database.inTransaction) return work();
      set('synchronous', durability);
      set('busy_timeout', patience);
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    async hold(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        return await work();
      } finally {
        database.exec('ROLLBACK');
      }
    },
    close: () => database.close(),
  };
}

function version(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function migrate(database: Database.Database, connection: Connection, readonly: boolean, path: string): void {
  const found = version(database);
  if (found > migrations.length) throw tooNew(path, found);
  if (found === migrations.length) return;
  if (readonly)
    throw new UserError(`${path} is from an older version of cronwright`, 'cronwright sync brings it up to date');
  connection.write(() => {
    for (const migration of migrations.slice(version(database))) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`);
  });
}

function tooNew(path: string, found: number): UserError {
  const message = `${path} was written by a newer version of cronwright (its format is ${found}, this one knows ${migrations.length})`;
  return new UserError(message, 'install that version again; nothing was changed');
}

function storeError(error: unknown, path: string): UserError {
  const code = errorCode(error) ?? '';
  const hint = /CORRUPT|NOTADB/.test(code)
    ? `the file is damaged; move it aside (mv ${path} ${path}.damaged) and run cronwright sync`
    : 'cronwright doctor looks at the state directory';
  return new UserError(`cannot use the database ${path}: ${errorMessage(error)}`, hint, undefined, error);
}
