import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openExistingStore, type Store } from '../../src/store/store.ts';
import { newPlace, type Place } from './place.ts';
import { run, until } from './program.ts';

/** By how many milliseconds a machine's clocks have gone on. */
export interface Passed {
  /** The clock that people set; less than nothing where it was set back. */
  readonly wall?: number;
  /** Since the machine was booted. */
  readonly uptime?: number;
  /** Of that, what it was awake. */
  readonly awake?: number;
}

/** A machine with installed jobs whose clocks a test moves, and on which it plays cron: each start is a real program's. */
export interface MovedMachine {
  readonly place: Place;
  /** Its wall clock, UTC milliseconds. */
  now(): number;
  /** Lets time pass between two programs. */
  move(passed: Passed): void;
  /** What cron does in this minute: the jobs of these names are started, then the tick. @returns what that said on standard error. */
  startByCron(names: readonly string[]): Promise<string>;
  /** Installs other jobs. */
  install(text: string): Promise<void>;
  /** The lines that the tasks have written to the file `starts` beside the jobs file: those that began, in their order. */
  starts(): readonly string[];
  /** Waits until nothing runs and nothing is left to be made up for. */
  settled(): Promise<void>;
  /** Its database, once jobs are installed. */
  store(): Store;
}

export function newMachine(t: TestContext, launcher: string, at: string): MovedMachine {
  const place = newPlace(t, launcher);
  const clocks = { wall: Date.parse(at), uptime: 0, awake: 0 };
  let ticks = 0;
  let opened: Store | undefined;
  const store = () => {
    opened ??= openExistingStore(place.state);
    return opened;
  };
  t.after(() => opened?.close());
  const cronwright = (...words: string[]) => place.cronwright(words, { also: environment(clocks) });
  return {
    place,
    store,
    now: () => clocks.wall,
    move({ wall = 0, uptime = 0, awake = uptime }) {
      clocks.wall += wall;
      clocks.uptime += uptime;
      clocks.awake += awake;
    },
    async startByCron(names) {
      await Promise.all(names.map((name) => cronwright('run', '--scheduled', `shop/${name}`)));
      // What it starts holds its standard error for longer than it lives, so that a pipe would not end with it.
      const said = join(place.path, `tick-${ticks++}`);
      const words = ['sh', '-c', 'exec "$0" --state "$1" tick >"$2" 2>&1', launcher, place.state, said] as const;
      const { status } = await run(words, { cwd: place.path, also: environment(clocks) });
      return `${status === 0 ? '' : `exit status ${status}\n`}${readFileSync(said, 'utf8')}`;
    },
    async install(text) {
      place.jobs(text);
      const { status, out, err } = await cronwright('sync', '--yes', '--target', `file:${place.table}`);
      if (status !== 0) throw new Error(`sync failed: ${out}${err}`);
    },
    starts() {
      const file = join(place.path, 'starts');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    },
    settled: () => {
      const left = 'SELECT 1 FROM owed UNION ALL SELECT 1 FROM run WHERE ended_at IS NULL';
      return until('nothing is left to do', () => store().db.get(left) === undefined, 60_000);
    },
  };
}

/** The variables that give a program, and all that it starts, these clocks; they go on from there as ours do. */
function environment({ wall, uptime, awake }: Required<Passed>): NodeJS.ProcessEnv {
  const code = `
    import os from 'node:os';
    const [now, up, awake] = [Date.now, os.uptime, process.hrtime.bigint];
    Date.now = () => now() + ${wall - Date.now()};
    os.uptime = () => up() + ${uptime / 1_000};
    process.hrtime.bigint = () => awake() + ${BigInt(awake) * 1_000_000n}n;`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
