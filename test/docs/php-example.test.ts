import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory } from '../temporary.ts';
import { runTask, startTask, withoutReader } from './example.ts';

const php = '/usr/bin/php';
const { stdout } = spawnSync(php, ['-m'], { encoding: 'utf8' });
const modules = (stdout ?? '').split('\n');
const directory = temporaryDirectory();
const words = [php, 'cleanup-sessions.php'];

/** A database with 1,200 sessions that have expired and 3 that have not. */
function newDatabase(t: TestContext) {
  const path = join(directory, `${t.name.replaceAll(/\W+/g, '-')}.db`);
  const db = new Database(path);
  t.after(() => {
    db.close();
    rmSync(path);
  });
  db.exec('CREATE TABLE sessions (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL)');
  const add = db.prepare('INSERT INTO sessions VALUES (?, unixepoch() + ?)');
  db.transaction(() => {
    for (let n = 0; n < 1200; n++) add.run(`old-${n}`, -1 - n);
    for (let n = 0; n < 3; n++) add.run(`new-${n}`, 3600);
  })();
  const left = () => db.prepare('SELECT count(*) FROM sessions').pluck().get();
  return { db, left, env: { SESSIONS_DSN: `sqlite:${path}` } };
}

const skip = skipWithout(modules.includes('pdo_sqlite'), 'php with pdo_sqlite');

describe('the example in PHP', { concurrency: true, skip }, () => {
  it('deletes what has expired and nothing else, and reports it', async (t) => {
    const { left, env } = newDatabase(t);
    const { status, out, err, reports, complaints } = await runTask(t, words, { env });
    assert.deepEqual([status, out, err], [0, 'deleted 1200 expired sessions\n', '']);
    assert.deepEqual(reports, [
      { level: 'info', message: '1200 sessions have expired' },
      ...[500, 1000, 1200].map((done) => ({ progress: done / 1200 })),
      { result: { deleted: 1200 } },
    ]);
    assert.deepEqual(complaints, []);
    assert.equal(left(), 3);
  });

  it('has nothing to do when nothing has expired', async (t) => {
    const { env } = newDatabase(t);
    await runTask(t, words, { env });
    const { status, reports } = await runTask(t, words, { env });
    assert.equal(status, 0);
    assert.deepEqual(reports.at(-1), { result: { deleted: 0 } });
  });

  it('deletes nothing when the database fails halfway', async (t) => {
    const { db, left, env } = newDatabase(t);
    db.exec(`CREATE TRIGGER fails BEFORE DELETE ON sessions WHEN old.id = 'old-700'
      BEGIN SELECT raise(ABORT, 'the disk is on fire'); END`);
    const { status, err, reports } = await runTask(t, words, { env });
    assert.equal(status, 1);
    assert.match(err, /the disk is on fire/);
    assert.ok(reports.some(({ progress }) => progress !== undefined));
    assert.equal(reports.at(-1)?.level, 'error');
    assert.match(reports.at(-1)?.message ?? '', /the disk is on fire/);
    assert.equal(left(), 1203);
  });

  it('says why it cannot reach the database', async (t) => {
    const { status, reports } = await runTask(t, words, { env: { SESSIONS_DSN: 'sqlite:/nowhere/sessions.db' } });
    assert.equal(status, 1);
    assert.match(reports[0]?.message ?? '', /unable to open database file/);
  });

  for (const [events, when] of withoutReader) {
    it(`does its work ${when}`, async (t) => {
      const { left, env } = newDatabase(t);
      const { status, out, err, reports } = await runTask(t, words, { env, events });
      assert.deepEqual([status, out, err, reports], [0, 'deleted 1200 expired sessions\n', '', []]);
      assert.equal(left(), 3);
    });
  }

  it('deletes nothing when it gets TERM', {
    skip: skipWithout(modules.includes('pcntl'), 'php with pcntl'),
  }, async (t) => {
    const { db, left, env } = newDatabase(t);
    // A row takes about a millisecond, so that the signal comes long before the last batch.
    db.exec(`CREATE TRIGGER slow BEFORE DELETE ON sessions
      BEGIN SELECT max(a.id || b.id) FROM sessions a, (SELECT id FROM sessions LIMIT 10) b; END`);
    const { reported, process, ended } = startTask(t, words, { env });
    await reported;
    process.kill('SIGTERM');
    const { status, reports } = await ended;
    assert.equal(status, 1);
    assert.deepEqual(reports.at(-1), { level: 'error', message: 'ended by TERM' });
    assert.equal(left(), 1203);
  });
});
