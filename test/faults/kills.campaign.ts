import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { integrityProblems, openExistingStore } from '../../src/store/store.ts';
import type { LogView, RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { builtProgram, clockMovedBy, type Running, until } from '../e2e/program.ts';
import { mailProgram } from '../notify/rig.ts';
import { linesIn } from './ground.ts';
import { randomOf } from './random.ts';

const launcher = builtProgram();

/** How many wrappers are killed. */
const kills = Number(process.env.CRONWRIGHT_KILLS ?? 320);
const seed = Number(process.env.CRONWRIGHT_SEED ?? Date.now() % 1_000_000);

const minute = 60_000;
/** A line of a task: which slot, run and attempt it was. */
const note = 'echo "$CRONWRIGHT_JOB $CRONWRIGHT_SLOT $CRONWRIGHT_RUN $CRONWRIGHT_ATTEMPT" >>"$NOTES"';
const retry = 'retry: {attempts: 3, delay: 1s}';

/** The jobs, with the milliseconds that a wrapper of each is killed within. */
const kinds: Readonly<Record<string, readonly [string, number]>> = {
  short: [`command: '${note}'`, 250],
  long: [`command: '${note}; sleep 0.6'`, 900],
  writes: [`command: '${note}; head -c 3000000 /dev/zero; sleep 0.2'`, 600],
  fails: [`command: '${note}; exit 3', ${retry}`, 2_600],
  'cut-short': [`command: '${note}; sleep 0.5', ${retry}`, 800],
  replaces: [`command: '${note}; sleep 0.7', overlap: replace, grace: 1s`, 900],
  waits: [`command: '${note}; sleep 0.5', overlap: wait, wait-up-to: 3s`, 900],
  overlaps: [`command: '${note}; sleep 0.3', overlap: allow`, 600],
  detached: [`command: '${note}; setsid sleep 0.8 & sleep 0.3', timeout: 5s, grace: 1s`, 700],
  endless: [`command: '${note}; setsid sleep 1000 & sleep 1000', timeout: 1s, grace: 1s`, 2_500],
};
const names = Object.keys(kinds);

/** A place whose clock goes on by a minute with each start, so that each has a slot of its own. */
class Site {
  readonly place: Place;
  readonly notes: string;
  readonly mails: string;
  readonly random = randomOf(seed);
  #minutes = 0;

  constructor(t: TestContext) {
    this.place = newPlace(t, launcher);
    this.notes = join(this.place.path, 'notes');
    this.mails = join(this.place.path, 'mails');
  }

  async install(): Promise<void> {
    const mail = `mail: {from: cron@shop.example, to: ops@shop.example, sendmail: [${mailProgram('appends-message')}, ${this.mails}]}`;
    const jobs = Object.entries(kinds).map(([name, [rest]]) => `  ${name}: {schedule: "* * * * *", ${rest}}`);
    await this.place.install(`${mail}\nenv: {NOTES: ${this.notes}}\njobs:\n${jobs.join('\n')}\n`);
  }

  /** The next minute. */
  nextSlot(): number {
    this.#minutes += 1;
    return this.#minutes;
  }

  start(words: readonly string[], minutes = this.#minutes): Running {
    return this.place.start(words, { also: clockMovedBy(minutes * minute) });
  }

  run(name: string, minutes: number): Running {
    return this.start(['run', '--scheduled', `shop/${name}`], minutes);
  }

  async tick(): Promise<void> {
    const { status, err } = await this.start(['tick']).ended;
    assert.equal(status, 0, err);
  }

  history(): Promise<readonly RunView[]> {
    return this.place.json(['history', '--limit', '100000']);
  }
}

/** One wrapper that is killed, and what happens around it. */
async function strike(site: Site, counts: Map<string, number>): Promise<void> {
  const { random } = site;
  const name = random.oneOf(names);
  const slot = site.nextSlot();
  const wrapper = site.run(name, slot);
  // The same slot once more, as by a second cron or a clock that was set back.
  const twin = random.chance(0.25) ? site.run(name, slot) : undefined;
  const [, longest] = kinds[name] ?? ['', 0];
  await Promise.race([delay(random.below(longest)), wrapper.ended]);
  const signal = random.chance(0.15) ? 'SIGTERM' : 'SIGKILL';
  const struck = wrapper.process.exitCode === null && wrapper.process.kill(signal);
  if (struck) counts.set(`${name} ${signal}`, (counts.get(`${name} ${signal}`) ?? 0) + 1);
  if (random.chance(0.3)) await site.tick();
  if (random.chance(0.1)) {
    const tick = site.start(['tick']);
    await Promise.race([delay(random.below(150)), tick.ended]);
    tick.process.kill('SIGKILL');
    await tick.ended;
  }
  if (random.chance(0.1)) await site.place.cronwright(['list']);
  // A task may hold the pipes of a wrapper that is gone, so its end is waited for and not theirs.
  await until('the wrapper is gone', () => isGone(wrapper) && (twin === undefined || isGone(twin)), 30_000);
}

function isGone({ process: { exitCode, signalCode } }: Running): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Ticks until nothing is open and nothing is owed. */
async function settle(site: Site): Promise<readonly RunView[]> {
  let runs: readonly RunView[] = [];
  await until(
    'all runs are closed and all retries made',
    async () => {
      site.nextSlot();
      await site.tick();
      runs = await site.history();
      const open = runs.some(({ state }) => state === 'running' || state === 'waiting');
      return !open && carriers(site).length === 0 && owed(site) === 0;
    },
    120_000,
  );
  return runs;
}

/** Attempts and mails that are still to come. */
function owed({ place }: Site): number {
  const store = openExistingStore(place.state);
  try {
    const count = (sql: string): number => store.db.get<{ n: number }>(sql)?.n ?? 0;
    return (
      count('SELECT count(*) AS n FROM run WHERE retry_at IS NOT NULL') +
      count('SELECT count(*) AS n FROM outbox WHERE next_at IS NOT NULL')
    );
  } finally {
    store.close();
  }
}

/** The processes that tasks of this place have started and that still live. */
function carriers({ notes }: Site): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      const isZombie = / Z /.test(readFileSync(`/proc/${name}/stat`, 'latin1'));
      return !isZombie && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`NOTES=${notes}\0`);
    } catch {
      return false;
    }
  });
}

