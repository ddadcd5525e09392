import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { suite, test } from 'node:test';
import { writeFile } from '../temporary.ts';
import { type MovedMachine, newMachine } from './moved-machine.ts';
import { builtProgram, until } from './program.ts';

const launcher = builtProgram();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const note = 'echo "$CRONWRIGHT_JOB $CRONWRIGHT_SLOT" >>starts';

/** Jobs by their names, each with what is special to it. */
function jobs({ place }: MovedMachine, settings: Readonly<Record<string, string>>, command = note): string {
  const common = `cwd: ${place.path}, start-deadline: 7d, command: '${command}'`;
  return `jobs:\n${Object.entries(settings)
    .map(([name, more]) => `  ${name}: { ${common}, ${more} }\n`)
    .join('')}`;
}

/** Lets minutes pass in steps of two: cron starts the jobs at every twentieth minute, and the tick. */
async function pass(machine: MovedMachine, minutes: number, names: readonly string[]): Promise<void> {
  for (let left = minutes; left > 0; left -= 2) {
    machine.move({ wall: 2 * minute, uptime: 2 * minute });
    assert.equal(await machine.startByCron(machine.now() % (20 * minute) === 0 ? names : []), '');
    await machine.settled();
  }
}

/** What a job's tasks wrote at their starts. @param slots from one to another, every so many minutes. */
function each(job: string, from: string, to: string, every = 20): readonly string[] {
  const first = Date.parse(from);
  const count = (Date.parse(to) - first) / minute / every + 1;
  return Array.from({ length: count }, (_, n) => `shop/${job} ${new Date(first + n * every * minute).toISOString()}`);
}

function causes({ store }: MovedMachine): readonly string[] {
  return store()
    .db.all<{ cause: string }>('SELECT cause FROM gap ORDER BY cause')
    .map(({ cause }) => cause);
}

function missed({ store }: MovedMachine) {
  return store().db.all("SELECT job, slots FROM run WHERE state = 'missed' ORDER BY job");
}

suite('a clock that is set, and the real program', () => {
  test('back by an hour: nothing is started twice, and nothing is missed', async (t) => {
    const machine = newMachine(t, launcher, '2026-11-24T12:50Z');
    await machine.install(jobs(machine, { often: 'schedule: every 20m, missed: run-all' }));
    await pass(machine, 40, ['often']);
    machine.move({ wall: -hour });
    await pass(machine, 80, ['often']);
    assert.deepEqual(machine.starts(), [
      ...each('often', '2026-11-24T13:00Z', '2026-11-24T13:20Z'),
      ...each('often', '2026-11-24T12:40Z', '2026-11-24T12:40Z'),
      ...each('often', '2026-11-24T13:40Z', '2026-11-24T13:40Z'),
    ]);
    assert.deepEqual(missed(machine), []);
    assert.deepEqual(causes(machine), ['clock-back']);
  });

  test('forward by a day and back again: what is made up for is so once, and not started at its time', async (t) => {
    const machine = newMachine(t, launcher, '2026-11-24T12:50Z');
    const policies = { all: 'run-all', none: 'ignore', once: 'run-once' };
    const names = Object.keys(policies);
    const settings = Object.entries(policies).map(([name, missed]) => {
      return [name, `schedule: every 20m, missed: ${missed}, notify: { on: [failure] }`];
    });
    await machine.install(jobs(machine, Object.fromEntries(settings)));
    await pass(machine, 20, names);
    machine.move({ wall: day });
    await pass(machine, 10, names);
    machine.move({ wall: -day });
    await pass(machine, 60, names);
    const usual = (name: string) => [
      ...each(name, '2026-11-24T13:00Z', '2026-11-24T13:00Z'),
      ...each(name, '2026-11-25T13:20Z', '2026-11-25T13:20Z'),
    ];
    const later = (name: string) => each(name, '2026-11-24T13:40Z', '2026-11-24T14:20Z');
    assert.deepEqual(
      machine.starts().toSorted(),
      [
        ...[...usual('all'), ...each('all', '2026-11-24T13:20Z', '2026-11-25T13:00Z')],
        ...[...usual('none'), ...later('none')],
        ...[...usual('once'), ...later('once'), ...each('once', '2026-11-25T13:00Z', '2026-11-25T13:00Z')],
      ].toSorted(),
    );
    assert.deepEqual(missed(machine), [
      { job: 'shop/none', slots: 1 },
      { job: 'shop/once', slots: 1 },
    ]);
    assert.deepEqual(causes(machine), ['clock-back', 'clock-forward']);
  });
});

