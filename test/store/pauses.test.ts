import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { JobName } from '../../src/job/job.ts';
import {
  forgetPauses,
  type NewPause,
  type Pause,
  pause,
  pauseInForce,
  pauseOf,
  pausesBetween,
  pausesInForce,
  pauseWords,
  resume,
} from '../../src/store/pauses.ts';
import { jobOf, minute, morning, newStore } from './rig.ts';

const job = jobOf('backup', { labels: ['nightly' as JobName, 'disk' as JobName] });
const hour = 60 * minute;

const asked: NewPause = { scope: 'job', name: job.id, reason: 'new disks', by: 'ann', at: morning, until: null };

function spoken(found: Pause | undefined): string {
  return found === undefined ? 'nothing' : `${found.scope} ${found.name}`.trim();
}

suite('a pause', () => {
  test('holds its own job back, those of its label, or all, and no other', (t) => {
    const targets = [
      { scope: 'job', name: job.id },
      { scope: 'label', name: 'nightly' },
      { scope: 'all', name: '' },
    ] as const;
    const other = jobOf('nightly', { labels: ['weekly' as JobName] });
    for (const [index, target] of targets.entries()) {
      const store = newStore(t);
      pause(store, { ...asked, ...target });
      assert.equal(spoken(pauseInForce(store, job, morning)), `${target.scope} ${target.name}`.trim());
      assert.equal(spoken(pauseInForce(store, other, morning)), index === 2 ? 'all' : 'nothing');
    }
  });

  test('is over at the very instant of its end', (t) => {
    const store = newStore(t);
    pause(store, { ...asked, until: morning + hour });
    assert.equal(spoken(pauseInForce(store, job, morning + hour - 1)), 'job shop/backup');
    assert.equal(pauseInForce(store, job, morning + hour), undefined);
    assert.deepEqual(pausesInForce(store, morning + hour), []);
  });

  test('of what is paused already gets the new reason, end and person, and keeps its beginning', (t) => {
    const store = newStore(t);
    const first = pause(store, asked);
    assert.equal(first.before, undefined);
    const { now, before } = pause(store, { ...asked, by: 'bob', reason: '', at: morning + 5, until: morning + hour });
    assert.deepEqual(before, first.now);
    assert.deepEqual(now, { ...first.now, by: 'bob', reason: '', until: morning + hour });
    assert.equal(pausesInForce(store, morning + 5).length, 1);
  });

  test('that has run out is not gone on with: the next is a new one, and both are known', (t) => {
    const store = newStore(t);
    const first = pause(store, { ...asked, until: morning + hour });
    const second = pause(store, { ...asked, at: morning + 2 * hour });
    assert.equal(second.before, undefined);
    assert.notEqual(second.now.id, first.now.id);
    assert.equal(pauseOf(store, job, morning + minute)?.id, first.now.id);
    assert.equal(pauseOf(store, job, morning + hour), undefined);
    assert.equal(pauseOf(store, job, morning + 3 * hour)?.id, second.now.id);
    const unended = store.db.all('SELECT id FROM pause WHERE ended_at IS NULL');
    assert.deepEqual(unended, [{ id: second.now.id }]);
  });

  test('that was ended by a person is known for the time that it lasted, and who ended it', (t) => {
    const store = newStore(t);
    pause(store, asked);
    const ended = resume(store, asked, { by: 'bob', at: morning + hour });
    assert.deepEqual([ended?.endedAt, ended?.endedBy, ended?.by], [morning + hour, 'bob', 'ann']);
    assert.equal(resume(store, asked, { by: 'bob', at: morning + hour }), undefined);
    assert.equal(pauseInForce(store, job, morning + hour), undefined);
    assert.equal(pauseOf(store, job, morning - 1), undefined);
    assert.deepEqual(pauseOf(store, job, morning + hour - 1), ended);
    assert.equal(pauseOf(store, job, morning + hour), undefined);
  });

  test('among several is the one that holds the job for longest; without an end, the one that names it most closely', (t) => {
    const store = newStore(t);
    pause(store, { ...asked, until: morning + hour });
    pause(store, { ...asked, scope: 'label', name: 'disk', until: morning + 2 * hour });
    assert.equal(spoken(pauseInForce(store, job, morning)), 'label disk');
    pause(store, { ...asked, scope: 'all', name: '' });
    assert.equal(spoken(pauseInForce(store, job, morning)), 'all');
    pause(store, { ...asked, scope: 'label', name: 'nightly' });
    assert.equal(spoken(pauseInForce(store, job, morning)), 'label nightly');
    pause(store, asked);
    assert.equal(spoken(pauseOf(store, job, morning)), 'job shop/backup');
    resume(store, asked, { by: 'ann', at: morning });
    assert.equal(spoken(pauseInForce(store, job, morning)), 'label nightly');
  });

  test('is found by any time that it shares with a stretch, both ends of which count', (t) => {
    const store = newStore(t);
    pause(store, { ...asked, until: morning + hour });
    pause(store, { ...asked, scope: 'job', name: 'shop/other', until: null });
    const found = (from: number, until: number) => pausesBetween(store, job, from, until).map(spoken);
    assert.deepEqual(found(0, morning - 1), []);
    assert.deepEqual(found(0, morning), ['job shop/backup']);
    assert.deepEqual(found(morning + hour - 1, morning + 2 * hour), ['job shop/backup']);
    assert.deepEqual(found(morning + hour, morning + 2 * hour), []);
    assert.deepEqual(found(0, morning + 2 * hour), ['job shop/backup']);
  });

  test('is forgotten once it has been over for long, and never before', (t) => {
    const store = newStore(t);
    pause(store, { ...asked, until: morning + hour });
    pause(store, { ...asked, scope: 'label', name: 'nightly' });
    pause(store, { ...asked, scope: 'all', name: '' });
    resume(store, { scope: 'all', name: '' }, { by: 'ann', at: morning + 2 * hour });
    const known = () =>
      store.db.all<{ scope: string }>('SELECT scope FROM pause ORDER BY id').map(({ scope }) => scope);
    forgetPauses(store, morning + hour);
    assert.deepEqual(known(), ['job', 'label', 'all']);
    forgetPauses(store, morning + hour + 1);
    assert.deepEqual(known(), ['label', 'all']);
    forgetPauses(store, morning + 400 * 24 * hour);
    assert.deepEqual(known(), ['label']);
  });

  test('says in words who began it, since when and why', (t) => {
    const words = (changes: Partial<NewPause>) => pauseWords(pause(newStore(t), { ...asked, ...changes }).now);
    const since = /since \d{4}-\d\d-\d\d \d\d:\d\d/;
    assert.match(words({}), new RegExp(`^was paused by ann ${since.source}: new disks$`));
    assert.match(words({ reason: '' }), new RegExp(`^was paused by ann ${since.source}$`));
    assert.match(words({ scope: 'label', name: 'nightly' }), /^was paused with the label nightly by ann since /);
    assert.match(words({ scope: 'all', name: '' }), /^was paused with all jobs by ann since /);
  });
});
