import assert from 'node:assert/strict';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { errorCode, UserError } from '../../src/errors.ts';
import { migrations } from '../../src/store/migrations.ts';
import { history } from '../../src/store/runs.ts';
import { openExistingStore, openStore, type Store } from '../../src/store/store.ts';
import { StoreTrouble } from '../../src/store/trouble.ts';
import { begin, companion, newPath, newStore } from './rig.ts';
import { versionOne } from './version-1.ts';

/** A state directory with a database in it that nobody has open, and the database's path. */
function closed(t: TestContext): { readonly path: string; readonly file: string } {
  const path = newPath(t);
  openStore(path).close();
  return { path, file: join(path, 'cronwright.db') };
}

function changed(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

const beat = ({ db }: Store) =>
  db.write(() => db.run("INSERT INTO beat (kind, at) VALUES ('tick', 1)"), { patience: 1 });

/** Where patience is passed over, SQLite waits for 30 seconds. */
const hanging = { timeout: 15_000 };

/** Expects a StoreTrouble whose message says this. */
function inTrouble(work: () => unknown, message: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof StoreTrouble && error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.notEqual(error.hint, undefined);
    return true;
  });
}

suite('a database that cannot be used is told apart from a bug, where it', () => {
  test('is not there, or its directory', (t) => {
    const path = newPath(t);
    inTrouble(() => openExistingStore(path), /no jobs are installed/);
    mkdirSync(path);
    inTrouble(() => openExistingStore(path), /no jobs are installed/);
  });

  test('is empty: it is not filled by looking', (t) => {
    const { path, file } = closed(t);
    writeFileSync(file, '');
    inTrouble(() => openExistingStore(path), /no jobs are installed/);
    assert.equal(statSync(file).size, 0);
  });

  test('is no file', (t) => {
    const path = newPath(t);
    mkdirSync(join(path, 'cronwright.db'), { recursive: true });
    inTrouble(() => openExistingStore(path), /unable to open database file|disk I\/O error/);
  });

  test('is below a file instead of a directory', (t) => {
    const path = newPath(t);
    writeFileSync(path, '');
    inTrouble(() => openExistingStore(path), /no jobs are installed/);
  });

  test('is no database', (t) => {
    const { path, file } = closed(t);
    writeFileSync(file, 'no pages of a database '.repeat(400));
    inTrouble(() => openExistingStore(path), /not a database/);
  });

  test('is another program’s, or a newer version’s', (t) => {
    const { path, file } = closed(t);
    changed(file, 'PRAGMA application_id = 7');
    inTrouble(() => openExistingStore(path), /of another program/);
    changed(file, `PRAGMA application_id = ${0x63727774}; PRAGMA user_version = ${migrations.length + 1}`);
    inTrouble(() => openExistingStore(path), /newer version/);
  });

  test('is damaged in the middle', (t) => {
    const { path, file } = closed(t);
    const store = openStore(path);
    for (let n = 0; n < 300; n++) begin(store, { run: `run${n}`, slot: n });
    store.close();
    const bytes = readFileSync(file);
    const handle = openSync(file, 'r+');
    for (let page = 4_096; page < bytes.length; page += 4_096) writeSync(handle, Buffer.alloc(64, 0xee), 0, 64, page);
    closeSync(handle);
    inTrouble(() => history(openExistingStore(path), { limit: 9 }), /malformed/);
  });

  test('is locked whole: opening waits no longer than its patience', hanging, async (t) => {
    const { path } = closed(t);
    const other = companion(t, 'locks-database', path);
    assert.equal(await other.line(), 'locked');
    inTrouble(() => openExistingStore(path, { patience: 1 }), /database is locked/);
    other.go();
    await other.rest();
    openExistingStore(path, { patience: 1 }).close();
  });

  test(
    'is of an earlier version and another process writes: bringing it up to date has the same patience',
    hanging,
    async (t) => {
      const path = versionOne(t, 1);
      const db = new Database(join(path, 'cronwright.db'));
      t.after(() => db.close());
      db.exec('BEGIN IMMEDIATE');
      inTrouble(() => openExistingStore(path, { patience: 1 }), /database is locked/);
      db.exec('ROLLBACK');
      openExistingStore(path, { patience: 1 }).close();
      // Gives the test's own limit a chance to strike.
      await delay(1);
    },
  );

  test('is written to by another process for too long', async (t) => {
    const store = newStore(t);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    inTrouble(() => beat(store), /database is locked/);
  });

  test('may only be read', (t) => {
    const store = newStore(t);
    store.db.run('PRAGMA query_only = ON');
    inTrouble(() => beat(store), /readonly/);
  });

  test('has no room left', (t) => {
    const { db } = newStore(t);
    db.get(`PRAGMA max_page_count = ${db.get<{ page_count: number }>('PRAGMA page_count')?.page_count}`);
    const grow = () => db.run('INSERT INTO beat (kind, at) VALUES (hex(zeroblob(1000000)), 1)');
    inTrouble(() => db.write(grow), /full/);
  });

  test('was removed while it was open: what is written would be lost', (t) => {
    const store = newStore(t);
    rmSync(store.directory, { recursive: true });
    inTrouble(() => beat(store), /was removed or replaced/);
  });

  test('was replaced by another while it was open', (t) => {
    const store = newStore(t);
    renameSync(store.directory, `${store.directory}.old`);
    openStore(store.directory).close();
    inTrouble(() => beat(store), /was removed or replaced/);
  });
});

suite('no trouble with the database is', () => {
  const isBug = (error: unknown) => !(error instanceof StoreTrouble);

  test('a rule of the tables that is broken', (t) => {
    const store = newStore(t);
    beat(store);
    assert.throws(() => beat(store), isBug);
  });

  test('an error of the work within a write, also one of the system', (t) => {
    const { db } = newStore(t);
    const reads = () => db.write(() => readFileSync('/nowhere/at/all'));
    assert.throws(reads, (error) => isBug(error) && errorCode(error) === 'ENOENT');
  });

  test('a statement that is none', (t) => {
    const { db } = newStore(t);
    assert.throws(() => db.get('SELEKT 1'), isBug);
  });
});
