import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobId, Moved, Project } from '../../src/job/job.ts';
import { noteTold, wasTold } from '../../src/store/marks.ts';
import { pause, pausesInForce } from '../../src/store/pauses.ts';
import { install, installedJobs, withdraw } from '../../src/store/registry.ts';
import { effectiveMoves } from '../../src/store/rename.ts';
import { runById } from '../../src/store/runs.ts';
import type { Store } from '../../src/store/store.ts';
import { noteTaken } from '../../src/store/taken.ts';
import { begin, installJobs, jobOf, morning, newStore, projectOf, settingsOf } from './rig.ts';

const id = (name: string) => `shop/${name}` as JobId;
const move = (from: string, to: string): Moved => ({ from: id(from), to: id(to) });

/** Installs a project with its moves, as sync does. */
function installMoved(store: Store, project: Project): number {
  const moved = effectiveMoves(store, project);
  return install(store, { project, moved, settings: settingsOf(), by: 'ann', at: morning });
}

/** Everything that names a job, by name. */
function named(store: Store, name: string): Record<string, number> {
  const count = (sql: string) => store.db.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, id(name))?.n ?? 0;
  return {
    jobs: count('job WHERE id = ?'),
    runs: count('run WHERE job = ?'),
    due: count('due WHERE job = ?'),
    owed: count('owed WHERE job = ?'),
    pauses: count('pause WHERE name = ?'),
    taken: count('taken WHERE job = ?'),
  };
}

function storeWithHistory(t: Parameters<typeof newStore>[0]): Store {
  const store = newStore(t);
  installJobs(store, [jobOf('a'), jobOf('ab')]);
  installJobs(store, [jobOf('a', { timeout: 5 }), jobOf('ab')]);
  begin(store, { run: 'run1', job: id('a'), slot: morning });
  store.db.run('INSERT INTO owed (job, slot, until, reason) VALUES (?, ?, ?, ?)', id('a'), morning, morning + 1, 'x');
  pause(store, { scope: 'job', name: id('a'), reason: '', by: 'ann', at: morning, until: null });
  noteTaken(store, [{ job: id('a'), target: 'user', text: '@daily old', snapshot: null }]);
  for (const name of ['a', 'ab']) noteTold(store, { id: `${id(name)}.5.late`, project: 'shop', createdAt: morning });
  return store;
}

const history = { jobs: 2, runs: 1, due: 1, owed: 1, pauses: 1, taken: 1 };
const nothing = { jobs: 0, runs: 0, due: 0, owed: 0, pauses: 0, taken: 0 };

suite('a job that gets another name', () => {
  test('takes along all that is remembered of it, and nothing of others', (t) => {
    const store = storeWithHistory(t);
    const slot = () =>
      store.db.get<{ slot: number }>('SELECT slot FROM due WHERE job IN (?, ?)', id('a'), id('b'))?.slot;
    const before = slot();
    installMoved(store, projectOf([jobOf('b', { timeout: 5 }), jobOf('ab')], { moved: [move('a', 'b')] }));
    assert.deepEqual([named(store, 'a'), named(store, 'b')], [nothing, history]);
    assert.deepEqual([slot(), runById(store, 'run1')?.job], [before, id('b')]);
    assert.equal(pausesInForce(store, morning)[0]?.name, id('b'));
    assert.deepEqual(
      ['shop/a', 'shop/b', 'shop/ab'].map((name) => wasTold(store, `${name}.5.late`)),
      [false, true, true],
    );
    assert.deepEqual(
      installedJobs(store).map(({ job }) => [job.id, job.name]),
      [
        [id('ab'), 'ab'],
        [id('b'), 'b'],
      ],
    );
  });

  test('gets the old one back where the revision is withdrawn', (t) => {
    const store = storeWithHistory(t);
    const before = store.db.all('SELECT * FROM job ORDER BY id, since');
    const moved = [move('a', 'b')];
    const revision = installMoved(store, projectOf([jobOf('b', { timeout: 7 }), jobOf('ab')], { moved }));
    withdraw(store, revision, moved);
    assert.deepEqual([named(store, 'a'), named(store, 'b')], [history, nothing]);
    assert.deepEqual(store.db.all('SELECT * FROM job ORDER BY id, since'), before);
    assert.equal(wasTold(store, 'shop/a.5.late'), true);
  });

  test('has it for good: what stays in the file means nothing any more', (t) => {
    const store = storeWithHistory(t);
    const project = projectOf([jobOf('b'), jobOf('ab')], { moved: [move('a', 'b')] });
    const revision = installMoved(store, project);
    assert.deepEqual(effectiveMoves(store, project), []);
    assert.equal(installMoved(store, project), revision);
  });

  test('may have got it by way of another', (t) => {
    const store = storeWithHistory(t);
    const moved = [move('x', 'a'), move('a', 'b'), move('b', 'c')];
    assert.deepEqual(effectiveMoves(store, projectOf([jobOf('c'), jobOf('ab')], { moved })), [move('a', 'c')]);
  });

  test('is refused where the new name has a history of its own, or the old one is still in the file', (t) => {
    const store = storeWithHistory(t);
    const refuses = (names: readonly string[], moved: readonly Moved[], message: RegExp) => {
      const project = projectOf(
        names.map((name) => jobOf(name)),
        { moved },
      );
      assert.throws(() => effectiveMoves(store, project), { name: 'UserError', message });
    };
    refuses(['ab'], [move('a', 'ab')], /gives shop\/a the name shop\/ab, and shop\/ab has a history of its own/);
    refuses(['a', 'b', 'ab'], [move('a', 'b')], /shop\/a is still in the file/);
    refuses(['b'], [move('a', 'b'), move('ab', 'b')], /gives shop\/ab the name shop\/b, and so does shop\/a/);
  });
});
