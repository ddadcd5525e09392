import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '../clock.ts';
import type { JobId } from '../job/job.ts';
import { calendarOf } from '../schedule/calendar/job-calendar.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { installedJobs } from '../store/registry.ts';
import type { Store } from '../store/store.ts';

const minute = 60_000;

/** What a foreground scheduler has of the world. */
export interface Foreground {
  readonly store: Store;
  readonly clock: Clock;
  /** The words that start cronwright with the same state directory. */
  readonly program: readonly [string, ...string[]];
  /** Aborted with a signal's name to end. */
  readonly cancel: AbortSignal;
  /** Is told what is started and what ended. */
  say(text: string): void;
}

/** Wrappers that run now. */
type Wrappers = Map<number, { readonly ended: Promise<unknown>; kill(signal: NodeJS.Signals): void }>;

/**
 * Does what cron does, in the foreground: at each full minute it starts the wrapper of every installed job that is due,
 * and the tick. Ends when it is cancelled, after its wrappers have.
 */
export async function scheduleInForeground(world: Foreground): Promise<void> {
  const { clock, cancel } = world;
  const wrappers: Wrappers = new Map();
  for (const id of jobsAtBoot(world.store)) startWrapper(world, wrappers, ['run', '--at-boot', id]);
  let last = clock.now();
  while (!cancel.aborted) {
    await untilNextMinute(clock, cancel);
    if (cancel.aborted) break;
    const now = clock.now();
    for (const id of dueJobs(world.store, last, now)) startWrapper(world, wrappers, ['run', '--scheduled', id]);
    startWrapper(world, wrappers, ['tick']);
    last = now;
  }
  const signal = typeof cancel.reason === 'string' ? (cancel.reason as NodeJS.Signals) : 'SIGTERM';
  for (const wrapper of wrappers.values()) wrapper.kill(signal);
  await Promise.all([...wrappers.values()].map(({ ended }) => ended));
}

/** A few milliseconds into the minute, so that a clock which is corrected meanwhile does not meet it twice. */
async function untilNextMinute(clock: Clock, cancel: AbortSignal): Promise<void> {
  const now = clock.now();
  try {
    await clock.sleep(minute - (now % minute) + 5, cancel);
  } catch (error) {
    if (!cancel.aborted) throw error;
  }
}

/** Jobs with a slot behind `after`, up to `now`; as cron does after a pause, only the last few minutes count. */
function dueJobs(store: Store, after: number, now: number): readonly JobId[] {
  const zone = hostZone();
  const since = Math.max(after + 1, now - 5 * minute);
  return installedJobs(store).flatMap(({ job }) =>
    calendarOf(job, zone).latest(now, since) === undefined ? [] : [job.id],
  );
}

function jobsAtBoot(store: Store): readonly JobId[] {
  const atBoot = installedJobs(store).filter(({ job }) => schedulesOf(job).some(({ kind }) => kind === 'reboot'));
  return atBoot.map(({ job }) => job.id);
}

function startWrapper({ program, say }: Foreground, wrappers: Wrappers, words: readonly string[]): void {
  const [file, ...first] = program;
  const child = spawn(file, [...first, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  const what = words.at(-1) ?? '';
  child.once('error', (error) => say(`${what} could not be started: ${error.message}`));
  const { pid } = child;
  if (pid === undefined) return;
  const ended = once(child, 'exit').then(([status, signal]) => {
    wrappers.delete(pid);
    if (words[0] === 'run') say(`${what} ended with ${signal ?? `status ${status}`}`);
  });
  wrappers.set(pid, { ended, kill: (signal) => void child.kill(signal) });
  if (words[0] === 'run') say(`${what} started`);
}
