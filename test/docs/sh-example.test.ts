import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { until } from '../e2e/program.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { runTask, startTask, withoutReader } from './example.ts';

const directory = temporaryDirectory();
const version = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const slot = '2026-11-24T02:15:00.000Z';
const env = { CRONWRIGHT_SLOT: slot };

/** A directory with one file, and where its backups go. */
function newUploads(name = 'uploads') {
  const place = mkdtempSync(join(directory, 'place-'));
  const [uploads, backups] = [join(place, name), join(place, 'backups')];
  for (const path of [uploads, backups]) mkdirSync(path);
  const photo = writeFile(uploads, 'photo.jpg', 'a photo');
  const archive = join(backups, `${name}-${slot}.tar.gz`);
  return { uploads, backups, photo, archive, words: ['/bin/sh', 'backup.sh', uploads, backups] };
}

function filesIn(archive: string): readonly string[] {
  return execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n');
}

/** Makes a file so large that tar is busy for minutes; it takes no room on the disk. */
function makeHuge(path: string): void {
  truncateSync(path, 2 ** 37);
}

describe('the example in sh', { concurrency: true, skip: skipWithout(version.includes('GNU tar'), 'GNU tar') }, () => {
  it('packs a directory and reports it', async (t) => {
    const { uploads, archive, words } = newUploads();
    const { status, err, reports, complaints } = await runTask(t, words, { env });
    assert.deepEqual([status, err], [0, '']);
    assert.deepEqual(filesIn(archive), ['./', './photo.jpg']);
    assert.deepEqual(reports, [
      { level: 'info', message: `packing ${uploads}` },
      { progress: 0.8 },
      { result: { archive, bytes: statSync(archive).size } },
    ]);
    assert.deepEqual(complaints, []);
  });

  it('names files as they are, whatever their names', async (t) => {
    const { archive, words } = newUploads('Müller\'s "up\\loads"\n\t\u0001\u001f\u007f\n');
    const { status, reports } = await runTask(t, words, { env });
    assert.equal(status, 0);
    assert.deepEqual(reports.at(-1)?.result, { archive, bytes: statSync(archive).size });
  });

  it('leaves one archive when it is run again for the same time', async (t) => {
    const { backups, archive, words } = newUploads();
    await runTask(t, words, { env });
    await runTask(t, words, { env: { ...env, CRONWRIGHT_ATTEMPT: '2' } });
    assert.deepEqual(
      readdirSync(backups).map((name) => join(backups, name)),
      [archive],
    );
  });

  it('exits with 1 and has an archive when a file changes while it is read', async (t) => {
    const { photo, archive, words } = newUploads();
    truncateSync(photo, 2 ** 26);
    await growing(t, photo);
    const { status, reports } = await runTask(t, words, { env });
    assert.equal(status, 1);
    assert.deepEqual(filesIn(archive), ['./', './photo.jpg']);
    assert.deepEqual(reports[1], { level: 'warning', message: 'tar: ./photo.jpg: file changed as we read it' });
  });

  it('exits with 2 and leaves nothing when there is nothing to pack', async (t) => {
    const { backups, words } = newUploads();
    const { status, err, reports } = await runTask(t, [...words.slice(0, 2), '/nowhere', backups], { env });
    assert.equal(status, 2);
    assert.match(err, /nowhere/);
    assert.deepEqual(reports.at(-1), { level: 'error', message: 'tar ended with status 2' });
    assert.deepEqual(readdirSync(backups), []);
  });

  for (const [events, when] of withoutReader) {
    it(`does its work ${when}`, async (t) => {
      const { archive, words } = newUploads();
      const { status, err, reports } = await runTask(t, words, { env, events });
      assert.deepEqual([status, err, reports], [0, '', []]);
      assert.ok(existsSync(archive));
    });
  }

  it('leaves nothing when it gets TERM', async (t) => {
    const { backups, photo, archive, words } = newUploads();
    makeHuge(photo);
    const { process: child, ended } = startTask(t, words, { env });
    await until('tar writes', () => (statSync(`${archive}.part`, { throwIfNoEntry: false })?.size ?? 0) > 0);
    process.kill(-Number(child.pid), 'SIGTERM');
    assert.equal((await ended).status, 143);
    assert.deepEqual(readdirSync(backups), []);
  });
});

/** Lets a file grow until the test is over; resolves when it does. */
async function growing(t: TestContext, path: string): Promise<void> {
  const before = statSync(path).size;
  const writer = spawn('/bin/sh', ['-c', 'while echo more; do :; done >>"$0"', path], { stdio: 'ignore' });
  t.after(() => writer.kill('SIGKILL'));
  await until('the file grows', () => statSync(path).size > before);
}
