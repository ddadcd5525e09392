import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import Database from 'better-sqlite3';
import { migrations } from '../../src/store/migrations.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { integrityProblems, openStore } from '../../src/store/store.ts';
import { companion, newPath, newStore, race } from './rig.ts';

function permissions(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

suite('the database of a state directory', () => {
  test('is made with all its tables where nothing was', (t) => {
    const store = newStore(t);
    const tables = store.db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    assert.deepEqual(
      tables.map(({ name }) => name).filter((name) => !name.startsWith('sqlite_')),
      'attempt beat due elsewhere event gap job made outbox output owed pause revision run snapshot taken watch written'.split(
        ' ',
      ),
    );
    assert.deepEqual(store.db.get('PRAGMA user_version'), { user_version: migrations.length });
    assert.deepEqual(integrityProblems(store), []);
  });

  test('keeps what was written when it is opened again', (t) => {
    const path = newPath(t);
    const first = openStore(path);
    first.db.write(() => first.db.run("INSERT INTO beat (kind, at) VALUES ('tick', 5)"));
    first.close();
    const second = openStore(path);
    t.after(() => second.close());
    assert.deepEqual(second.db.get('SELECT at FROM beat'), { at: 5 });
  });

  test('and its companions are for its owner alone, whatever the umask', (t) => {
    const before = process.umask(0);
    t.after(() => process.umask(before));
    const path = newPath(t);
    const store = openStore(path);
    t.after(() => store.close());
    store.db.write(() => store.db.run("INSERT INTO beat (kind, at) VALUES ('tick', 5)"));
    assert.equal(permissions(path), '700');
    for (const name of ['cronwright.db', 'cronwright.db-wal', 'cronwright.db-shm']) {
      assert.equal(permissions(join(path, name)), '600', name);
    }
  });

  test('is migrated once when many processes open it for the first time', async (t) => {
    const path = newPath(t);
    const answers = await race(t, 8, 'opens-store', [path]);
    assert.deepEqual(
      answers,
      answers.map(() => ['0']),
    );
  });

  test('is made by one of many processes, whatever the moment at which the others come', async (t) => {
    const answers = await race(t, 3, 'opens-stores', [newPath(t), '3']);
    assert.deepEqual(answers, [[], [], []]);
  });

  test('that a newer version wrote is refused and stays as it is, byte for byte', (t) => {
    const path = newPath(t);
    openStore(path).close();
    const file = join(path, 'cronwright.db');
    const newer = new Database(file);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.pragma('journal_mode = DELETE');
    newer.close();
    const bytes = readFileSync(file);
    assert.throws(() => openStore(path), {
      name: 'UserError',
      message: `${file} was written by a newer version of cronwright (its format is ${migrations.length + 1}, this one knows ${migrations.length})`,
    });
    assert.deepEqual(readFileSync(file), bytes);
    assert.equal(existsSync(`${file}-wal`), false);
  });

  test('is refused where the file is no database, and the file stays as it is', (t) => {
    const path = newPath(t);
    mkdirSync(path, { mode: 0o700 });
    const file = join(path, 'cronwright.db');
    const text = 'these are not the pages of a database. '.repeat(200);
    writeFileSync(file, text);
    assert.throws(() => openStore(path), {
      name: 'UserError',
      message: /file is not a database/,
      hint: /move it aside/,
    });
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  for (const [whose, pragma] of [
    ['another program', ''],
    ['another program that marks its files', 'PRAGMA application_id = 7'],
  ] as const) {
    test(`is refused where it is the database of ${whose}`, (t) => {
      const path = newPath(t);
      mkdirSync(path, { mode: 0o700 });
      const file = join(path, 'cronwright.db');
      const other = new Database(file);
      other.exec(`CREATE TABLE song (title TEXT); ${pragma}`);
      other.close();
      const bytes = readFileSync(file);
      assert.throws(() => openStore(path), { message: `${file} is the database of another program` });
      assert.deepEqual(readFileSync(file), bytes);
    });
  }

  test('is refused where its directory is missing, with the path', () => {
    assert.throws(() => openDatabase('/nowhere/at/all.db', { create: true }), {
      name: 'UserError',
      message: /\/nowhere\/at\/all\.db/,
    });
  });
});

suite('a write', () => {
  test('is undone whole when its work throws, and the connection stays usable', (t) => {
    const { db } = newStore(t);
    const insert = (kind: string) => db.run('INSERT INTO beat (kind, at) VALUES (?, 1)', kind);
    assert.throws(
      () =>
        db.write(() => {
          insert('one');
          throw new Error('thrown by the work');
        }),
      { message: 'thrown by the work' },
    );
    db.write(() => insert('two'));
    assert.deepEqual(db.all('SELECT kind FROM beat'), [{ kind: 'two' }]);
  });

  test('within a write is part of it', (t) => {
    const { db } = newStore(t);
    const insert = (kind: string) => db.write(() => db.run('INSERT INTO beat (kind, at) VALUES (?, 1)', kind));
    assert.throws(() =>
      db.write(() => {
        insert('inner');
        throw new Error('thrown by the outer');
      }),
    );
    assert.deepEqual(db.all('SELECT kind FROM beat'), []);
  });

  test('that breaks a rule of the tables is a bug and no word for people', (t) => {
    const { db } = newStore(t);
    const twice = () => db.run("INSERT INTO beat (kind, at) VALUES ('tick', 1)");
    twice();
    assert.throws(twice, { name: 'SqliteError', code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  });

  test('gives up with a word for people when another process writes for longer than its patience', async (t) => {
    const store = newStore(t);
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    const write = () =>
      store.db.write(() => store.db.run("INSERT INTO beat (kind, at) VALUES ('tick', 1)"), { patience: 1 });
    assert.throws(write, { name: 'UserError', message: /database is locked/, hint: /fuser/ });
    other.go();
    await other.rest();
    assert.equal(write(), 1);
  });

  test('waits beyond its patience for others that finish one write after another', async (t) => {
    const store = newStore(t);
    const others = companion(t, 'writes-in-a-row', store.directory, '4', '700');
    assert.equal(await others.line(), 'writing');
    const write = () => store.db.run("INSERT INTO beat (kind, at) VALUES ('tick', 1)");
    store.db.write(write, { patience: 1_000 });
    await others.rest();
    assert.equal(store.db.all('SELECT 1 FROM beat').length, 5);
  });

  test('that the disk has no room for says so', (t) => {
    const { db } = newStore(t);
    db.get(`PRAGMA max_page_count = ${db.get<{ page_count: number }>('PRAGMA page_count')?.page_count}`);
    const grow = () => db.run('INSERT INTO beat (kind, at) VALUES (hex(zeroblob(1000000)), 1)');
    assert.throws(() => db.write(grow), { name: 'UserError', message: /disk is full/, hint: 'make room on the disk' });
  });
});