/** A week passes while the machine sleeps; then come the ticks until what was missed has been looked for. */
async function sleepForAWeek(machine: MovedMachine): Promise<readonly string[]> {
  await machine.startByCron([]);
  machine.move({ wall: 7 * day, uptime: 7 * day, awake: 0 });
  const reports = [await machine.startByCron([])];
  for (const _ of [1, 2]) {
    machine.move({ wall: 2 * minute, uptime: 2 * minute });
    reports.push(await machine.startByCron([]));
  }
  return reports;
}

suite('a machine that is opened after a week', () => {
  test('makes up for the last hundred starts of a job, in their order', async (t) => {
    const machine = newMachine(t, launcher, '2026-11-24T12:50Z');
    await machine.install(jobs(machine, { often: 'schedule: every 1m, missed: run-all' }));
    await sleepForAWeek(machine);
    await machine.settled();
    assert.deepEqual(machine.starts(), each('often', '2026-12-01T11:12Z', '2026-12-01T12:51Z', 1));
    assert.deepEqual(missed(machine), [{ job: 'shop/often', slots: 7 * 24 * 60 + 1 - 100 }]);
    assert.deepEqual(causes(machine), ['machine-asleep']);
  });

  test('with a hundred jobs has ten of them make up for it at the same time, and tells of all at once', async (t) => {
    const machine = newMachine(t, launcher, '2026-11-24T12:50Z');
    const names = Array.from({ length: 100 }, (_, n) => `job-${n}`);
    const settings = names.map((name) => [name, 'schedule: every 1m, missed: run-all']);
    const { path } = machine.place;
    writeFile(path, 'hold', '');
    const held = `${note}; while [ -f hold ]; do sleep 0.1; done`;
    await machine.install(jobs(machine, Object.fromEntries(settings), held));
    try {
      const reports = [...(await sleepForAWeek(machine))];
      for (let more = 0; more < 3; more++) {
        await until('ten tasks go on', () => machine.starts().length >= 10);
        machine.move({ wall: 10_000, uptime: 10_000 });
        reports.push(await machine.startByCron([]));
      }
      assert.deepEqual([machine.starts().length, going(machine)], [10, 10]);
      const owed = machine.store().db.all<{ n: number }>('SELECT count(*) AS n FROM owed GROUP BY job ORDER BY n');
      assert.deepEqual(
        owed.map(({ n }) => n),
        [...Array(10).fill(99), ...Array(90).fill(100)],
      );
      assert.equal(missed(machine).length, 100);
      const [report = '', ...others] = reports.filter((one) => one !== '');
      assert.match(report, /^shop on \S+: 100 jobs missed 1008100 starts\.\n/);
      assert.deepEqual(others, []);
    } finally {
      await letGo(machine);
    }
  });
});

function going({ store }: MovedMachine): number {
  return store().db.all('SELECT id FROM run WHERE ended_at IS NULL').length;
}

/** Without a job, the wrappers that are at it find nothing more to do once their tasks end. */
async function letGo(machine: MovedMachine): Promise<void> {
  const wrappers = machine.store().db.all<{ pid: number }>('SELECT pid FROM run WHERE ended_at IS NULL');
  await machine.install('jobs: {}\n');
  rmSync(`${machine.place.path}/hold`);
  await until('they have ended', () => wrappers.every(({ pid }) => !existsSync(`/proc/${pid}`)), 60_000);
}
