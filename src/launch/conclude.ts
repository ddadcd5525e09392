import { isTold } from '../notify/policy.ts';
import { type Outcome, sentence } from '../run/outcome.ts';
import type { NewEntry } from '../store/outbox.ts';
import type { ProjectSettings } from '../store/registry.ts';
import { runById } from '../store/runs.ts';
import { markLaunched } from '../store/spool.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Permit } from './admission.ts';
import { type Book, type Conclusion, DatabaseBook } from './book.ts';
import { sendNow } from './deliver.ts';
import { orTrouble } from './or-trouble.ts';
import { settingsOf } from './settings.ts';
import { bookOfRecorded } from './spool-book.ts';
import { type Ending, type Telling, telling } from './tell.ts';
import { tellTrouble } from './trouble.ts';
import type { Start, World } from './world.ts';

/** A run that ended, as it was started, permitted and went. */
export interface Ended {
  readonly start: Start;
  readonly permit: Permit;
  readonly outcome: Outcome;
  /** Mails about its beginning that are not in the outbox yet. */
  readonly untold: readonly NewEntry[];
}

/** Where an end was recorded, and what kept it from the database. */
type Recorded =
  | { readonly place: 'database' }
  | { readonly place: 'spool'; readonly trouble: StoreTrouble; readonly book: Book }
  | { readonly place: 'nowhere'; readonly trouble: StoreTrouble };

/**
 * Records how a run ended, and what is to be told of it, at once. What the database does not take goes to the spool, and
 * its mails are sent from here; what the spool does not take either is told on standard error.
 * @returns whether the database has taken it.
 */
export async function conclude(world: World, ended: Ended): Promise<boolean> {
  const told = tellingOf(world, ended);
  const recorded = recordEnd(world, ended, conclusionOf(ended, told));
  if (recorded.place === 'database') {
    if (told?.mails.length === 0) report(world, ended.start, told);
    return true;
  }
  const settings = settingsOf(world, ended.start);
  if (told) await tellWithoutOutbox(world, ended, { told, settings, recorded });
  await tellTrouble(world, recorded.trouble, settings);
  return false;
}

function tellingOf(world: World, ended: Ended): Telling | undefined {
  const { start, outcome } = ended;
  // Most runs have nothing to tell, and need not be put into words.
  if (!isTold(start.installed.job.notify, outcome.state) || wasAskedFor(world, ended)) return undefined;
  return telling(world, endingOf(ended), settingsOf(world, start)?.mail);
}

/** Who has asked for a run's end need not be told of it; a machine that shuts down has not asked anybody. */
function wasAskedFor(world: World, { start, permit, outcome }: Ended): boolean {
  if (outcome.state !== 'cancelled') return false;
  const { store } = world;
  if (start.trigger === 'manual' || store === undefined) return start.trigger === 'manual';
  const run = orTrouble(world, () => runById(store, permit.run));
  return !(run instanceof StoreTrouble) && run !== undefined && run.cancelBy !== null;
}

/** Who starts a job by hand is told by the command itself. */
function report({ complain }: World, { trigger }: Start, told: Telling): void {
  if (trigger !== 'manual') complain(told.report);
}

interface Message {
  readonly told: Telling;
  readonly settings: ProjectSettings | undefined;
  readonly recorded: Exclude<Recorded, { place: 'database' }>;
}

/** Mails that a server has taken are not left to the outbox that the record will bring. */
async function tellWithoutOutbox(world: World, ended: Ended, { told, settings, recorded }: Message): Promise<void> {
  const sent = settings !== undefined && (await sendNow(world, settings, told.mails));
  if (!sent) report(world, ended.start, told);
  else if (recorded.place === 'spool') {
    orTrouble(world, () => recorded.book.close(ended.permit.story, conclusionOf(ended, undefined)));
  }
}

function recordEnd(world: World, { start, permit }: Ended, conclusion: Conclusion): Recorded {
  const { run, story } = permit;
  const trouble = permit.trouble ?? orTrouble(world, () => permit.book.close(story, conclusion));
  if (!(trouble instanceof StoreTrouble)) return { place: 'database' };
  const book = permit.book instanceof DatabaseBook ? leaveDatabase(world, start, permit) : permit.book;
  const worse = orTrouble(world, () => book.close(story, conclusion));
  if (!(worse instanceof StoreTrouble)) return { place: 'spool', trouble, book };
  const how = `it ${conclusion.reason ?? conclusion.state}`;
  world.complain(
    `cronwright: run ${run} of ${start.installed.job.id} is recorded nowhere: ${how}\n  ${worse.message}\n`,
  );
  return { place: 'nowhere', trouble };
}

/** The permit may be gone with the state directory: it is left once more, so that nobody launches the slot again. */
function leaveDatabase({ state }: World, start: Start, { run, slot: served }: Permit): Book {
  const slot = start.trigger === 'schedule' ? served : undefined;
  if (slot !== undefined) markLaunched(state, start.installed.job.id, slot);
  return bookOfRecorded({ state }, start, { run, slot });
}

function conclusionOf({ outcome, untold }: Ended, told: Telling | undefined): Conclusion {
  const { state, end, endedAt, cost } = outcome;
  return {
    state,
    at: endedAt,
    exitCode: end.kind === 'exited' || end.kind === 'showed-failure' ? end.status : undefined,
    signal: end.kind === 'signalled' ? end.signal : undefined,
    reason: state === 'succeeded' ? undefined : sentence(end),
    cpuMs: cost.cpuMs,
    peakMemory: cost.peakMemory,
    mails: [...untold, ...(told?.mails ?? [])],
  };
}

function endingOf({ start, permit, outcome }: Ended): Ending {
  const { installed, trigger } = start;
  const { run, slot, story } = permit;
  const { state, end, startedAt, endedAt } = outcome;
  const attempts = story.attempts.map((attempt) => {
    return { ...attempt, endedAt: attempt.endedAt ?? endedAt, sentence: attempt.end ?? sentence(end) };
  });
  const output = story.capture.pieces();
  return { installed, trigger, run, slot, state, sentence: sentence(end), startedAt, endedAt, attempts, output };
}
