import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkStill, projectOf, wantedRollback } from '../../src/install/rollback.ts';
import type { JobId, JobName } from '../../src/job/job.ts';
import { install, installedJobs, latestRevision } from '../../src/store/registry.ts';
import { keptRevisions } from '../../src/store/revisions.ts';
import type { Store } from '../../src/store/store.ts';
import { installJobs, jobOf, morning, newStore, projectOf as projectWith, settingsOf } from '../store/rig.ts';

/** Which revision a person means, by the number alone. */
function meant(store: Store, revision?: string, project?: string): number {
  return wantedRollback(store, { revision, project }).to.id;
}

function installOther(store: Store): number {
  const name = 'web' as JobName;
  const job = { ...jobOf('a'), id: 'web/a' as JobId, project: name };
  return install(store, { project: projectWith([job], { name }), settings: settingsOf(), by: 'ann', at: morning });
}

suite('the revision to roll back to', () => {
  test('is the one before the present one where none is named', (t) => {
    const store = newStore(t);
    for (const form of ['one', 'two', 'three']) installJobs(store, [jobOf('a', { description: form })]);
    const { to, current } = wantedRollback(store, { revision: undefined, project: undefined });
    assert.deepEqual([to.id, current.id], [2, 3]);
  });

  test('is of the project that is named, or that the number belongs to', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('a')]);
    installOther(store);
    installJobs(store, []);
    assert.equal(meant(store, undefined, 'shop'), 1);
    assert.equal(wantedRollback(store, { revision: '2', project: undefined }).to.project, 'web');
    assert.equal(wantedRollback(store, { revision: '1', project: 'shop' }).current.id, 3);
  });

  test('is refused where it is not there, is of another project, or could be of several', (t) => {
    const store = newStore(t);
    const refuses = (message: string | RegExp, revision?: string, project?: string) =>
      assert.throws(() => meant(store, revision, project), { name: 'UserError', message });
    refuses('no jobs are installed');
    installJobs(store, [jobOf('a')]);
    refuses('revision 1 is the first of shop: there is none before it');
    for (const revision of ['7', 'x', '-1', '1e3', '99999999999999999999'])
      refuses(`there is no revision ${revision}`, revision);
    installOther(store);
    refuses('several projects are installed: shop, web');
    refuses('web has no revision 1', '1', 'web');
    refuses('the project shopp was never installed', undefined, 'shopp');
  });

  test('is none of those whose jobs may be forgotten', (t) => {
    const store = newStore(t);
    for (let n = 0; n <= keptRevisions; n++) {
      store.db.write(() => installJobs(store, [jobOf('a', { description: `form ${n}` })]));
    }
    assert.equal(meant(store, '2'), 2);
    assert.throws(() => meant(store, '1'), { message: `more than ${keptRevisions} came after revision 1` });
  });
});

suite('a project as a revision has it', () => {
  test('has the jobs and the settings of then, and installed again differs in nothing', (t) => {
    const store = newStore(t);
    const mail = { from: 'a@b', to: ['c@d'], transport: { kind: 'sendmail', argv: ['mail'] } } as const;
    const jobs = [jobOf('a', { timeout: 1 }), jobOf('b')];
    const first = installJobs(store, jobs, mail);
    installJobs(store, [jobOf('c')]);
    const { to } = wantedRollback(store, { revision: String(first), project: undefined });
    const project = projectOf(store, to);
    assert.deepEqual([project.jobs, project.mail, project.file], [jobs, mail, '/etc/shop.yaml']);
    const again = install(store, { project, settings: to.settings, by: 'bob', at: morning });
    assert.equal(again, 3);
    assert.deepEqual(
      installedJobs(store).map(({ job }) => job),
      jobs,
    );
    assert.equal(installJobs(store, jobs, mail), again, 'the same file again has nothing to do');
  });

  test('is not installed over a revision that came meanwhile', (t) => {
    const store = newStore(t);
    installJobs(store, [jobOf('a')]);
    const current = latestRevision(store, 'shop') ?? assert.fail();
    checkStill(current, { current: 1 });
    assert.throws(() => checkStill(current, { current: 2 }), /revision 2 of shop is installed by now, it was 1/);
  });
});
