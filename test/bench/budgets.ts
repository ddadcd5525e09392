import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotMeasure, measure, medianOf, ratio, repeat, type Subject } from './measure.ts';
import { cronwright, installed, many, must, type Place, seedRuns, succeeded, syncWords, type World } from './world.ts';

/** One measurement and the bounds it must keep. */
export interface Budget {
  readonly rows: readonly Row[];
  /** The verbs without which there is nothing to measure yet. */
  readonly verbs: readonly string[];
  /** Returns one number for each row. */
  measure(world: World): readonly number[];
}

export interface Row {
  readonly what: string;
  /** Undefined: shown for comparison. */
  readonly bound: number | undefined;
  readonly unit: 'times' | 'MiB' | 'a second';
}

const mebibyte = 2 ** 20;
const rounds = 15;
const fewRounds = 3;

const nothing = (times: number): Subject => ({ samples: repeat([process.execPath, '-e', '0'], times) });

/** Each launch has a job of its own: a job has one launch in a minute. */
const launches = (place: Place, name: string, count: number): Subject => ({
  samples: Array.from({ length: count + 1 }, (_, n) => [cronwright('run', '--scheduled', `bench/${name}-${n}`)]),
  env: place.env,
});

function expectRecorded(place: Place, count: number): void {
  const found = succeeded(place);
  if (found !== count) throw new CannotMeasure(`${count} runs were started, ${found} are recorded as succeeded`);
}

const run: Budget = {
  rows: [
    { what: 'run of /bin/true, recorded: processor time', bound: 2.0, unit: 'times' },
    { what: 'the same: peak memory', bound: 1.25, unit: 'times' },
  ],
  verbs: ['run', 'sync'],
  measure(world) {
    const place = installed(world.place(many(rounds + 1, 'job')));
    const { base, one } = measure({ base: nothing(rounds), one: launches(place, 'job', rounds) });
    expectRecorded(place, rounds + 1);
    return [ratio('cpu', one, base), ratio('peak', one, base)];
  },
};

function peer(program: string): Budget {
  return {
    rows: [
      { what: `${program} running /bin/true: processor time`, bound: undefined, unit: 'times' },
      { what: 'the same: peak memory, at most', bound: undefined, unit: 'times' },
    ],
    verbs: [],
    measure() {
      const path = `/usr/bin/${program}`;
      if (!existsSync(path)) throw new CannotMeasure(`${path} is not installed`);
      const { base, one } = measure({ base: nothing(rounds), one: { samples: repeat([path, '/bin/true'], rounds) } });
      return [ratio('cpu', one, base), ratio('peak', one, base)];
    },
  };
}

const tick: Budget = {
  rows: [{ what: 'tick with nothing to do: processor time', bound: 1.5, unit: 'times' }],
  verbs: ['tick', 'sync'],
  measure(world) {
    const { env } = installed(world.place(many(1, 'job')));
    const { base, idle } = measure({
      base: nothing(rounds),
      idle: { samples: repeat(cronwright('tick'), rounds), env },
    });
    return [ratio('cpu', idle, base)];
  },
};

const forNothing: Budget = {
  rows: [
    { what: 'run woken for nothing: processor time', bound: 1.5, unit: 'times' },
    { what: 'the same: processor time, in ticks with nothing to do', bound: 1.2, unit: 'times' },
  ],
  verbs: ['run', 'tick', 'sync'],
  measure(world) {
    const jobs = { ...many(1, 'job'), ...many(1, 'late', 'start: 2200-01-01, command: [/bin/true]') };
    const place = installed(world.place(jobs));
    const { env } = place;
    // What V8 compiles is kept from a run, not from a start that comes to none.
    must(place, 'run', '--scheduled', 'bench/job-0');
    const { base, woken, idle } = measure({
      base: nothing(rounds),
      woken: { samples: repeat(cronwright('run', '--scheduled', 'bench/late-0'), rounds), env },
      idle: { samples: repeat(cronwright('tick'), rounds), env },
    });
    return [ratio('cpu', woken, base), ratio('cpu', woken, idle)];
  },
};

const output: Budget = {
  rows: [{ what: '1 GiB of task output: extra peak memory', bound: 16, unit: 'MiB' }],
  verbs: ['run', 'sync'],
  measure(world) {
    const gibibyte = 'command: [/usr/bin/head, -c, "1073741824", /dev/zero]';
    const jobs = { ...many(fewRounds + 1, 'quiet'), ...many(fewRounds + 1, 'loud', gibibyte) };
    const place = installed(world.place(jobs));
    const { quiet, loud } = measure({
      quiet: launches(place, 'quiet', fewRounds),
      loud: launches(place, 'loud', fewRounds),
    });
    expectRecorded(place, 2 * (fewRounds + 1));
    return [(medianOf(loud, 'peak') - medianOf(quiet, 'peak')) / mebibyte];
  },
};

