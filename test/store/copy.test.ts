import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Job, JobId, JobName } from '../../src/job/job.ts';
import { copiedJob, writeCopy } from '../../src/store/copy.ts';
import { installedJob, latestRevision } from '../../src/store/registry.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { installJobs, jobOf } from './rig.ts';
import { amongMounts, backup, newState, other, readOnly, skipUnlessMounts, skipUnlessRoot } from './spool-rig.ts';

const shop = 'shop' as JobName;

function newStore(t: TestContext): Store {
  const store = openStore(newState(t));
  t.after(() => store.close());
  return store;
}

/** Installs jobs and copies them; returns the path of the copy. */
function copy(store: Store, jobs: readonly Job[]): string {
  installJobs(store, jobs);
  assert.equal(writeCopy(store, shop), undefined);
  return join(`${store.directory}.installed`, 'shop.jsonl');
}

suite('the copy of the installed jobs', () => {
  test('gives each job as the registry does, with the settings of its project', (t) => {
    const store = newStore(t);
    copy(store, [jobOf('a'), jobOf('backup', { description: 'line\nbreak "and" quotes {' }), jobOf('backup-all')]);
    copy(store, [jobOf('backup', { description: 'line\nbreak "and" quotes {' }), jobOf('backup-all'), jobOf('b')]);
    for (const id of ['shop/backup', 'shop/backup-all', 'shop/b'] as JobId[]) {
      const copied = copiedJob(store.directory, id);
      assert.deepEqual(copied?.installed, installedJob(store, id));
      assert.deepEqual(copied?.settings, latestRevision(store, shop)?.settings);
    }
    assert.equal(copiedJob(store.directory, backup)?.installed.revision, 1);
    for (const id of ['shop/a', 'shop/c', 'blog/backup'] as JobId[])
      assert.equal(copiedJob(store.directory, id), undefined);
  });

  test('holds thousands of jobs', (t) => {
    const store = newStore(t);
    copy(
      store,
      Array.from({ length: 5_000 }, (_, n) => jobOf(`job-${n}`)),
    );
    for (const n of [0, 7, 4_999]) {
      assert.equal(copiedJob(store.directory, `shop/job-${n}` as JobId)?.installed.job.name, `job-${n}`);
    }
  });

  test('gives a job stored by an earlier version the settings that it lacks', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('backup')]);
    store.db.run("UPDATE job SET spec = json_remove(spec, '$.overlap', '$.umask')");
    writeCopy(store, shop);
    const job = copiedJob(store.directory, backup)?.installed.job;
    assert.deepEqual([job?.overlap, job?.umask], ['skip', null]);
  });

  test('outlives the state directory, and goes with the last job of its project', (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('backup')]);
    renameSync(store.directory, `${store.directory}.moved`);
    assert.equal(copiedJob(store.directory, backup)?.installed.job.name, 'backup');
    renameSync(`${store.directory}.moved`, store.directory);
    copy(store, []);
    assert.equal(existsSync(path), false);
    assert.equal(copiedJob(store.directory, backup), undefined);
    assert.equal(writeCopy(store, shop), undefined);
  });

  test('lies in the state directory where nothing can be written beside it', { skip: skipUnlessMounts }, (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('backup')]);
    const { directory } = store;
    const keep = newState(t);
    // The state directory is bound aside and back, and so stays writable within its parent.
    const script = `mount --bind "${directory}" "${keep}"
      ${readOnly(join(directory, '..'))}
      mount --bind "${keep}" "${directory}"`;
    store.close();
    assert.deepEqual(amongMounts(script, 'copies-jobs', [directory]), ['written', 'backup']);
    assert.equal(existsSync(`${directory}.installed`), false);
    assert.deepEqual(readdirSync(join(directory, 'installed')), ['shop.jsonl']);
    assert.equal(copiedJob(directory, backup)?.installed.job.name, 'backup');
  });

  test('is the one of the newer revision where there are two, and a new one leaves no other', (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('backup', { description: 'old' })]);
    const inside = join(store.directory, 'installed');
    cpSync(join(path, '..'), inside, { recursive: true });
    chmodSync(inside, 0o700);
    const text = readFileSync(path, 'utf8').replaceAll('"description":"old"', '"description":"new"');
    const described = () => copiedJob(store.directory, backup)?.installed.job.description;
    for (const newer of [path, join(inside, 'shop.jsonl')]) {
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^\{"revision":\d+/, '{"revision":1'));
      writeFileSync(newer, text.replace(/^\{"revision":\d+/, `{"revision":${newer === path ? 2 : 3}`));
      assert.equal(described(), 'new');
    }
    copy(store, [jobOf('backup', { description: 'newest' })]);
    assert.equal(described(), 'newest');
    assert.deepEqual(readdirSync(inside), []);
  });

  test('cut off at any byte gives a job as it is, or none', (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('a'), jobOf('backup')]);
    const { length } = readFileSync(path);
    const whole = installedJob(store, backup);
    const found = new Set<boolean>();
    for (let size = length - 1; size >= 0; size--) {
      truncateSync(path, size);
      const copied = copiedJob(store.directory, backup)?.installed;
      if (copied !== undefined) assert.deepEqual(copied, whole);
      found.add(copied !== undefined);
    }
    assert.ok(found.has(false));
    writeFileSync(path, 'null\n');
    assert.equal(copiedJob(store.directory, backup), undefined);
  });

  test('is not believed where others could have written it', (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('backup')]);
    const place = join(path, '..');
    const spoilings: readonly (readonly [() => void, () => void])[] = [
      [() => chmodSync(path, 0o660), () => chmodSync(path, 0o600)],
      [() => chmodSync(place, 0o755), () => chmodSync(place, 0o700)],
      [() => link(path), () => renameSync(`${path}.real`, path)],
      [() => link(place), () => unlink(place)],
    ];
    for (const [spoil, mend] of spoilings) {
      spoil();
      assert.equal(copiedJob(store.directory, backup), undefined);
      mend();
      assert.equal(copiedJob(store.directory, backup)?.installed.job.name, 'backup');
    }
  });

  test('is not believed where it belongs to somebody else', { skip: skipUnlessRoot }, (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('backup')]);
    for (const each of [path, join(path, '..')]) {
      chownSync(each, other, other);
      assert.equal(copiedJob(store.directory, backup), undefined);
      chownSync(each, 0, 0);
    }
    assert.ok(copiedJob(store.directory, backup));
  });

  test('that cannot be written is a sentence, and the earlier one stays', (t) => {
    const store = newStore(t);
    const path = copy(store, [jobOf('backup', { description: 'old' })]);
    mkdirSync(`${path}.part`);
    writeFileSync(join(store.directory, 'installed'), '');
    installJobs(store, [jobOf('backup', { description: 'new' })]);
    assert.match(
      writeCopy(store, shop) ?? '',
      /^the installed jobs could not be copied: .*EISDIR.*; .*installed is no directory$/,
    );
    assert.equal(copiedJob(store.directory, backup)?.installed.job.description, 'old');
  });
});

/** Puts a symbolic link to itself, elsewhere, in a path's place. */
function link(path: string): void {
  renameSync(path, `${path}.real`);
  symlinkSync(`${path}.real`, path);
}

function unlink(path: string): void {
  rmSync(path);
  renameSync(`${path}.real`, path);
}
