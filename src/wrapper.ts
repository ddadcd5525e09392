import { hostname } from 'node:os';
import { systemClock } from './clock.ts';
import { errorMessage, exitStatus, UserError } from './errors.ts';
import { ownAccount } from './job/account.ts';
import { copiedStart, startOf, type Wish } from './launch/start.ts';
import type { Start, Surroundings, World } from './launch/world.ts';
import type { Trigger } from './store/runs.ts';
import { stateDirectory } from './store/state.ts';
import { openExistingStore } from './store/store.ts';
import { StoreTrouble } from './store/trouble.ts';

/*
 * What cron starts: `run --scheduled JOB`, `run --at-boot JOB`, `run --probe` and `tick`, each perhaps behind
 * `--state DIRECTORY`; and what the tick starts: `run --retry RUN`. It is apart from cli.ts because what it loads is paid
 * for every minute of the day.
 */

/** A start, read from the command line. */
interface Words {
  readonly state: string | undefined;
  readonly verb: 'run' | 'tick';
  readonly mode: string;
  readonly name: string;
}

const triggers: Readonly<Record<string, Trigger>> = {
  '--scheduled': 'schedule',
  '--at-boot': 'boot',
  '--retry': 'retry',
};

function readWords(words: readonly string[]): Words {
  const state = words[0] === '--state' ? words[1] : undefined;
  const [verb, mode = '', name = ''] = words[0] === '--state' ? words.slice(2) : words;
  return { state, verb: verb === 'tick' ? 'tick' : 'run', mode, name };
}

/** Milliseconds for another writer: one that takes longer has no right to delay a task. */
const patience = 5_000;

function surroundingsOf(directory: string, { state }: Words): Surroundings {
  const cancel = new AbortController();
  const folder = import.meta.dirname;
  const launcher = `${folder.slice(0, folder.lastIndexOf('/'))}/bin/cronwright`;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => cancel.abort(signal));
  return {
    state: directory,
    clock: systemClock,
    environment: process.env,
    identity: ownAccount(),
    host: hostname(),
    launcher,
    program: state === undefined ? launcher : `${launcher} --state ${state}`,
    cancel: cancel.signal,
    complain: (text) => void process.stderr.write(text),
  };
}

/** What `work` returns, or the trouble with the database that it met. */
function orTrouble<T>(work: () => T): T | StoreTrouble {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreTrouble) return error;
    throw error;
  }
}

/** What became of a start: its exit status, and whether it went the way that such starts usually go. */
interface Served {
  readonly status: number;
  readonly typical: boolean;
}

async function serve(words: Words): Promise<Served> {
  if (words.mode === '--probe') return { status: exitStatus.done, typical: false };
  const directory = stateDirectory(words.state, process.env);
  const opened = orTrouble(() => openExistingStore(directory, { patience }));
  const store = opened instanceof StoreTrouble ? undefined : opened;
  try {
    const surroundings = surroundingsOf(directory, words);
    const world =
      opened instanceof StoreTrouble ? { ...surroundings, store, trouble: opened } : { ...surroundings, store: opened };
    return await (words.verb === 'tick' ? tick(world) : run(world, words));
  } finally {
    store?.close();
  }
}

async function tick(world: World): Promise<Served> {
  // Loaded by need: what starts a process costs a tick, which starts none, 5 ms.
  const upkeep = await import('./upkeep/tick.ts');
  return { status: await upkeep.tick(world), typical: true };
}

async function run(world: World, { mode, name }: Words): Promise<Served> {
  // When this process began, before anything was loaded: closest to what cron meant. performance.timeOrigin says the
  // same, and takes 0.6 ms to load.
  const startedAt = Math.floor(systemClock.now() - process.uptime() * 1_000);
  const wish = { trigger: triggers[mode] ?? 'schedule', name, startedAt };
  const ready = prepare(world, wish);
  if (ready === undefined) return { status: exitStatus.done, typical: false };
  const { launch } = await import('./launch/launch.ts');
  const launched = await launch(ready.world, ready.start);
  return launched.kind === 'ran'
    ? { status: launched.status, typical: true }
    : { status: exitStatus.done, typical: false };
}

/** What is to be started, as the database has it, or the plain copy where that cannot be read; undefined for nothing. */
function prepare(world: World, wish: Wish): { readonly world: World; readonly start: Start } | undefined {
  const { store } = world;
  const found = store === undefined ? world.trouble : orTrouble(() => startOf(store, wish));
  if (!(found instanceof StoreTrouble)) return found && { world, start: found };
  const start = copiedStart(world.state, wish);
  if (start === undefined) throw found;
  return { world: { ...world, store: undefined, trouble: found }, start };
}

async function main(words: Words): Promise<boolean> {
  try {
    const { status, typical } = await serve(words);
    process.exitCode = status;
    return typical;
  } catch (error) {
    const mendable = error instanceof UserError;
    const text = mendable ? `${error.message}${error.hint ? `\n  ${error.hint}` : ''}` : (error as Error).stack;
    process.stderr.write(`cronwright: ${text ?? errorMessage(error)}\n`);
    process.exitCode = words.verb === 'run' ? exitStatus.wrapper : exitStatus.failed;
    return false;
  }
}

/** Resolves when all is done, to whether it was what such a start usually does: what was compiled for it is worth keeping. */
export const ended: Promise<boolean> = main(readWords(process.argv.slice(2)));
