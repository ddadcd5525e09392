import { hostname } from 'node:os';
import { systemClock } from './clock.ts';
import { errorMessage, exitStatus, UserError } from './errors.ts';
import { ownAccount } from './job/account.ts';
import type { Surroundings, World } from './launch/world.ts';
import { stateDirectory } from './store/state.ts';
import { openExistingStore } from './store/store.ts';
import { StoreTrouble } from './store/trouble.ts';

/*
 * What wrapper.ts and tick.ts have in common: nobody watches, and what they load is paid for every minute of the day. Each
 * becomes a script of its own, so that neither carries what only the other needs.
 */

/** What was asked for: the words of a table's line, `--state DIRECTORY` aside. */
export interface Words {
  readonly state: string | undefined;
  readonly verb: 'run' | 'tick';
  readonly mode: string;
  readonly name: string;
}

/** What became of it: its exit status, and whether it went the way that such starts usually go. */
export interface Served {
  readonly status: number;
  readonly typical: boolean;
}

/** Resolves to whether it was what such a start usually does: what was compiled for it is worth keeping. */
export async function unattended(serve: (words: Words) => Promise<Served>): Promise<boolean> {
  const words = readWords(process.argv.slice(2));
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

function readWords(words: readonly string[]): Words {
  const state = words[0] === '--state' ? words[1] : undefined;
  const [verb, mode = '', name = ''] = words[0] === '--state' ? words.slice(2) : words;
  return { state, verb: verb === 'tick' ? 'tick' : 'run', mode, name };
}

/** Milliseconds for another writer: one that takes longer has no right to delay a task. */
const patience = 5_000;

/** Does something with the database open, or with the trouble that it has. */
export async function inWorld<T>(words: Words, work: (world: World) => Promise<T>): Promise<T> {
  const directory = stateDirectory(words.state, process.env);
  const opened = orTrouble(() => openExistingStore(directory, { patience }));
  const surroundings = surroundingsOf(directory, words);
  if (opened instanceof StoreTrouble) return work({ ...surroundings, store: undefined, trouble: opened });
  try {
    return await work({ ...surroundings, store: opened });
  } finally {
    opened.close();
  }
}

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
export function orTrouble<T>(work: () => T): T | StoreTrouble {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreTrouble) return error;
    throw error;
  }
}
