import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  claimFromOutbox,
  claimTime,
  markSent,
  markUnsent,
  outboxState,
  putInOutbox,
  toldOf,
} from '../../src/store/outbox.ts';
import type { Store } from '../../src/store/store.ts';
import { morning, newStore, race } from './rig.ts';

function put(store: Store, id: string, createdAt = morning): void {
  putInOutbox(store, {
    id,
    project: 'shop',
    run: `run-${id}`,
    recipients: ['a@b.c'],
    subject: 's',
    text: 't',
    createdAt,
  });
}

suite('the outbox', () => {
  test('hands each mail to one process, however many take from it at once', async (t) => {
    const store = newStore(t);
    const ids = Array.from({ length: 30 }, (_, index) => `mail-${String(index).padStart(2, '0')}`);
    for (const id of ids) put(store, id);
    const taken = await race(t, 6, 'claims-mails', [store.directory, String(morning)]);
    assert.deepEqual(taken.flat().sort(), ids);
  });

  test('takes a mail once: what was put in before stays', (t) => {
    const store = newStore(t);
    const entry = {
      id: 'one',
      project: 'shop',
      run: 'r',
      recipients: ['a@b.c'],
      subject: 's',
      text: 't',
      createdAt: 1,
    };
    assert.equal(putInOutbox(store, entry), true);
    assert.equal(putInOutbox(store, { ...entry, text: 'again' }), false);
    assert.equal(claimFromOutbox(store, 1)?.text, 't');
  });

  test('hands out the longest due first, whole, and not again until the claim has run out', (t) => {
    const store = newStore(t);
    put(store, 'later', morning + 1);
    put(store, 'sooner');
    const entry = { project: 'shop', recipients: ['a@b.c'], subject: 's', text: 't', tries: 0 };
    assert.equal(claimFromOutbox(store, morning - 1), undefined);
    assert.deepEqual(claimFromOutbox(store, morning), {
      ...entry,
      id: 'sooner',
      run: 'run-sooner',
      createdAt: morning,
    });
    assert.equal(claimFromOutbox(store, morning + 1)?.id, 'later');
    assert.equal(claimFromOutbox(store, morning + claimTime - 1), undefined);
    assert.equal(claimFromOutbox(store, morning + claimTime)?.id, 'sooner');
    assert.equal(claimFromOutbox(store, morning + claimTime), undefined);
  });

  test('keeps a mail that was not sent until its next time, and counts the tries', (t) => {
    const store = newStore(t);
    put(store, 'one');
    claimFromOutbox(store, morning);
    markUnsent(store, 'one', 'no route', morning + 5_000);
    assert.deepEqual(outboxState(store, 0), { waiting: 1, givenUp: 0, lastError: 'no route' });
    assert.equal(claimFromOutbox(store, morning + 4_999), undefined);
    assert.equal(claimFromOutbox(store, morning + 5_000)?.tries, 1);
  });

  test('knows how the mails of a run stand', (t) => {
    const store = newStore(t);
    const told = { recipients: ['a@b.c'], sentAt: null, waiting: true, error: null };
    for (const id of ['waits', 'sent', 'partly', 'up']) put(store, id);
    markSent(store, { id: 'sent', at: 9, refused: [] });
    markSent(store, { id: 'partly', at: 9, refused: ['x@y.z: unknown', 'v@y.z: full'] });
    markUnsent(store, 'up', 'no such user', undefined);
    assert.deepEqual(toldOf(store, 'run-waits'), [told]);
    assert.deepEqual(toldOf(store, 'run-sent'), [{ ...told, sentAt: 9, waiting: false }]);
    const refused = 'x@y.z: unknown; v@y.z: full';
    assert.deepEqual(toldOf(store, 'run-partly'), [{ ...told, sentAt: 9, waiting: false, error: refused }]);
    assert.deepEqual(toldOf(store, 'run-up'), [{ ...told, waiting: false, error: 'no such user' }]);
  });

  test('does not send again what one process sent while another that hung believes it failed', (t) => {
    const store = newStore(t);
    put(store, 'one');
    markSent(store, { id: 'one', at: morning, refused: [] });
    markUnsent(store, 'one', 'too late', morning);
    assert.equal(claimFromOutbox(store, morning + 1), undefined);
    assert.deepEqual(outboxState(store, 0), { waiting: 0, givenUp: 0, lastError: null });
  });

  test('forgets in time what was given up, and never what waits', (t) => {
    const store = newStore(t);
    put(store, 'old', 1);
    put(store, 'old-waiting', 1);
    put(store, 'new', morning);
    markUnsent(store, 'old', 'long ago', undefined);
    markUnsent(store, 'new', 'today', undefined);
    assert.deepEqual(outboxState(store, morning), { waiting: 1, givenUp: 1, lastError: 'today' });
    assert.deepEqual(outboxState(store, morning + 1), { waiting: 1, givenUp: 0, lastError: null });
  });
});
