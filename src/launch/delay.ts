import type { Clock } from '../clock.ts';
import { durationWords } from '../job/duration.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { beginPutOff, putOff } from '../store/put-off.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Book } from './book.ts';
import { orTrouble } from './or-trouble.ts';
import type { Story } from './story.ts';
import type { Start, StoredWorld, World } from './world.ts';

/** A start that has its permit, before its random delay. */
export interface Delaying {
  readonly run: string;
  readonly story: Story;
}

/**
 * What became of a delay. `granted`: the run may begin, after so many milliseconds that were its to wait; with a trouble,
 * the database could not say so. `closed`: somebody has ended it.
 */
export type Delayed =
  | { readonly kind: 'granted'; readonly delay: number; readonly trouble: StoreTrouble | undefined }
  | { readonly kind: 'closed'; readonly reason: string };

/** By how many milliseconds a start is put off: at random, less than its job's jitter allows, and only where cron started it. */
export function delayOf({ installed: { job }, trigger }: Start, random: () => number): number {
  return trigger === 'schedule' || trigger === 'boot' ? Math.floor(random() * job.jitter.delay) : 0;
}

/** Waits for a recorded start's delay, which begins with its wrapper, so that other waiting counts. */
export async function delayStart(world: StoredWorld, start: Start, { run, story }: Delaying): Promise<Delayed> {
  const { store, clock, cancel } = world;
  const wait = waitOf(world, start, story);
  const { delay } = wait;
  if (!wait.isDue) return { kind: 'granted', delay, trouble: undefined };
  // A run that is not shown as waiting waits all the same.
  orTrouble(world, () => putOff(store, { run, until: wait.until, reason: wait.reason }));
  await sleepUntil(clock, wait.until, cancel);
  // Who is asked to end begins, and ends as cancelled before its first attempt: that way it is recorded and told.
  if (cancel.aborted) return { kind: 'granted', delay, trouble: undefined };
  const begun = orTrouble(world, () => beginPutOff(store, run, clock.now()));
  if (begun === 'closed') return { kind: 'closed', reason: 'was cancelled before it began' };
  return { kind: 'granted', delay, trouble: begun instanceof StoreTrouble ? begun : undefined };
}

/** The same where only the spool can take it. @returns the milliseconds that were its to wait. */
export async function delayInSpool(world: World, start: Start, book: Book, story: Story): Promise<number> {
  const { delay, isDue, until, reason } = waitOf(world, start, story);
  if (!isDue) return delay;
  story.putOff = { until, reason };
  orTrouble(world, () => book.write(story, 0));
  await sleepUntil(world.clock, until, world.cancel);
  story.putOff = undefined;
  orTrouble(world, () => book.write(story, 0));
  return delay;
}

interface Wait {
  readonly delay: number;
  readonly until: number;
  readonly reason: string;
  /** Whether any of it is left. */
  readonly isDue: boolean;
}

/** Chooses a start's delay; the run's log says so. */
function waitOf({ clock, cancel, random = Math.random }: World, start: Start, story: Story): Wait {
  const delay = delayOf(start, random);
  const until = start.startedAt + delay;
  const now = clock.now();
  const isDue = delay > 0 && until > now && !cancel.aborted;
  if (isDue) {
    const most = durationWords(start.installed.job.jitter.delay);
    const message = `its start was put off by ${durationWords(delay)}, at random (up to ${most})`;
    story.events.push({ at: now, level: 'info', message });
  }
  return { delay, until, isDue, reason: `waits until ${timeWords(until)}, a random delay` };
}

function timeWords(instant: number): string {
  return formatInstant(instant, hostZone()).slice(0, 19).replace('T', ' ');
}

/** Ends early where the start is to end. */
async function sleepUntil(clock: Clock, until: number, cancel: AbortSignal): Promise<void> {
  await clock.sleep(until - clock.now(), cancel).catch((error: unknown) => {
    if (!cancel.aborted) throw error;
  });
}
