import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { actingAccount } from '../install/acting.ts';
import { lineLauncher } from '../install/line-launcher.ts';
import { ownAccount } from '../job/account.ts';
import type { Variables } from '../job/environment.ts';
import { nearest } from '../job/nearest.ts';
import type { StoredWorld } from '../launch/world.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { findInstalled, type InstalledJob, installedNames } from '../store/registry.ts';
import { findRuns, type Run } from '../store/runs.ts';
import { stateDirectory } from '../store/state.ts';
import { openExistingStore, openStoreIfAny, type Store } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Page } from '../terminal/page.ts';
import { makeStyle, wantsColor } from '../terminal/style.ts';
import { humanVoice, jsonVoice, type Voice } from '../terminal/voice.ts';
import { closeDeadRuns } from '../upkeep/dead-runs.ts';
import { takeInSpooled } from '../upkeep/spooled.ts';

/** The values of a command's options by their camel-case names. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Where text goes. */
export interface Outlet {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** Characters in a line; 80 where it is no terminal. */
  readonly width: number;
}

/** What a command has of the world. */
export interface Context {
  readonly clock: Clock;
  readonly environment: Variables;
  readonly out: Outlet;
  readonly err: Outlet;
  /** Absolute path of the program that cron is to start. */
  readonly launcher: string;
  readonly version: string;
  /** Who acts, such as `alice`, or `alice as root` under sudo; the name of the machine. */
  readonly user: string;
  readonly host: string;
  /** Aborted with the signal's name when the program is asked to end. */
  readonly cancel: AbortSignal;
  /** Puts a question to the person at the terminal; undefined where nobody is there to answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

export function pageOf({ out, environment, clock }: Context): Page {
  const style = makeStyle(wantsColor(out.isTerminal, environment));
  return { style, width: Math.min(Math.max(out.width, 40), 120), now: clock.now() };
}

/** The same for what goes to standard error. */
export function errPageOf(context: Context): Page {
  return pageOf({ ...context, out: context.err });
}

export function voiceOf(context: Context, options: Options): Voice {
  const write = (words: string): void => context.out.write(words);
  if (options.json === true) return jsonVoice(write);
  const voice = humanVoice(write, pageOf(context));
  return {
    ...voice,
    show(view, draw) {
      write(whose());
      voice.show(view, draw);
    },
  };
}

let isSaid = false;

/** Where root acts for somebody else, what that account calls `user` is its own crontab. That is said once. */
function whose(): string {
  const account = actingAccount();
  if (account === undefined || isSaid) return '';
  isSaid = true;
  return `acting for ${account.user}: user is the crontab of that account\n`;
}

/** Draws what a question is about, where the question is asked. */
export function showOnError<View>(context: Context, view: View, draw: (view: View, page: Page) => string): void {
  context.err.write(whose());
  context.err.write(`${draw(view, errPageOf(context)).replace(/\n$/, '')}\n`);
}

/** Instants as ISO 8601 in the host's zone. */
export function localTime(instant: number): string {
  return formatInstant(instant, hostZone());
}

/** The jobs file: `--file`, CRONWRIGHT_FILE, root's /etc/cronwright/jobs.yaml, ./jobs.yaml, or that of the user. */
export function jobsFilePath({ environment }: Context, options: Options): string {
  const chosen = text(options, 'file') ?? environment.CRONWRIGHT_FILE;
  if (chosen !== undefined && chosen !== '') return chosen;
  if (process.geteuid?.() === 0) return rootsJobsFile();
  if (existsSync('jobs.yaml')) return 'jobs.yaml';
  const base = environment.XDG_CONFIG_HOME;
  const folder = base !== undefined && isAbsolute(base) ? base : join(environment.HOME || homedir(), '.config');
  const own = join(folder, 'cronwright/jobs.yaml');
  return existsSync(own) ? own : 'jobs.yaml';
}

/** Where a starter file is written. */
export function starterPath({ environment }: Context, options: Options): string {
  const chosen = text(options, 'file') ?? environment.CRONWRIGHT_FILE;
  if (chosen !== undefined && chosen !== '') return chosen;
  return process.geteuid?.() === 0 ? rootFile : 'jobs.yaml';
}

const rootFile = '/etc/cronwright/jobs.yaml';

/** Root takes a file from where it happens to be only if nobody else could have put it there. */
function rootsJobsFile(): string {
  if (existsSync(rootFile) || !existsSync('jobs.yaml')) return rootFile;
  if (['jobs.yaml', '.'].every(onlyRootWrites)) return 'jobs.yaml';
  const message = `there is no ${rootFile}, and root does not take ./jobs.yaml unasked where others can write it`;
  throw new UserError(message, 'name it: --file jobs.yaml');
}

function onlyRootWrites(path: string): boolean {
  const { uid, mode } = statSync(path);
  return uid === 0 && (mode & 0o022) === 0;
}

export function stateOf({ environment }: Context, options: Options): string {
  return stateDirectory(text(options, 'state'), environment);
}

/** Runs `work` with the store of the state directory in force, which must be there already. */
export async function withStore<T>(
  context: Context,
  options: Options,
  work: (store: Store) => T | Promise<T>,
): Promise<T> {
  const store = openExistingStore(stateOf(context, options));
  try {
    putRight(worldOf(context, options, store));
    return await work(store);
  } finally {
    store.close();
  }
}

/** The same for what only looks: where nothing was ever installed there is nothing to see, which is no failure. */
export async function withStoreIfAny<T>(
  context: Context,
  options: Options,
  work: (store: Store | undefined) => T | Promise<T>,
): Promise<T> {
  const store = openStoreIfAny(stateOf(context, options));
  try {
    if (store) putRight(worldOf(context, options, store));
    return await work(store);
  } finally {
    store?.close();
  }
}

/** Nobody is shown as running who is gone, nor missing who waits in the spool. What cannot be put right now can be later. */
function putRight(world: StoredWorld): void {
  try {
    takeInSpooled(world);
    closeDeadRuns(world);
  } catch (error) {
    if (!(error instanceof StoreTrouble)) throw error;
  }
}

/** What a launch or a tick has of the world when a person starts it. */
export function worldOf(context: Context, options: Options, store: Store): StoredWorld {
  const { clock, environment, host, launcher, cancel, err } = context;
  const { path, state } = lineLauncher(launcher, stateOf(context, options));
  return {
    state: store.directory,
    store,
    clock,
    environment,
    launcher,
    identity: ownAccount(),
    host,
    program: state === undefined ? path : `${path} --state ${state}`,
    cancel,
    complain: (text) => err.write(text),
  };
}

/**
 * The installed job that a person names: in full, or by its bare name where only one project has it.
 * @throws UserError with the nearest name where there is none.
 */
export function namedJob(store: Store, name: string): InstalledJob {
  const found = findInstalled(store, name);
  if (found.length === 1 && found[0]) return found[0];
  if (found.length > 1) {
    const names = found.map(({ job }) => job.id).join(', ');
    throw new UserError(`${name} is the name of several jobs: ${names}`, 'name the job with its project');
  }
  const near = nearest(name, installedNames(store));
  const hint = near === undefined ? 'cronwright list shows the installed jobs' : `did you mean ${near}?`;
  throw new UserError(`no job ${name} is installed`, hint);
}

/**
 * The run that is named by its name or the beginning of it; undefined where none is, as for the name of a job.
 * @throws UserError where several begin so.
 */
export function findRun(store: Store, name: string): Run | undefined {
  const [run, another] = /^[0-9a-z]{4,13}$/.test(name) ? findRuns(store, name) : [];
  if (another === undefined) return run;
  throw new UserError(`several runs begin with ${name}`, 'write more of the name');
}

/** The option that names a table. */
export const targetOption = [
  '--target <target>',
  'user (your crontab), user:NAME, cron.d or file:PATH; default where the project is installed, else user',
] as const;

/** An option that takes a value. */
export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
