import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { openRuns, type Run, runsWhere } from '../../src/store/runs.ts';
import { existingPlaces } from '../../src/store/spool.ts';
import { integrityProblems, type Store } from '../../src/store/store.ts';
import type { Ground } from './ground.ts';
import { leftMark, markOf, type Note, notesOf } from './lives.ts';
import { processesWith } from './marked.ts';

/** What is left when all is quiet: the runs as recorded, and what their tasks have noted. */
export interface Remains {
  readonly ground: Ground;
  readonly store: Store;
  readonly runs: ReadonlyMap<string, Run>;
  readonly notes: readonly Note[];
}

export function remainsOf(ground: Ground, store: Store): Remains {
  const runs = new Map(runsWhere(store, 'true').map((run) => [run.run, run]));
  return { ground, store, runs, notes: notesOf(ground) };
}

/** No attempt was made twice: neither for a slot nor in a chain of runs that go on from each other. */
export function expectNothingTwice({ notes, runs }: Remains): void {
  const begun = notes.filter(({ what }) => what === 'begun');
  const ofSlots = begun.filter(({ slot }) => slot !== undefined);
  assert.deepEqual(repeated(ofSlots.map(({ job, slot, attempt }) => `${job} ${slot} ${attempt}`)), []);
  assert.deepEqual(repeated(begun.map(({ run, attempt }) => `${firstOf(runs, run)} ${attempt}`)), []);
  assert.deepEqual(
    notes.filter(({ what }) => what === 'twin'),
    [],
  );
}

/** The run that a chain began with. */
function firstOf(runs: ReadonlyMap<string, Run>, run: string): string {
  const continues = runs.get(run)?.continues ?? null;
  return continues === null ? run : firstOf(runs, continues);
}

function repeated(keys: readonly string[]): readonly string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}

/** Every task that began is in a run of its job, and no run claims what its task did not do. */
export function expectTruth({ store, notes, runs }: Remains): void {
  const lost = notes.filter(({ run, job }) => runs.get(run)?.job !== job);
  assert.deepEqual(lost, [], 'tasks whose runs are not recorded');
  const did = (what: string) => new Set(notes.filter((note) => note.what === what).map(({ run }) => run));
  const [begun, done] = [did('begun'), did('done')];
  const ofState = (...states: readonly string[]) => [...runs.values()].filter(({ state }) => states.includes(state));
  assert.deepEqual(ofState('waiting', 'running'), []);
  // No cron goes here, so that most slots are missed: those that no task began for.
  const slots = notes.flatMap(({ job, slot }) => (slot === undefined ? [] : [{ job, at: Date.parse(slot) }]));
  const served = ofState('missed').filter(({ job, firstSlot, slot }) =>
    slots.some((one) => one.job === job && one.at >= (firstSlot ?? slot ?? 0) && one.at <= (slot ?? 0)),
  );
  assert.deepEqual(served, [], 'slots that are recorded as missed, and had a task');
  assert.deepEqual(
    ofState('skipped').filter(({ run }) => begun.has(run)),
    [],
  );
  assert.deepEqual(
    ofState('succeeded', 'failed').filter(({ run }) => !done.has(run)),
    [],
  );
  // The database could be used all the time.
  assert.deepEqual(store.db.all("SELECT run, message FROM event WHERE message LIKE '%record%'"), []);
}

/** Every end that is worth it was told once, by a mail of its own, and no other was. */
export function expectToldOnce({ ground, store, runs }: Remains): void {
  const news = [...runs.values()].filter(isNews).map(({ run, state }) => `${run}.${state}`);
  // Who asks while a signal has ended the run already is told of what he wanted anyway.
  const asked = [...runs.values()].filter(({ cancelBy }) => cancelBy !== null).map(({ run }) => `${run}.cancelled`);
  const unasked = (ids: readonly string[]) => ids.filter((id) => !asked.includes(id));
  const letters = store.db.all<{ id: string }>('SELECT id FROM outbox').map(({ id }) => id);
  expectSame(unasked(letters), news, 'letters');
  // Who is killed between a server's answer and its own note sends once more, under the same Message-ID.
  const sent = [...new Set(ground.messageIds())].map((id) => id.split('@')[0] ?? '');
  expectSame(unasked(sent), news, 'mails');
}

/** Who has asked for an end is not told of it. */
function isNews({ state, cancelBy }: Run): boolean {
  if (state === 'cancelled') return cancelBy === null;
  return state === 'failed' || state === 'timed-out' || state === 'interrupted';
}

function expectSame(found: readonly string[], expected: readonly string[], what: string): void {
  const without = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one));
  assert.deepEqual(without(expected, found), [], `${what} that are missing`);
  assert.deepEqual(without(found, expected), [], `${what} that nobody needs`);
}

/** Nothing is left that could be in the way: no process, no open run, no retry, no file. */
export function expectNothingLeft({ ground, store }: Remains): void {
  const left = new Set(processesWith(leftMark));
  assert.deepEqual(
    processesWith(markOf(ground)).filter((pid) => !left.has(pid)),
    [],
    'processes',
  );
  assert.deepEqual(openRuns(store), [], 'open runs');
  assert.deepEqual(runsWhere(store, 'retry_at IS NOT NULL'), [], 'retries');
  assert.deepEqual(
    existingPlaces(ground.state).flatMap((place) => readdirSync(place)),
    [],
    'spool',
  );
  for (const place of [ground.mounts.seen('/dev/shm'), `${ground.path}/tmp`])
    assert.deepEqual(readdirSync(place), [], place);
  const partial = readdirSync(ground.state, { recursive: true }).filter((name) => /\.part$|\.\d+$/.test(String(name)));
  assert.deepEqual(partial, [], 'unfinished files');
  assert.deepEqual(integrityProblems(store), []);
}
