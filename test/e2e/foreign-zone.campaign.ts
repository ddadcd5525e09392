import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { runsWhere } from '../../src/store/runs.ts';
import { openExistingStore } from '../../src/store/store.ts';
import { expectedSlots, minuteOf, type Rule, steps } from '../crontab/year-model.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { canMakeFastWorld, type FastWorld, makeFastWorld } from './fast-world.ts';
import { until } from './program.ts';

const minute = 60_000;
const speed = 60;

/** A night of a host in which its clock changes, and that of others. */
interface Night {
  readonly zone: string;
  readonly start: string;
  /** Slots count from here, when cron runs for sure, until `to`. */
  readonly from: string;
  readonly to: string;
  readonly jobs: Readonly<Record<string, Twin>>;
}

/** A job as its owner writes it, and in plain terms. */
interface Twin {
  readonly written: { readonly schedule: string } & Partial<Pick<JobTimes, 'timezone' | 'dst'>>;
  readonly rule: Rule;
}

function at(minutes: string, hours: string, timezone = '', dst?: JobTimes['dst']): Twin {
  const times = hours.split(',').flatMap((hour) => minutes.split(',').map((one) => minuteOf(`${hour}:${one}`)));
  const rule: Rule = { kind: 'clock', fixed: true, days: () => true, times };
  return { written: { schedule: `${minutes} ${hours} * * *`, timezone, ...(dst && { dst }) }, rule };
}

/** On some dates of the month. */
function on(
  date: string,
  twin: Twin,
  isDate: (day: { readonly date: number; readonly last: number }) => boolean,
): Twin {
  const schedule = twin.written.schedule.replace('*', date);
  return { written: { ...twin.written, schedule }, rule: { ...twin.rule, days: isDate } as Rule };
}

function wild(schedule: string, times: readonly number[], timezone = '', dst?: JobTimes['dst']): Twin {
  const rule: Rule = { kind: 'clock', fixed: false, days: () => true, times };
  return { written: { schedule, timezone, ...(dst && { dst }) }, rule };
}

function elapsed(minutes: number, timezone: string): Twin {
  return {
    written: { schedule: `every ${minutes}m`, timezone },
    rule: { kind: 'elapsed', minutes, from: '2000-01-01T00:00' },
  };
}

const always = { skipped: 'run-after', repeated: 'twice' } as const;
const never = { skipped: 'skip', repeated: 'once' } as const;

const nights: readonly Night[] = [
  {
    // Havana's clock goes back at 05:00 UTC, the host's an hour later.
    zone: 'America/New_York',
    start: '2026-11-01T04:10Z',
    from: '2026-11-01T04:22Z',
    to: '2026-11-01T07:04Z',
    jobs: {
      own: at('30', '1'),
      'own-twice': at('45', '1', '', always),
      'own-quarters': wild('*/15 * * * *', steps(15)),
      'own-once': wild('*/20 1 * * *', steps(20, 60, 119), '', never),
      kathmandu: at('15', '10,11,12', 'Asia/Kathmandu'),
      london: at('40', '5,6', 'Europe/London'),
      berlin: at('0', '6,7', 'Europe/Berlin'),
      'lord-howe': at('0,30', '16,17', 'Australia/Lord_Howe'),
      havana: at('30', '0', 'America/Havana'),
      'havana-twice': at('35', '0', 'America/Havana', always),
      'havana-hours': wild('50 * * * *', steps(60, 50), 'America/Havana'),
      honolulu: on('L', at('10', '19', 'Pacific/Honolulu'), ({ date, last }) => date === last),
      auckland: on('L', at('10', '18', 'Pacific/Auckland'), ({ date, last }) => date === last),
      elapsed: elapsed(25, 'Asia/Kolkata'),
    },
  },
  {
    // London, Nuuk and Troll go forward at the same instant, Troll by two hours.
    zone: 'Europe/Berlin',
    start: '2026-03-29T00:10Z',
    from: '2026-03-29T00:22Z',
    to: '2026-03-29T02:34Z',
    jobs: {
      own: at('30', '2'),
      'own-not': at('40', '2', '', never),
      'own-quarters': wild('*/15 * * * *', steps(15)),
      'own-after': wild('*/20 2 * * *', steps(20, 120, 179), '', always),
      'london-gap': at('30', '1', 'Europe/London'),
      london: at('45', '0,2', 'Europe/London'),
      nuuk: at('30', '23', 'America/Nuuk'),
      'nuuk-later': at('20', '0', 'America/Nuuk'),
      troll: at('15,45', '1,2,3', 'Antarctica/Troll'),
      'troll-not': at('15,45', '1,2', 'Antarctica/Troll', never),
      kathmandu: at('0,30', '6,7', 'Asia/Kathmandu'),
      'lord-howe': at('0,30', '12', 'Australia/Lord_Howe'),
      'new-york': at('5', '20,21,22', 'America/New_York'),
      elapsed: elapsed(35, 'Asia/Kolkata'),
    },
  },
];

