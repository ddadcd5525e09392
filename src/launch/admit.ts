import { hostZone } from '../schedule/zone/zone.ts';
import { addEvent } from '../store/events.ts';
import { type Opened, openHeldBack, openOwed, openRun } from '../store/open-run.ts';
import { pauseInForce, pauseWords } from '../store/pauses.ts';
import { runOfSlot, type Trigger } from '../store/runs.ts';
import { markLaunched } from '../store/spool.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Admission, Wanted } from './admission.ts';
import { admitWithoutDatabase } from './admit-without-database.ts';
import { DatabaseBook } from './book.ts';
import type { Delayed, Delaying } from './delay.ts';
import { isAlive, thisProcess } from './holder.ts';
import { orTrouble } from './or-trouble.ts';
import { newRunId } from './run-id.ts';
import { recordSkip } from './skip.ts';
import { type Due, dueSlot } from './slot.ts';
import { bookOfRecorded } from './spool-book.ts';
import { Story } from './story.ts';
import { replaceRuns, type Turn, waitForTurn } from './turn.ts';
import type { Start, StoredWorld, World } from './world.ts';

/**
 * Asks for leave to run, and records the start with it: once for each slot, and as the job's overlap policy has it. It
 * may wait for another run to end.
 */
export async function admit(world: World, start: Start): Promise<Admission> {
  const { installed, trigger, startedAt, continues } = start;
  const due = trigger === 'schedule' ? (start.due ?? dueSlot(installed.job, hostZone(), startedAt)) : undefined;
  if (trigger === 'schedule' && due === undefined) return { kind: 'not-due' };
  const slot = due?.slot ?? start.slot;
  const wanted = { start, slot, taskSlot: continues === undefined ? slot : continues.slot };
  if (world.store === undefined) return admitWithoutDatabase(world, wanted, world.trouble);
  const opened = orTrouble(world, () => open(world, wanted, due));
  if (opened instanceof StoreTrouble) return admitWithoutDatabase(world, wanted, opened);
  if (opened.kind === 'taken') return alreadyRun(world, start, opened.run);
  return opened.kind === 'skipped' || opened.kind === 'not-due' ? opened : admitRecorded(world, wanted, opened);
}

type NotDue = Extract<Admission, { kind: 'not-due' }>;
type HeldBack = ReturnType<typeof openHeldBack>;

function open({ store }: StoredWorld, wanted: Wanted, due: Due | undefined): Opened | HeldBack | NotDue {
  const { installed, trigger, startedAt } = wanted.start;
  const { job } = installed;
  // A line may fire wider than the schedule: a late start of a slot that was served is not worth a word.
  if (due && !due.punctual && runOfSlot(store, job.id, due.slot) !== undefined) return { kind: 'not-due' };
  const opening = openingOf(wanted);
  const pause = heldByPauses.includes(trigger) ? pauseInForce(store, job, startedAt) : undefined;
  // What is owed stays owed.
  if (pause !== undefined && trigger === 'catch-up') return { kind: 'not-due' };
  if (pause !== undefined) return openHeldBack(store, opening, pauseWords(pause));
  return opening.trigger === 'catch-up' ? openOwed(store, opening) : openRun(store, opening);
}

/** A person who starts a job knows better, and a retry belongs to a run that has begun. */
const heldByPauses: readonly Trigger[] = ['schedule', 'boot', 'catch-up'];

function openingOf({ start, slot }: Wanted) {
  const { installed, trigger, startedAt, continues } = start;
  const { job, revision } = installed;
  const newName = (): string => newRunId(startedAt);
  const holder = thisProcess();
  // The run that goes on now began after the one that is retried: it is not for the older to replace it.
  const overlap = continues !== undefined && job.overlap === 'replace' ? 'skip' : job.overlap;
  const going = { continues: continues?.run, firstAttempt: continues?.attempt };
  return { newName, job: job.id, revision, slot, trigger, holder, at: startedAt, overlap, isAlive, ...going };
}

/** A start of a retry that was taken by another is none; cron's second start of a slot is worth a word. */
function alreadyRun(world: StoredWorld, { trigger, startedAt }: Start, run: string): Admission {
  const message = 'cron started this slot again; it was not run twice';
  if (trigger === 'schedule') {
    orTrouble(world, () => addEvent(world.store, run, { at: startedAt, level: 'warning', message }));
  }
  return { kind: 'not-due' };
}

type Recorded = Exclude<Opened, { kind: 'taken' | 'skipped' }>;

/** The run is in the database. Should that fail from here on, the run goes on under the same name in the spool. */
async function admitRecorded(world: StoredWorld, wanted: Wanted, opened: Recorded): Promise<Admission> {
  const { start, slot, taskSlot } = wanted;
  const { job } = start.installed;
  const { run } = opened;
  const spooled = bookOfRecorded(world, start, { run, slot });
  const books = [new DatabaseBook(world.store, run), spooled] as const;
  const turn = await turnOf(world, start, opened);
  if (turn.kind === 'closed') return { kind: 'skipped', run, reason: turn.reason };
  if (turn.kind === 'given-up') return recordSkip(world, { run, job, books }, turn.reason);
  if (slot !== undefined && !markLaunched(world.state, job.id, slot)) {
    return recordSkip(
      world,
      { run, job, books },
      'its slot was launched already, while the database could not be used',
    );
  }
  const story = new Story(job.output.keep);
  const delayed = await delay(world, start, { run, story });
  if (delayed.kind === 'closed') return { kind: 'skipped', run, reason: delayed.reason };
  const trouble = turn.trouble ?? delayed.trouble;
  const book = trouble === undefined ? books[0] : spooled;
  return { kind: 'granted', permit: { run, slot: taskSlot, delay: delayed.delay, book, story, trouble } };
}

async function delay(world: StoredWorld, start: Start, delaying: Delaying): Promise<Delayed> {
  if (start.installed.job.jitter.delay === 0) return { kind: 'granted', delay: 0, trouble: undefined };
  // Loaded by need: few jobs ask for it.
  return (await import('./delay.ts')).delayStart(world, start, delaying);
}

async function turnOf(world: StoredWorld, { installed: { job } }: Start, opened: Recorded): Promise<Turn> {
  const { run } = opened;
  if (opened.kind === 'waiting') return waitForTurn(world, { run, job, others: [opened.holder] });
  if (opened.kind === 'replacing') return replaceRuns(world, { run, job, others: opened.victims });
  return { kind: 'granted', trouble: undefined };
}
