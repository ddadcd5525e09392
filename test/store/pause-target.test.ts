import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import type { JobName } from '../../src/job/job.ts';
import { installedLabels, type Named, pauseTargets } from '../../src/store/pause-target.ts';
import type { Paused } from '../../src/store/pauses.ts';
import { installJobs, jobOf, newStore } from './rig.ts';

const nobody: Named = { jobs: [], label: undefined, all: false };

function labelled(name: string, ...labels: readonly string[]) {
  return jobOf(name, { labels: labels as readonly JobName[] });
}

function site(t: TestContext, jobs = [labelled('backup', 'nightly', 'disk'), labelled('report', 'nightly')]) {
  const store = newStore(t);
  installJobs(store, jobs);
  const jobNamed = (text: string) => {
    if (['backup', 'report'].includes(text)) return `shop/${text}`;
    throw new UserError(`no job ${text}`);
  };
  const targets = (named: Partial<Named>, paused: readonly Paused[] = []) =>
    pauseTargets(store, { ...nobody, ...named }, { jobNamed, paused });
  return { store, targets };
}

suite('what a person names to be paused', () => {
  test('is all, a label, or jobs by their full names, each once', (t) => {
    const { targets } = site(t);
    assert.deepEqual(targets({ all: true }), [{ scope: 'all', name: '' }]);
    assert.deepEqual(targets({ label: 'disk' }), [{ scope: 'label', name: 'disk' }]);
    assert.deepEqual(targets({ jobs: ['report', 'backup', 'report'] }), [
      { scope: 'job', name: 'shop/report' },
      { scope: 'job', name: 'shop/backup' },
    ]);
  });

  test('is refused where it is nothing, or two things at once', (t) => {
    const { targets } = site(t);
    const found = (words: string) => ({ name: 'UserError', message: `found ${words}, expected one of them` });
    assert.throws(() => targets({}), found('neither a job nor --label nor --all'));
    assert.throws(() => targets({ jobs: ['backup'], all: true }), found('the job backup and --all'));
    assert.throws(() => targets({ label: 'disk', all: true }), found('--label disk and --all'));
  });

  test('is refused where no job has that label, with the labels that there are', (t) => {
    const { store, targets } = site(t);
    assert.deepEqual(installedLabels(store), ['disk', 'nightly']);
    assert.throws(() => targets({ label: 'nigthly' }), {
      message: 'no installed job has the label nigthly',
      hint: 'did you mean nightly? the labels are disk, nightly',
    });
    assert.throws(() => targets({ label: 'x' }), { hint: 'the labels are disk, nightly' });
    const bare = site(t, [jobOf('backup')]);
    assert.throws(() => bare.targets({ label: 'x' }), { hint: /^no job has any; labels: / });
  });

  test('may be a job or a label that is not installed any more, as long as it is paused', (t) => {
    const { targets } = site(t);
    assert.throws(() => targets({ jobs: ['shop/gone'] }), { message: 'no job shop/gone' });
    const paused: readonly Paused[] = [
      { scope: 'job', name: 'shop/gone' },
      { scope: 'label', name: 'gone' },
    ];
    assert.deepEqual(targets({ jobs: ['shop/gone'] }, paused), [{ scope: 'job', name: 'shop/gone' }]);
    assert.deepEqual(targets({ label: 'gone' }, paused), [{ scope: 'label', name: 'gone' }]);
  });
});