const burst: Budget = {
  rows: [{ what: '200 runs in one second, all recorded: processor time of 200 times one', bound: 1.3, unit: 'times' }],
  verbs: ['run', 'sync', 'history'],
  measure(world) {
    const size = 200;
    const turns = fewRounds + 1;
    const place = installed(world.place({ ...many(turns, 'alone'), ...many(size * turns, 'crowd') }));
    const crowd = (turn: number) =>
      Array.from({ length: size }, (_, n) => cronwright('run', '--scheduled', `bench/crowd-${turn * size + n}`));
    const { one, all } = measure({
      one: launches(place, 'alone', fewRounds),
      all: { samples: Array.from({ length: turns }, (_, turn) => crowd(turn)), env: place.env, over: 1 },
    });
    expectRecorded(place, turns * (size + 1));
    return [ratio('cpu', all, one) / size];
  },
};

const validate: Budget = {
  rows: [{ what: 'validate of 10,000 jobs: processor time', bound: 40, unit: 'times' }],
  verbs: ['validate'],
  measure(world) {
    const { env } = world.place(many(10_000, 'job'));
    const { base, big } = measure({
      base: nothing(fewRounds),
      big: { samples: repeat(cronwright('validate'), fewRounds), env },
    });
    return [ratio('cpu', big, base)];
  },
};

const sync: Budget = {
  rows: [
    { what: 'plan of 5,000 jobs: processor time', bound: 40, unit: 'times' },
    { what: 'sync of 5,000 jobs', bound: 40, unit: 'times' },
    { what: 'sync again, with nothing to change', bound: 10, unit: 'times' },
  ],
  verbs: ['plan', 'sync'],
  measure(world) {
    const jobs = many(5_000, 'job');
    const fresh = world.place(jobs);
    const again = installed(world.place(jobs));
    const times = (place: Place, [verb = '', ...words]: readonly string[]): Subject => ({
      samples: repeat(cronwright(verb, ...words), fewRounds),
      env: place.env,
      before: ['/bin/true'],
    });
    const clean = ['/bin/rm', '-rf', fresh.state, fresh.table];
    const { base, plan, first, second } = measure({
      base: nothing(fewRounds),
      plan: { ...times(fresh, ['plan', ...syncWords(fresh).slice(1)]), before: clean },
      first: { ...times(fresh, syncWords(fresh)), before: clean },
      second: times(again, syncWords(again)),
    });
    return [plan, first, second].map((usages) => ratio('cpu', usages, base));
  },
};

const looking: Budget = {
  rows: [
    { what: 'list with 1,000,000 runs against 1,000: processor time', bound: 1.3, unit: 'times' },
    { what: 'history with 1,000,000 runs against 1,000', bound: 1.3, unit: 'times' },
  ],
  verbs: ['list', 'history', 'sync'],
  measure(world) {
    const [few, full] = [1_000, 1_000_000].map((count) => {
      const place = installed(world.place(many(10, 'job')));
      seedRuns(place, count, 10);
      return place;
    });
    if (few === undefined || full === undefined) throw new CannotMeasure('no place was made');
    const look = ({ env }: Place, verb: string): Subject => ({ samples: repeat(cronwright(verb), rounds), env });
    const { list, fullList, history, fullHistory } = measure({
      list: look(few, 'list'),
      fullList: look(full, 'list'),
      history: look(few, 'history'),
      fullHistory: look(full, 'history'),
    });
    return [ratio('cpu', fullList, list), ratio('cpu', fullHistory, history)];
  },
};

const calendar: Budget = {
  rows: [
    { what: '100,000 instants of the calendar, in ten zones: processor time', bound: 40, unit: 'times' },
    { what: 'the same: instants', bound: undefined, unit: 'a second' },
    { what: '5,000 jobs, schedules read, the next slot of each', bound: 25, unit: 'times' },
    { what: 'a year of 23 schedules, in ten zones on hosts in five', bound: 300, unit: 'times' },
  ],
  verbs: [],
  measure() {
    const times = (what: string): Subject => ({
      samples: repeat([process.execPath, join(import.meta.dirname, 'calendars.ts'), what], fewRounds),
    });
    const { base, instants, jobs, year } = measure({
      base: nothing(fewRounds),
      instants: times('instants'),
      jobs: times('jobs'),
      year: times('year'),
    });
    const rate = 100_000 / (medianOf(instants, 'cpu') - medianOf(base, 'cpu'));
    return [ratio('cpu', instants, base), rate, ratio('cpu', jobs, base), ratio('cpu', year, base)];
  },
};

export const budgets: readonly Budget[] = [
  run,
  peer('chronic'),
  peer('cronic'),
  tick,
  forNothing,
  output,
  burst,
  validate,
  sync,
  looking,
  calendar,
];
