import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.ts';
import { errorMessage, exitStatus, UserError } from './errors.ts';
import { ownAccount } from './job/account.ts';
import { jobId } from './job/job.ts';
import type { World } from './launch/launch.ts';
import { installedJob } from './store/registry.ts';
import type { Trigger } from './store/runs.ts';
import { stateDirectory } from './store/state.ts';
import { openExistingStore, type Store } from './store/store.ts';

/*
 * What cron starts: `run --scheduled JOB`, `run --at-boot JOB`, `run --probe` and `tick`, each perhaps behind
 * `--state DIRECTORY`. It is apart from cli.ts because what it loads is paid for every minute of the day.
 */

/** A start by cron, read from the command line. */
interface Wish {
  readonly state: string | undefined;
  readonly verb: 'run' | 'tick';
  readonly mode: string | undefined;
  readonly job: string | undefined;
}

const triggers: Readonly<Record<string, Trigger>> = { '--scheduled': 'schedule', '--at-boot': 'boot' };

function readWish(words: readonly string[]): Wish {
  const state = words[0] === '--state' ? words[1] : undefined;
  const [verb, mode, job] = words[0] === '--state' ? words.slice(2) : words;
  return { state, verb: verb === 'tick' ? 'tick' : 'run', mode, job };
}

function worldOf(store: Store, state: string | undefined): World {
  const cancel = new AbortController();
  const launcher = fileURLToPath(new URL('../bin/cronwright', import.meta.url));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => cancel.abort(signal));
  return {
    store,
    clock: systemClock,
    environment: process.env,
    identity: ownAccount(),
    host: hostname(),
    program: state === undefined ? launcher : `${launcher} --state ${state}`,
    cancel: cancel.signal,
    complain: (text) => void process.stderr.write(text),
  };
}

async function serve({ verb, mode = '', job, state }: Wish): Promise<number> {
  if (mode === '--probe') return exitStatus.done;
  const store = openExistingStore(stateDirectory(state, process.env));
  try {
    const world = worldOf(store, state);
    // Loaded by need: what starts a process costs a tick, which starts none, 5 ms.
    if (verb === 'tick') return await (await import('./upkeep/tick.ts')).tick(world);
    const id = jobId(job ?? '');
    const installed = id && installedJob(store, id);
    const trigger = triggers[mode];
    if (!installed || !trigger) {
      throw new UserError(`no job ${job ?? ''} is installed`, 'cronwright sync brings table and jobs together');
    }
    // performance.timeOrigin is when this process began, before anything was loaded: closest to what cron meant.
    const { launch } = await import('./launch/launch.ts');
    const launched = await launch(world, { installed, trigger, startedAt: Math.floor(performance.timeOrigin) });
    return launched.kind === 'ran' ? launched.status : exitStatus.done;
  } finally {
    store.close();
  }
}

const wish = readWish(process.argv.slice(2));
try {
  process.exitCode = await serve(wish);
} catch (error) {
  const mendable = error instanceof UserError;
  const text = mendable ? `${error.message}${error.hint ? `\n  ${error.hint}` : ''}` : (error as Error).stack;
  process.stderr.write(`cronwright: ${text ?? errorMessage(error)}\n`);
  process.exitCode = wish.verb === 'run' ? exitStatus.wrapper : exitStatus.failed;
}