function leftBehind(): readonly string[] {
  return ['/dev/shm', tmpdir()].flatMap((place) => readdirSync(place).filter((name) => /^cronwright-run-/.test(name)));
}

test(`Wrappers that are killed at any moment lose nothing and do nothing twice (seed ${seed})`, async (t) => {
  const site = new Site(t);
  await site.install();
  const before = new Set(leftBehind());
  const counts = new Map<string, number>();
  const struck = (): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lane = async (): Promise<void> => {
    for (let started = 0; struck() < kills && started < 2 * kills; started++) await strike(site, counts);
  };
  await Promise.all([lane(), lane(), lane()]);
  assert.ok(struck() >= kills, `only ${struck()} were killed`);
  t.diagnostic(`${struck()} killed: ${[...counts].map(([what, count]) => `${what} ${count}`).join(', ')}`);

  const runs = await settle(site);
  const states = new Map<string, number>();
  for (const { state } of runs) states.set(state, (states.get(state) ?? 0) + 1);
  t.diagnostic(`${runs.length} runs: ${[...states].map(([state, count]) => `${state} ${count}`).join(', ')}`);

  await t.test('no slot and no attempt was launched twice', () => {
    const launched = linesIn(site.notes).map((line) => line.split(' '));
    const keys = launched.map(([job, slot, , attempt]) => `${job} ${slot} ${attempt}`);
    assert.deepEqual(repeated(keys), []);
    const slots = runs.filter(({ slot }) => slot !== null).map(({ job, slot }) => `${job} ${slot}`);
    assert.deepEqual(repeated(slots), []);
  });

  await t.test('no run is lost', () => {
    const known = new Set(runs.map(({ run }) => run));
    const launched = linesIn(site.notes).map((line) => line.split(' ')[2] ?? '');
    assert.deepEqual(
      launched.filter((run) => !known.has(run)),
      [],
    );
  });

  await t.test('every end that is to be told was told, once', async () => {
    const told = runs.filter(({ state }) => ['failed', 'timed-out', 'interrupted'].includes(state));
    assert.ok(told.length > 20);
    for (const { run, state } of told) {
      const log = await site.place.json<LogView>(['logs', run]);
      assert.deepEqual([run, state, log.told.map((mail) => mail.state)], [run, state, ['sent']]);
    }
  });

  await t.test('no lock is left: each job starts again', async () => {
    site.nextSlot();
    for (const name of names) {
      await site.run(name, site.nextSlot()).ended;
      const [latest] = await site.place.json<readonly RunView[]>(['history', name, '--limit', '1']);
      const states = { fails: 'failed', endless: 'timed-out' } as const;
      assert.equal(latest?.state, Object.hasOwn(states, name) ? states[name as 'fails'] : 'succeeded', name);
    }
  });

  await t.test('nothing is left behind', async () => {
    for (let later = 0; later < 20; later++) site.nextSlot();
    await site.tick();
    assert.deepEqual(carriers(site), []);
    assert.deepEqual(
      leftBehind().filter((name) => !before.has(name)),
      [],
    );
    assert.deepEqual(readdirSync(join(site.place.state, 'spool')), []);
    const store = openExistingStore(site.place.state);
    t.after(() => store.close());
    assert.deepEqual(integrityProblems(store), []);
  });
});

function repeated(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
}
