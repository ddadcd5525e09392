import { durationWords } from '../../job/duration.ts';
import type { JobId } from '../../job/job.ts';
import { newRunId } from '../../launch/run-id.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { putInOutbox } from '../../store/outbox.ts';
import { expiredSlots, forgetOwed, type Owed, owingJobs } from '../../store/owed.ts';
import { pauseInForce } from '../../store/pauses.ts';
import { installedJob } from '../../store/registry.ts';
import { hasOpenRuns, openRuns } from '../../store/runs.ts';
import { type Store, together } from '../../store/store.ts';
import { giveUpSlot } from '../given-up.ts';
import type { MissedStretch } from './tell.ts';

/** So many jobs make up for what they missed at the same time. */
const mostAtOnce = 10;
/** One tick gives up no more slots, and tells of them at once. */
const mostExpired = 5_000;

/** Starts the wrappers that make up for missed slots, and gives up what is too old for it. */
export async function catchUp(world: StoredWorld): Promise<void> {
  const { store, clock } = world;
  const now = clock.now();
  const expired = expiredSlots(store, now, mostExpired);
  if (expired.length > 0) await giveUp(world, expired);
  const ready = owingJobs(store, now).filter((job) => isReady(store, job, now));
  if (ready.length === 0) return;
  const going = openRuns(store).filter(({ trigger }) => trigger === 'catch-up').length;
  const { startWrapper } = await import('../start-wrapper.ts');
  for (const job of ready.slice(0, Math.max(0, mostAtOnce - going))) {
    startWrapper(world, ['run', '--catch-up', job], `${job} could not be started to make up for what it missed`);
  }
}

/** A job whose run goes on makes up for the rest when that has ended, one that is paused when it is resumed. */
function isReady(store: Store, id: JobId, now: number): boolean {
  const job = installedJob(store, id)?.job;
  if (job === undefined) {
    forgetOwed(store, id);
    return false;
  }
  return !hasOpenRuns(store, id) && pauseInForce(store, job, now) === undefined;
}

async function giveUp(world: StoredWorld, expired: readonly Owed[]): Promise<void> {
  const { store, complain } = world;
  const { missedTellings } = await import('./tell.ts');
  const jobs = Map.groupBy(expired, ({ job }) => job);
  const tellings = together(store, () => {
    const missed = [...jobs].flatMap(([job, ofJob]) => giveUpJob(world, job, ofJob));
    const all = missedTellings(world, missed);
    for (const { mails } of all) for (const mail of mails) putInOutbox(store, mail);
    return all;
  });
  for (const { mails, report } of tellings) if (mails.length === 0) complain(report);
}

/** Each slot has a run of its own, as some between them may have been made up for; they are told as one. */
function giveUpJob({ store, clock }: StoredWorld, id: JobId, expired: readonly Owed[]): readonly MissedStretch[] {
  const installed = installedJob(store, id);
  if (installed === undefined) {
    forgetOwed(store, id);
    return [];
  }
  const { job, revision } = installed;
  const at = clock.now();
  const because = `it could not be made up for within its start-deadline of ${durationWords(job.startDeadline)}`;
  const given = expired.flatMap((owed) => {
    const recorded = giveUpSlot(store, owed, { revision, at, because, newName: () => newRunId(at) });
    return recorded === undefined ? [] : [{ slot: owed.slot, ...recorded }];
  });
  const [first, last] = [given[0], given.at(-1)];
  if (first === undefined || last === undefined) return [];
  const row = { job: id, owner: job.owner, first: first.slot, last: last.slot, count: given.length, follows: '' };
  return [{ job, run: first.run, row: { ...row, reason: first.reason } }];
}
