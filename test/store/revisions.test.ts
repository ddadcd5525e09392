import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { JobId, JobName } from '../../src/job/job.ts';
import { forgetVersions } from '../../src/store/old-versions.ts';
import { install, installedJobs, latestRevision, latestRevisions, withdraw } from '../../src/store/registry.ts';
import { jobsOfRevision, keptRevisions, revisionsOf, revisionWithLines } from '../../src/store/revisions.ts';
import type { Store } from '../../src/store/store.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { begin, installJobs, jobOf, minute, morning, newStore, projectOf, settingsOf } from './rig.ts';

const project = 'shop' as JobName;

/** Installs a job in the form of each number, one revision after another. */
function installForms(store: Store, name: string, forms: readonly number[]): readonly number[] {
  return forms.map((form) =>
    store.db.write(() =>
      installJobs(store, [jobOf(name, { description: `form ${form}` })], undefined, morning + form * minute),
    ),
  );
}

function range(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

suite('the revisions of a project', () => {
  test('are told newest first, each with its difference from the one before', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('a'), jobOf('b')]);
    installJobs(store, [jobOf('b', { timeout: 1 }), jobOf('c'), jobOf('d')], undefined, morning + minute);
    installJobs(store, []);
    const counts = revisionsOf(store, 'shop').map(({ id, jobs, added, changed, removed }) => [
      id,
      jobs,
      added,
      changed,
      removed,
    ]);
    assert.deepEqual(counts, [
      [3, 0, 0, 0, 3],
      [2, 3, 2, 1, 1],
      [1, 2, 2, 0, 0],
    ]);
    const { createdAt, createdBy, file, target } = revisionsOf(store, 'shop')[1] ?? assert.fail();
    assert.deepEqual([createdAt, createdBy, file, target], [morning + minute, 'ann', '/etc/shop.yaml', 'user']);
    assert.deepEqual(revisionsOf(store, 'other'), []);
  });

  test('have their jobs as they were, whatever came later', (t) => {
    const forms = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(forms, { minLength: 1, maxLength: 8 }), (files) => {
        const store = newStore(t);
        const wanted = files.map((file) =>
          file.flatMap((form, index) => (form === 0 ? [] : [jobOf(`job-${index}`, { description: `form ${form}` })])),
        );
        const ids = wanted.map((jobs) => installJobs(store, jobs));
        for (const [index, id] of ids.entries()) {
          assert.deepEqual(jobsOfRevision(store, { id, project }), wanted[index]);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('are known by the lines that were written, in any order, the newest of several', (t) => {
    const store = newStore(t);
    const written = (lines: Readonly<Record<string, readonly string[]>>): number =>
      install(store, {
        project: projectOf(Object.keys(lines).map((name) => jobOf(name))),
        settings: settingsOf(),
        lines: new Map(Object.entries(lines).map(([name, ofJob]) => [`shop/${name}` as JobId, ofJob])),
        by: 'ann',
        at: morning,
      });
    const both = { a: ['1 a', '2 a'], b: ['1 b'] };
    written(both);
    written({ a: ['1 a'] });
    const again = written(both);
    const empty = written({});
    const found = (...lines: readonly string[]) => revisionWithLines(store, 'shop', lines);
    assert.deepEqual([found('1 b', '2 a', '1 a'), found('1 a'), found()], [again, 2, empty]);
    for (const lines of [['1 a', '1 a'], ['1 a', '1 b'], ['1 a', '2 a', '1 b', '1 c'], ['1 c'], ['']]) {
      assert.equal(found(...lines), undefined, lines.join());
    }
    assert.equal(revisionWithLines(store, 'web', ['1 a']), undefined);
  });

  test('that an earlier version installed without their lines are taken for none', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('a')]);
    assert.equal(revisionWithLines(store, 'shop', []), undefined);
    assert.equal(revisionWithLines(store, 'shop', ['']), undefined);
  });

  test('of which one was withdrawn are as if it had never been', (t) => {
    const store = newStore(t);
    installForms(store, 'a', [1]);
    const [failed = 0] = installForms(store, 'a', [2]);
    withdraw(store, failed);
    assert.deepEqual(
      revisionsOf(store, 'shop').map(({ id }) => id),
      [1],
    );
  });
});

