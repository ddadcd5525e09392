import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { JobId, JobName } from '../../src/job/job.ts';
import {
  differingSettings,
  findInstalled,
  install,
  installedJob,
  installedJobs,
  installedNames,
  jobOfRun,
  latestRevision,
  latestRevisions,
  nextRevision,
  revisionById,
  withdraw,
} from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { installJobs, jobOf, morning, newStore, projectOf, settingsOf } from './rig.ts';

/** Everything that can be read of what is installed. */
function readAll(store: Store) {
  return {
    jobs: installedJobs(store),
    revisions: latestRevisions(store),
    rows: store.db.all('SELECT * FROM job ORDER BY id, since'),
  };
}

/** Three jobs, each missing or in one of three forms: what a file may hold. */
const anyFile = fc
  .tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 3 })))
  .map((forms) =>
    forms.flatMap((form, index) => (form === 0 ? [] : [jobOf(`job-${index}`, { description: `form ${form}` })])),
  );

suite('installing', () => {
  test('makes exactly the jobs of the file the installed ones, and each revision can be told from the rows', (t) => {
    const files = fc.array(anyFile, { minLength: 1, maxLength: 8 });
    const store = newStore(t);
    fc.assert(
      fc.property(files, (sequence) => {
        for (const jobs of sequence) {
          const revision = installJobs(store, jobs);
          const sql = 'SELECT spec FROM job WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY id';
          const ofRevision = store.db
            .all<{ spec: string }>(sql, revision, revision)
            .map(({ spec }) => JSON.parse(spec));
          assert.deepEqual(ofRevision, jobs);
          assert.deepEqual(
            installedJobs(store).map(({ job }) => job),
            jobs,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  test('leaves every earlier revision readable', (t) => {
    const store = newStore(t);
    const files = [[jobOf('a')], [jobOf('a', { owner: 'web' }), jobOf('b')], [jobOf('b')], [jobOf('a')]];
    const revisions = files.map((jobs) => installJobs(store, jobs));
    for (const [index, revision] of revisions.entries()) {
      const sql = 'SELECT spec FROM job WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY id';
      const specs = store.db.all<{ spec: string }>(sql, revision, revision).map(({ spec }) => JSON.parse(spec));
      assert.deepEqual(specs, files[index]);
    }
  });

  test('then withdrawing leaves everything as it was read before, whatever was installed', (t) => {
    const store = newStore(t);
    fc.assert(
      fc.property(anyFile, anyFile, (first, second) => {
        const current = installJobs(store, first);
        const before = readAll(store);
        const revision = installJobs(store, second);
        if (revision !== current) withdraw(store, revision);
        assert.deepEqual(readAll(store), before);
      }),
      { numRuns: 40 },
    );
  });

  test('the same again makes no revision; a number that was withdrawn is not used again', (t) => {
    const store = newStore(t);
    assert.equal(nextRevision(store), 1);
    assert.equal(installJobs(store, [jobOf('a')]), 1);
    assert.equal(installJobs(store, [jobOf('a')]), 1);
    assert.equal(installJobs(store, []), 2);
    withdraw(store, 2);
    assert.equal(nextRevision(store), 3);
    assert.equal(installJobs(store, [jobOf('b')]), 3);
  });

  test('makes a revision where only where mail goes has changed, or the launcher, or the file', (t) => {
    const store = newStore(t);
    const project = projectOf([jobOf('a')]);
    install(store, { project, settings: settingsOf(), by: 'ann', at: morning });
    const latest = latestRevision(store, 'shop');
    assert.ok(latest);
    const launcher = { path: '/opt/cronwright', state: undefined };
    assert.deepEqual(differingSettings(latest, project, settingsOf()), []);
    assert.deepEqual(differingSettings(latest, project, settingsOf({ launcher })), ['launcher']);
    assert.deepEqual(differingSettings(latest, { ...project, file: '/etc/other.yaml' }, settingsOf()), ['file']);
    assert.equal(install(store, { project, settings: settingsOf({ launcher }), by: 'bob', at: morning + 1 }), 2);
    assert.deepEqual(latestRevision(store, 'shop'), {
      id: 2,
      project: 'shop',
      file: '/etc/shop.yaml',
      createdAt: morning + 1,
      createdBy: 'bob',
      settings: { envFiles: [], target: 'user', launcher: { path: '/opt/cronwright' } },
    });
    assert.equal(revisionById(store, 1)?.createdBy, 'ann');
    assert.equal(installedJob(store, 'shop/a' as JobId)?.revision, 1);
  });

  test('leaves the jobs of other projects alone, and a bare name may mean several', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('backup'), jobOf('clean')]);
    const name = 'blog' as JobName;
    const blog = projectOf([jobOf('backup', { id: 'blog/backup' as JobId, project: name })], { name });
    install(store, { project: blog, settings: settingsOf(), by: 'ann', at: morning });
    installJobs(store, [jobOf('backup')]);
    const ids = (name: string) => findInstalled(store, name).map(({ job }) => job.id);
    assert.deepEqual(ids('backup'), ['blog/backup', 'shop/backup']);
    assert.deepEqual(ids('shop/backup'), ['shop/backup']);
    assert.deepEqual(ids('clean'), []);
    assert.deepEqual(installedNames(store), ['blog/backup', 'backup', 'shop/backup', 'backup']);
    assert.deepEqual(
      installedJobs(store, 'blog').map(({ job }) => job.id),
      ['blog/backup'],
    );
    assert.deepEqual(
      latestRevisions(store).map(({ project, id }) => [project, id]),
      [
        ['blog', 2],
        ['shop', 3],
      ],
    );
  });

  test('remembers a job as it was when a run of it began', (t) => {
    const store = newStore(t);
    const job = 'shop/a' as JobId;
    installJobs(store, [jobOf('a', { owner: 'before' })]);
    installJobs(store, []);
    assert.equal(installedJob(store, job), undefined);
    assert.equal(jobOfRun(store, { job, revision: 1 })?.job.owner, 'before');
    assert.equal(jobOfRun(store, { job, revision: 2 }), undefined);
  });
});
