import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { outboxState } from '../../src/store/outbox.ts';
import { openRuns, runsWhere } from '../../src/store/runs.ts';
import { openExistingStore, type Store } from '../../src/store/store.ts';
import { builtProgram, clockMovedBy, until } from '../e2e/program.ts';
import { skipUnlessMounts } from '../store/spool-rig.ts';
import { Chance, givenSeed } from './chance.ts';
import { type Ground, newGround } from './ground.ts';
import {
  expectNothingLeft,
  expectNothingTwice,
  expectToldOnce,
  expectTruth,
  type Remains,
  remainsOf,
} from './invariants.ts';
import { Killer, surroundingsOf } from './kills-rig.ts';
import { type Kind, kinds, leftMark, markOf, settingsOf } from './lives.ts';
import { endProcessesWith, processesWith } from './marked.ts';

const launcher = builtProgram();
const seed = givenSeed();
const kills = 320;
const jobsOfEachKind = 40;
/** Lives at a time. */
const lanes = 5;
const minute = 60_000;

describe(`wrappers, retries and ticks that are killed at any moment (FAULTS_SEED=${seed})`, {
  skip: skipUnlessMounts,
}, () => {
  it('leave nothing but the truth behind, once all is quiet', async (t) => {
    const ground = await newGround(t, launcher);
    t.after(() => endProcessesWith(markOf(ground)));
    mkdirSync(`${ground.path}/tmp`);
    const jobs = jobsOf(ground);
    await ground.installJobs(Object.fromEntries(jobs.map(({ name, settings }) => [name, settings])));
    const killer = new Killer(ground, new Chance(seed));
    await killAround(ground, killer, jobs);
    const store = openExistingStore(ground.state);
    t.after(() => store.close());
    await settle(ground, store);
    const remains = remainsOf(ground, store);
    report(t, killer, remains);
    assert.ok(killer.kills >= kills, `${killer.kills} kills are too few`);
    expectNothingTwice(remains);
    expectTruth(remains);
    expectToldOnce(remains);
    expectNothingLeft(remains);
    for (const { err } of killer.lives) assert.doesNotMatch(err, /^ {4}at /m);
    await expectFreshStarts(ground, jobs);
  });
});

interface NamedJob {
  readonly name: string;
  readonly kind: Kind;
  readonly settings: object;
}

/** Jobs of every kind in turn, each of which has one life. */
function jobsOf(ground: Ground): readonly NamedJob[] {
  return Array.from({ length: jobsOfEachKind }, (_, number) =>
    kinds.map((kind) => ({ name: `${kind.name}-${number}`, kind, settings: settingsOf(ground, kind) })),
  ).flat();
}

async function killAround(ground: Ground, killer: Killer, jobs: readonly NamedJob[]): Promise<void> {
  const left = [...jobs];
  let isOver = false;
  const lane = async () => {
    for (let job = left.shift(); job !== undefined && killer.kills < kills; job = left.shift()) {
      await killer.live(job.kind, job.name);
    }
  };
  const upkeep = async () => {
    while (!isOver) {
      await killer.tick();
      killer.killRetry();
      for (const look of ['list', 'history']) await ground.json([look]);
    }
  };
  const looking = upkeep();
  await Promise.all(Array.from({ length: lanes }, lane));
  isOver = true;
  await looking;
}

/** Ticks until nothing goes on, nothing is owed, and nothing waits in the outbox or the spool. */
async function settle(ground: Ground, store: Store): Promise<void> {
  const isQuiet = async () => {
    await tick(ground, 0);
    const meant = processesWith(leftMark);
    if (processesWith(markOf(ground)).some((pid) => !meant.includes(pid))) return false;
    return openRuns(store).length + runsWhere(store, 'retry_at IS NOT NULL').length === 0;
  };
  await until('all runs have ended', isQuiet, 2 * minute);
  let later = 0;
  const isTold = async () => {
    later += 2 * minute;
    await tick(ground, later);
    return outboxState(store, 0).waiting === 0;
  };
  await until('all is told', isTold, minute);
  // One tick takes in no more than 200 of what lies in the spool.
  for (let times = 0; times < 5; times++) await tick(ground, later + 20 * minute);
}

async function tick(ground: Ground, later: number): Promise<void> {
  const also = { ...surroundingsOf(ground), ...clockMovedBy(later) };
  const { status, err } = await ground.cronwright(['tick'], { also });
  assert.equal(status, 0, err);
}

/** What the kills met, told by what is left of the killed. */
function report(t: TestContext, { lives, kills: count }: Killer, { store, notes }: Remains): void {
  const begun = new Set(notes.map(({ run }) => run));
  const rows = store.db.all<{ pid: number; run: string; state: string }>('SELECT pid, id AS run, state FROM run');
  const stages = { 'before the permit': 0, 'before the task': 0, 'before the record': 0, 'after it': 0 };
  for (const { pid } of lives.filter(({ killed }) => killed)) {
    const row = rows.find((one) => one.pid === pid);
    if (row === undefined) stages['before the permit']++;
    else if (begun.has(row.run))
      stages[row.state === 'interrupted' || row.state === 'cancelled' ? 'before the record' : 'after it']++;
    else stages['before the task']++;
  }
  const states = Object.entries(Object.groupBy(rows, ({ state }) => state));
  const counts = states.map(([state, some]) => `${some?.length} ${state}`).join(', ');
  t.diagnostic(`${count} kills of ${lives.length} wrappers and ticks: ${JSON.stringify(stages)}; runs: ${counts}`);
  assert.ok(
    Object.values(stages).every((met) => met > 0),
    'the kills are not spread',
  );
}

/** Nothing stands in the way of a fresh start. */
async function expectFreshStarts(ground: Ground, jobs: readonly NamedJob[]): Promise<void> {
  for (const { name } of jobs.filter(({ kind: { others } }) => others === 'later').slice(0, 12)) {
    const before = ground.noted().length;
    const { status, err } = await ground.cronwright(['run', '--at-boot', `shop/${name}`]);
    assert.equal(status, 0, `${name}: ${err}`);
    assert.equal(ground.noted().length, before + 2, name);
  }
}