describe("Debian's cron and the program, through a night in which clocks change", {
  skip: skipWithout(canMakeFastWorld(), 'root, Debian’s cron, unshare, openssl and libfaketime'),
  concurrency: 2,
}, () => {
  for (const night of nights) {
    it(`start each slot once on a host in ${night.zone}, whatever the zone of the job`, (t) => spend(t, night));
  }
});

async function spend(t: TestContext, night: Night): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'cronwright-night-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const world = await makeFastWorld(t, home, { zone: night.zone, start: Date.parse(night.start), speed });
  await installs(world, home, night);
  await world.startCron();
  const [from, to] = [Date.parse(night.from), Date.parse(night.to)];
  assert.ok(world.now() < from, `cron began only at ${shown(world.now())}`);
  // What was started in the last minute gets some to end.
  await until('the night is over', () => world.now() > to + 5 * minute, (to + 10 * minute - from) / speed + 20_000);
  await world.stopCron();
  const rows = await ended(world);
  const expected = Object.entries(night.jobs).flatMap(([name, twin]) => {
    return slotsOf(name, twin, night).map((slot) => `shop/${name} ${shown(slot)} schedule succeeded`);
  });
  const found = rows.filter(({ slot }) => slot === null || (slot >= from && slot < to));
  const lines = found.map(({ job, slot, trigger, state }) => `${job} ${slot && shown(slot)} ${trigger} ${state}`);
  assert.deepEqual(lines.sort(), expected.sort());
  assert.deepEqual(
    rows.filter(({ state }) => state !== 'succeeded'),
    [],
  );
  assert.deepEqual(
    readFileSync(join(home, 'tasks'), 'utf8').trim().split('\n').sort(),
    rows.map(({ job, slot }) => `${job} ${slot && new Date(slot).toISOString()}`).sort(),
    'each run is a start of its task',
  );
  assert.equal(world.complaints(), '');
  const calls = world.calls().filter(([, words]) => words.startsWith('run --scheduled'));
  t.diagnostic(`${expected.length} slots, ${calls.length} starts by cron`);
  assert.ok(calls.length > rows.length, 'cron was never early, so that nothing was shown of who asks for no slot');
}

async function installs(world: FastWorld, home: string, { jobs }: Night): Promise<void> {
  const command = `echo "$CRONWRIGHT_JOB $CRONWRIGHT_SLOT" >>${home}/tasks`;
  const all = Object.entries(jobs).map(([name, { written }]) => [name, { ...written, command, missed: 'ignore' }]);
  // What JSON is, YAML is too.
  const text = JSON.stringify({ version: 1, project: 'shop', jobs: Object.fromEntries(all) });
  const file = writeFile(home, 'jobs.yaml', text.replaceAll('"timezone":"",', ''));
  const { status, out } = await world.cronwright('--file', file, 'sync');
  assert.equal(status, 0, `${out}${world.complaints()}`);
  assert.match(await world.table(), /^\* \* \* \* \* \S+ tick$/m);
}

/** All runs of the night, once none goes on. */
async function ended(world: FastWorld) {
  const store = openExistingStore(world.state);
  try {
    const going = () => store.db.all('SELECT id FROM run WHERE ended_at IS NULL').length;
    await until('all runs have ended', () => going() === 0);
    return runsWhere(store, '1');
  } finally {
    store.close();
  }
}

function slotsOf(name: string, { written, rule }: Twin, night: Night): readonly number[] {
  const job: JobTimes = {
    id: `shop/${name}` as JobId,
    timezone: '',
    dst: { skipped: 'as-cron', repeated: 'as-cron' },
    jitter: { offset: 0, delay: 0 },
    start: '',
    end: '',
    except: [],
    ...written,
    schedule: [written.schedule],
  };
  const stretch = { from: Date.parse(night.from), to: Date.parse(night.to) };
  return [...expectedSlots({ job, rules: [rule] }, namedZone(job.timezone || night.zone), stretch)];
}

function shown(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16);
}
