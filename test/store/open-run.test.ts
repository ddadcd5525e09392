import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, type TestContext, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { claimRun, type Opened, type Opening, openRun } from '../../src/store/open-run.ts';
import {
  closeRun,
  history,
  type OpenRun,
  openRunById,
  openRuns,
  requestCancel,
  runById,
} from '../../src/store/runs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { until } from '../run/rig.ts';
import { begin, type Companion, companion, minute, morning, newPath, newStore, nobody, race } from './rig.ts';

const backup = 'shop/backup' as JobId;
const everybody = () => true;

function open(store: Store, run: string, changes: Partial<Opening> = {}): Opened {
  return openRun(store, {
    newName: () => run,
    job: backup,
    revision: 1,
    slot: undefined,
    trigger: 'manual',
    holder: nobody,
    at: morning,
    overlap: 'skip',
    isAlive: everybody,
    ...changes,
  });
}

/** The names of the runs that an opening speaks of, and its kind. */
function told(opened: Opened): readonly string[] {
  const others = 'holder' in opened ? [opened.holder] : [];
  const victims = 'victims' in opened ? opened.victims : [];
  return [opened.kind, opened.run, ...[...others, ...victims].map(({ run }) => run)];
}

const claim = (store: Store, run: string, isAlive: (run: OpenRun) => boolean = everybody) =>
  claimRun(store, run, { at: morning + minute, isAlive });

