import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobName } from '../../src/job/job.ts';
import { install } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { noteLooked, toldOf, watchedTables } from '../../src/store/watch.ts';
import { jobOf, morning, newStore, projectOf, settingsOf } from './rig.ts';

function installIn(store: Store, name: string, target: string, jobs = 1): void {
  const project = name as JobName;
  const ofProject = jobOf('one', { id: `${name}/one` as never, project });
  const change = projectOf(jobs === 0 ? [] : [ofProject], { name: project });
  const lines = new Map(target === 'file:/earlier' ? [] : [[ofProject.id, ['* * * * * true']]]);
  install(store, { project: change, settings: settingsOf({ target }), lines, by: 'ann', at: morning });
}

test('The tables of projects whose lines are known are watched, each once, where the newest revision says', (t) => {
  const store = newStore(t);
  assert.deepEqual(watchedTables(store), []);
  installIn(store, 'shop', 'file:/old');
  installIn(store, 'shop', 'user');
  installIn(store, 'web', 'user');
  installIn(store, 'earlier', 'file:/earlier');
  installIn(store, 'gone', 'file:/gone');
  installIn(store, 'gone', 'file:/gone', 0);
  assert.deepEqual(watchedTables(store), [{ target: 'user', lookedAt: null, stamp: null }]);
});

test('What came of looking at a table is kept until the next look', (t) => {
  const store = newStore(t);
  installIn(store, 'shop', 'user');
  assert.deepEqual(toldOf(store, 'user'), {});
  const told = { shop: { digest: 'abc', at: morning } };
  noteLooked(store, { target: 'user', lookedAt: morning, stamp: 'first', told });
  assert.deepEqual(watchedTables(store), [{ target: 'user', lookedAt: morning, stamp: 'first' }]);
  assert.deepEqual(toldOf(store, 'user'), told);
  noteLooked(store, { target: 'user', lookedAt: morning + 1, stamp: 'second', told: {} });
  assert.deepEqual(watchedTables(store), [{ target: 'user', lookedAt: morning + 1, stamp: 'second' }]);
  assert.deepEqual(toldOf(store, 'user'), {});
});
