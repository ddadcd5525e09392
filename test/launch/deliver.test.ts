import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { MailSettings } from '../../src/job/job.ts';
import { deliverOutbox } from '../../src/launch/deliver.ts';
import { outboxState, putInOutbox, toldOf } from '../../src/store/outbox.ts';
import { install } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { MovedClock } from '../moved-clock.ts';
import { refusal, startServer } from '../notify/rig.ts';
import { installJobs, jobOf, minute, morning, newStore, projectOf, settingsOf } from '../store/rig.ts';
import { mailThrough, mailToFile, type TestWorld, worldOf } from './rig.ts';

interface Site {
  readonly store: Store;
  readonly clock: MovedClock;
  readonly world: TestWorld;
  put(id: string, recipients?: readonly string[]): void;
  deliver(): Promise<void>;
}

function site(t: TestContext, mail?: MailSettings, store = newStore(t)): Site {
  installJobs(store, [jobOf('backup')], mail);
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  const put = (id: string, recipients: readonly string[] = ['ops@shop.example']) => {
    const entry = { id, project: 'shop', run: `run-${id}`, recipients, subject: `about ${id}`, text: 'It failed.\n' };
    putInOutbox(store, { ...entry, createdAt: clock.now() });
  };
  return { store, clock, world, put, deliver: () => deliverOutbox(world) };
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

suite('delivering the outbox', () => {
  test('hands every mail that is due to the mail program, and each once', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    const { put, deliver, world } = site(t, mail, store);
    for (const id of ['one', 'two']) put(id);
    await deliver();
    await deliver();
    const mails = readFileSync(file, 'utf8');
    assert.deepEqual([count(mails, /^Subject: about one$/gm), count(mails, /^Subject: about two$/gm)], [1, 1]);
    assert.match(mails, /^Message-ID: <one@db1\.cronwright>$/m);
    assert.deepEqual(toldOf(store, 'run-one'), [
      { recipients: ['ops@shop.example'], sentAt: morning, waiting: false, error: null },
    ]);
    assert.deepEqual(world.complaints, []);
  });

  test('dates a mail by when it was written, however late it leaves', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    const { put, deliver, clock } = site(t, mail, store);
    put('one');
    clock.move(5 * 60 * minute);
    await deliver();
    assert.match(readFileSync(file, 'utf8'), /^Date: Tue, 24 Nov 2026 08:00:00 \+0000$/m);
  });

  test('sends twenty mails at once and leaves the others for the next time', async (t) => {
    const store = newStore(t);
    const { mail } = mailToFile(store);
    const { put, deliver } = site(t, mail, store);
    for (let n = 0; n < 21; n++) put(`mail-${n}`);
    await deliver();
    assert.equal(outboxState(store, 0).waiting, 1);
    await deliver();
    assert.equal(outboxState(store, 0).waiting, 0);
  });

  test('tries again after longer and longer waits, for three days, then gives up and says what the mail said', async (t) => {
    const { store, put, deliver, clock, world } = site(t, mailThrough('refuses', '75'));
    put('one');
    const triedAt: number[] = [];
    const tries = () => store.db.get<{ tries: number }>('SELECT tries FROM outbox')?.tries ?? 0;
    for (let before = 0; outboxState(store, 0).waiting === 1; before = tries()) {
      await deliver();
      if (tries() > before) triedAt.push((clock.now() - morning) / minute);
      const next = store.db.get<{ at: number | null }>('SELECT next_at AS at FROM outbox')?.at;
      // A moment before its time, the mail is left alone.
      clock.move((next ?? clock.now()) - clock.now() - 1);
      await deliver();
      assert.equal(tries(), triedAt.length);
      clock.move(1);
    }
    assert.deepEqual(triedAt.slice(0, 8), [0, 1, 3, 8, 18, 48, 108, 288]);
    const days = (triedAt.at(-1) ?? 0) / 60 / 24;
    assert.ok(days > 2.5 && days <= 3, `the last try was after ${days} days`);
    assert.deepEqual(outboxState(store, 0).givenUp, 1);
    assert.match(outboxState(store, 0).lastError ?? '', /refuses exited with status 75: first red complaint/);
    assert.equal(world.complaints.length, 1);
    assert.match(world.complaints[0] ?? '', /the mail about run run-one could not be sent.*\nIt failed\.\n/s);
  });

  test('begins no further mail after twenty seconds, so that the next tick does not wait', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    const { world, put } = site(t, mail, store);
    for (const id of ['one', 'two', 'three']) put(id);
    let asked = 0;
    // Each look at the clock is ten seconds later than the one before.
    const slow = { ...world.clock, now: () => morning + 10_000 * asked++, sleep: () => Promise.resolve() };
    await deliverOutbox({ ...world, clock: slow });
    assert.equal(count(readFileSync(file, 'utf8'), /^Subject:/gm), 1);
    assert.equal(outboxState(store, 0).waiting, 2);
  });

  test('gives a mail up at once that no try can bring through', async (t) => {
    const { store, put, deliver, world } = site(t, mailThrough('refuses', '67'));
    put('one');
    await deliver();
    assert.deepEqual([outboxState(store, 0).waiting, outboxState(store, 0).givenUp], [0, 1]);
    assert.equal(world.complaints.length, 1);
  });

  test('gives a mail up where the project has no mail any more', async (t) => {
    const { store, put, deliver } = site(t);
    put('one');
    await deliver();
    assert.deepEqual(outboxState(store, 0), { waiting: 0, givenUp: 1, lastError: 'the project has no mail: any more' });
  });

  test('remembers who was refused while others got the mail', async (t) => {
    const server = await startServer(t, {
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('gone') ? done(refusal(550, 'no such user')) : done(),
    });
    const url = `smtp://127.0.0.1:${server.port}?tls=optional`;
    const settings = { from: 'cron@shop.example', to: ['ops@shop.example'], transport: { kind: 'smtp', url } } as const;
    const { store, put, deliver } = site(t, settings);
    put('one', ['ops@shop.example', 'gone@shop.example']);
    await deliver();
    assert.equal(server.mails.length, 1);
    const [told] = toldOf(store, 'run-one');
    assert.equal(told?.sentAt, morning);
    assert.match(told?.error ?? '', /^gone@shop\.example: .*no such user/);
  });

  test('keeps a mail whose password file cannot be read, and sends it once it can', async (t) => {
    const server = await startServer(t);
    const store = newStore(t);
    const path = join(store.directory, 'secrets');
    const url = 'smtp://127.0.0.1:${PORT}?tls=optional';
    const mail = { from: 'cron@shop.example', to: ['ops@shop.example'], transport: { kind: 'smtp', url } } as const;
    const { put, deliver, clock } = site(t, undefined, store);
    const project = projectOf([jobOf('backup')], { mail, envFiles: [path] });
    install(store, { project, settings: settingsOf({ mail, envFiles: [path] }), by: 'ann', at: morning });
    put('one');
    await deliver();
    assert.match(outboxState(store, 0).lastError ?? '', /cannot read the env-file/);
    writeFileSync(path, `PORT=${server.port}\n`, { mode: 0o600 });
    clock.move(minute);
    await deliver();
    assert.equal(server.mails.length, 1);
  });

  test('never throws: a store that cannot be read is complained about', async (t) => {
    const { store, deliver, world } = site(t);
    store.db.run('DROP TABLE outbox');
    await deliver();
    assert.match(world.complaints.join(''), /^cronwright: could not look after the outbox: no such table/);
  });

  test('starts nothing where nothing is due', async (t) => {
    const store = newStore(t);
    const { mail, file } = mailToFile(store);
    await site(t, mail, store).deliver();
    assert.equal(existsSync(file), false);
  });
});