suite('the launch permit', () => {
  test('is granted once for each slot, however many processes ask for it at once', async (t) => {
    const path = newPath(t);
    openStore(path).close();
    const granted = await race(t, 8, 'asks-permits', [path]);
    const slots = granted
      .flat()
      .map(Number)
      .sort((a, b) => a - b);
    assert.deepEqual(
      slots,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test('is refused with the name of the run that has the slot', (t) => {
    const store = newStore(t);
    begin(store, { run: 'first', slot: morning });
    assert.deepEqual(open(store, 'second', { slot: morning }), { kind: 'taken', run: 'first' });
    const later = { slot: morning + minute, overlap: 'allow' } as const;
    assert.deepEqual(open(store, 'second', later), { kind: 'granted', run: 'second' });
    assert.equal(history(store, { limit: 9 }).length, 2);
  });

  test('comes with another name where the first is in use: no start is lost by chance', (t) => {
    const store = newStore(t);
    begin(store, { run: 'same', job: 'shop/other' });
    const names = ['same', 'same', 'other'];
    const newName = () => names.shift() ?? 'too late';
    assert.deepEqual(open(store, '', { newName, slot: morning }), { kind: 'granted', run: 'other' });
    assert.equal(runById(store, 'same')?.job, 'shop/other');
  });

  test('of a later attempt counts those before it', (t) => {
    const store = newStore(t);
    open(store, 'one', { firstAttempt: 3 });
    assert.equal(runById(store, 'one')?.attempts, 2);
  });
});

suite('a start while another run of the job goes on', () => {
  test('is skipped, with the reason and the holder', (t) => {
    const store = newStore(t);
    open(store, 'first', { holder: { pid: 4711, boot: 'b', born: 1 } });
    const opened = open(store, 'second', { slot: morning, trigger: 'schedule', at: morning + 90_000 });
    assert.deepEqual(told(opened), ['skipped', 'second', 'first']);
    const reason = 'run first (process 4711, started 1 minute 30 seconds before) was still going';
    assert.equal(opened.kind === 'skipped' && opened.reason, reason);
    const run = runById(store, 'second');
    assert.deepEqual([run?.state, run?.reason, run?.endedAt], ['skipped', reason, morning + 90_000]);
    assert.equal(open(store, 'third', { slot: morning }).kind, 'taken');
  });

  test('waits, one at a time', (t) => {
    const store = newStore(t);
    open(store, 'first');
    assert.deepEqual(told(open(store, 'second', { overlap: 'wait' })), ['waiting', 'second', 'first']);
    assert.deepEqual([runById(store, 'second')?.state, openRunById(store, 'second')?.pid], ['waiting', nobody.pid]);
    const third = open(store, 'third', { overlap: 'wait' });
    assert.deepEqual(told(third), ['skipped', 'third', 'second']);
    assert.match(runById(store, 'third')?.reason ?? '', /^run second .* was waiting for its turn already$/);
    assert.equal(open(store, 'fourth', { overlap: 'skip' }).kind, 'skipped');
  });

  test('replaces it, and who waits for it too, and each knows by whom', (t) => {
    const store = newStore(t);
    open(store, 'first');
    open(store, 'second', { overlap: 'wait', at: morning + 1 });
    const opened = open(store, 'third', { overlap: 'replace', at: morning + 2 });
    assert.deepEqual(told(opened), ['replacing', 'third', 'first', 'second']);
    const asked = openRuns(store).map(({ run, cancelBy }) => [run, cancelBy]);
    const by = 'run third, which replaces it';
    assert.deepEqual(asked, [
      ['first', by],
      ['second', by],
      ['third', null],
    ]);
    assert.equal(claim(store, 'third').kind, 'blocked');
    closeRun(store, { run: 'first', state: 'cancelled', at: morning + 3, reason: 'was cancelled by SIGTERM' });
    assert.equal(runById(store, 'first')?.reason, `was cancelled by ${by}`);
    assert.equal(claim(store, 'third').kind, 'granted');
    assert.equal(claim(store, 'second').kind, 'closed');
    assert.deepEqual(
      [runById(store, 'second')?.state, runById(store, 'second')?.reason],
      ['cancelled', `was cancelled by ${by}`],
    );
  });

  test('goes on beside it where that is allowed, and nobody is looked at', (t) => {
    const store = newStore(t);
    open(store, 'first');
    const isAlive = () => assert.fail('asked');
    assert.equal(open(store, 'second', { overlap: 'allow', isAlive }).kind, 'granted');
  });

  test('is granted where the other is only recorded: its processes are gone', (t) => {
    for (const overlap of ['skip', 'wait', 'replace'] as const) {
      const store = newStore(t);
      open(store, 'dead');
      open(store, 'dead-waiting', { overlap: 'wait' });
      assert.deepEqual(open(store, 'next', { overlap, isAlive: () => false }), { kind: 'granted', run: 'next' });
      assert.equal(openRunById(store, 'dead')?.cancelBy, null);
    }
  });

  test('is granted where the other is of another job', (t) => {
    const store = newStore(t);
    begin(store, { run: 'other', job: 'shop/other' });
    assert.equal(open(store, 'mine').kind, 'granted');
  });
});

suite('a waiting run', () => {
  test('begins once nobody stands before it, and not sooner', (t) => {
    const store = newStore(t);
    open(store, 'first');
    open(store, 'second', { overlap: 'wait' });
    const blocked = claim(store, 'second');
    assert.equal(blocked.kind === 'blocked' && blocked.holder.run, 'first');
    closeRun(store, { run: 'first', state: 'succeeded', at: morning });
    assert.equal(claim(store, 'second').kind, 'granted');
    assert.deepEqual(
      [runById(store, 'second')?.state, runById(store, 'second')?.startedAt],
      ['running', morning + minute],
    );
    assert.equal(claim(store, 'second').kind, 'granted');
    assert.equal(claim(store, 'no such run').kind, 'closed');
  });

  test('asks without a write while it is not its turn', async (t) => {
    const store = newStore(t);
    open(store, 'first');
    open(store, 'second', { overlap: 'wait' });
    const other = companion(t, 'holds-write-lock', store.directory);
    assert.equal(await other.line(), 'holding');
    assert.equal(claim(store, 'second').kind, 'blocked');
  });

  test('comes after one that has waited for longer, and before it where that one is gone', (t) => {
    const store = newStore(t);
    open(store, 'first');
    open(store, 'b-second', { overlap: 'wait', at: morning + 1 });
    const withoutSecond = ({ run }: OpenRun) => run === 'first';
    open(store, 'a-third', { overlap: 'wait', at: morning + 2, isAlive: withoutSecond });
    closeRun(store, { run: 'first', state: 'succeeded', at: morning + 3 });
    const blocked = claim(store, 'a-third');
    assert.equal(blocked.kind === 'blocked' && blocked.holder.run, 'b-second');
    assert.equal(claim(store, 'a-third', () => false).kind, 'granted');
  });

  test('that was cancelled ends without having begun, and keeps nobody from waiting', (t) => {
    const store = newStore(t);
    open(store, 'first');
    open(store, 'second', { overlap: 'wait' });
    assert.equal(requestCancel(store, 'second', 'ann'), true);
    assert.equal(open(store, 'third', { overlap: 'wait' }).kind, 'waiting');
    assert.equal(claim(store, 'second').kind, 'closed');
    const run = runById(store, 'second');
    assert.deepEqual([run?.state, run?.reason, run?.endedAt], ['cancelled', 'was cancelled by ann', morning + minute]);
  });
});

suite('processes that start a job at the same moment', () => {
  /** Lets `count` processes go at once; resolves with each and the first thing it says. */
  async function startTogether(t: TestContext, count: number, ...words: readonly string[]) {
    const store = newStore(t);
    const companions = Array.from({ length: count }, () => companion(t, 'starts-run', store.directory, ...words));
    for (const { line } of companions) assert.equal(await line(), 'ready');
    for (const { go } of companions) go();
    const said = await Promise.all(companions.map(async (one) => ({ one, said: (await one.line()) ?? '' })));
    const those = (kind: string): readonly Companion[] =>
      said.filter((each) => each.said.startsWith(`${kind} `)).map(({ one }) => one);
    return { store, companions, those };
  }

  test('for one slot: one is granted, the others learn which', async (t) => {
    const { store, those } = await startTogether(t, 20, 'allow', '60000');
    assert.deepEqual([those('granted').length, those('taken').length], [1, 19]);
    assert.equal(history(store, { limit: 99 }).length, 1);
  });

  test('with overlap: skip: one is granted, the others are recorded as skipped', async (t) => {
    const { store, those } = await startTogether(t, 20, 'skip');
    assert.deepEqual([those('granted').length, those('skipped').length], [1, 19]);
    assert.equal(history(store, { state: 'skipped', limit: 99 }).length, 19);
  });

  test('with overlap: wait: one goes, one waits and goes when the first is killed, the others are skipped', async (t) => {
    const { store, those } = await startTogether(t, 12, 'wait');
    const [[first], [second]] = [those('granted'), those('waiting')];
    assert.ok(first && second);
    assert.deepEqual([those('granted').length, those('waiting').length, those('skipped').length], [1, 1, 10]);
    assert.equal(await first.line(), 'began');
    assert.equal(history(store, { state: 'waiting', limit: 9 }).length, 1);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    assert.equal(await second.line(), 'began');
  });

  test('with overlap: replace: one is left, the others were cancelled by one that replaced them', async (t) => {
    const { store, companions } = await startTogether(t, 8, 'replace');
    await until('one is left', () => openRuns(store).length === 1 && openRuns(store)[0]?.state === 'running');
    assert.equal(companions.filter(({ child }) => child.pid === openRuns(store)[0]?.pid).length, 1);
    const cancelled = history(store, { state: 'cancelled', limit: 9 });
    assert.equal(cancelled.length, 7);
    for (const { reason } of cancelled) assert.match(reason ?? '', /^was cancelled by run \w{13}, which replaces it$/);
  });

  test('for one retry: one is granted', async (t) => {
    const path = newPath(t);
    const store = openStore(path);
    t.after(() => store.close());
    begin(store, { run: 'cut-short' });
    closeRun(store, { run: 'cut-short', state: 'interrupted', at: 1, retry: { at: 2, attempt: 2 } });
    const retries = Array.from({ length: 10 }, () => companion(t, 'starts-run', path, 'allow', '-', 'cut-short'));
    for (const { line } of retries) assert.equal(await line(), 'ready');
    for (const { go } of retries) go();
    const said = await Promise.all(retries.map(({ line }) => line()));
    const granted = said.filter((words) => words?.startsWith('granted '));
    assert.equal(granted.length, 1);
    const run = granted[0]?.split(' ')[1];
    assert.deepEqual(said.filter((words) => words === `taken ${run}`).length, 9);
    assert.equal(runById(store, run ?? '')?.continues, 'cut-short');
    assert.equal(runById(store, 'cut-short')?.retryAt, null);
  });
});