suite('forgetting how jobs were', () => {
  const many = keptRevisions + 5;
  const later = morning + 1_000 * minute;

  test('spares the newest two hundred revisions of each project whole', (t) => {
    const store = newStore(t);
    installForms(store, 'a', range(1, many));
    assert.equal(forgetVersions(store, later), 5);
    const left = revisionsOf(store, 'shop').map(({ id }) => id);
    assert.deepEqual(left, range(6, keptRevisions).toReversed());
    for (const id of left) assert.equal(jobsOfRevision(store, { id, project })[0]?.description, `form ${id}`);
    assert.deepEqual(store.db.all('SELECT id FROM revision WHERE id < 6'), []);
    assert.equal(forgetVersions(store, later), 0);
  });

  test('does nothing to a project with fewer, however old they are', (t) => {
    const store = newStore(t);
    installForms(store, 'a', range(1, keptRevisions));
    assert.equal(forgetVersions(store, later), 0);
    assert.equal(versionsOf(store, 'shop/a' as JobId).length, keptRevisions);
  });

  test('spares what was replaced after the time before which runs are forgotten', (t) => {
    const store = newStore(t);
    installForms(store, 'a', range(1, many));
    // Form 3 was put in the place of form 2 in the third minute.
    assert.equal(forgetVersions(store, morning + 3 * minute + 1), 2);
    assert.equal(versionsOf(store, 'shop/a' as JobId)[0]?.since.revision, 3);
  });

  test('spares a version that a run was made of, with its revision and the one that ended it', (t) => {
    const store = newStore(t);
    installForms(store, 'a', range(1, many));
    begin(store, { run: 'old', job: 'shop/a', revision: 2 });
    assert.equal(forgetVersions(store, later), 4);
    const [first] = versionsOf(store, 'shop/a' as JobId);
    assert.deepEqual([first?.since.revision, first?.until?.revision], [2, 3]);
    assert.equal(first?.job.description, 'form 2');
    store.db.run('DELETE FROM run');
    assert.equal(forgetVersions(store, later), 1);
    assert.deepEqual(store.db.all('SELECT id FROM revision WHERE id < 6'), []);
  });

  test('spares what is installed since long ago, and says when that was', (t) => {
    const store = newStore(t);
    const settled = jobOf('settled');
    for (const form of range(1, many)) {
      store.db.write(() =>
        installJobs(store, [jobOf('a', { description: `form ${form}` }), settled], undefined, morning + form),
      );
    }
    forgetVersions(store, later);
    assert.deepEqual(
      installedJobs(store).map(({ job, revision }) => [job.name, revision]),
      [
        ['a', many],
        ['settled', 1],
      ],
    );
    assert.equal(versionsOf(store, 'shop/settled' as JobId)[0]?.since.at, morning + 1);
    assert.equal(revisionsOf(store, 'shop').length, keptRevisions);
  });

  test('leaves other projects alone', (t) => {
    const store = newStore(t);
    const name = 'other' as JobName;
    const other = { ...jobOf('b'), id: 'other/b' as JobId, project: name };
    for (const description of ['old', 'new']) {
      const changed = projectOf([{ ...other, description }], { name });
      install(store, { project: changed, settings: settingsOf(), by: 'ann', at: morning });
    }
    installForms(store, 'a', range(1, many));
    forgetVersions(store, later);
    assert.equal(revisionsOf(store, 'other').length, 2);
    assert.equal(versionsOf(store, other.id).length, 2);
    assert.deepEqual(latestRevisions(store).map(({ id }) => id).length, 2);
    assert.equal(latestRevision(store, 'shop')?.id, many + 2);
  });
});
