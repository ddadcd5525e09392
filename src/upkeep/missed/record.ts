import type { Job } from '../../job/job.ts';
import { setDue } from '../../store/due.ts';
import { extendMissed, type Missed, recordMissed } from '../../store/missed.ts';
import { isOwed, owe, owedSlots } from '../../store/owed.ts';
import { pauseWords } from '../../store/pauses.ts';
import { runsWhere } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { giveUpSlot } from '../given-up.ts';
import type { ExplainedShare, Finding } from './finding.ts';
import type { Part } from './paused-slots.ts';
import { followsWords } from './policy.ts';
import type { MissedStretch } from './tell.ts';

/** When it is written, and what names runs, another at each call. */
export interface Writing {
  readonly now: number;
  readonly newName: () => string;
}

/** What lasts is told again after this: less than a day, so that a daily job's is told each day. */
const toldEvery = 20 * 3_600_000;

/**
 * Writes a finding down, and that its slots are accounted for. It belongs into one transaction.
 * @returns what is to be told of it.
 */
export function write(store: Store, finding: Finding, writing: Writing): readonly MissedStretch[] {
  const { due, installed, shares, next } = finding;
  const { job } = installed;
  // Asked before anything is written: what is written would be the state before.
  const news = shares.filter((share) => isNews(store, job, share));
  if (job.missed === 'run-once' && shares.some(({ owed }) => owed.length > 0)) dropEarlier(store, finding, writing);
  const told = shares.flatMap((share) => {
    const run = writeShare(store, finding, share, writing);
    return news.includes(share) ? [stretchOf(job, share, run)] : [];
  });
  for (const part of finding.paused) writePaused(store, finding, part, writing);
  setDue(store, due.job, next);
  return told;
}

function stretchOf(job: Job, share: ExplainedShare, run: string): MissedStretch {
  const { whole, reason } = share;
  const { first, last, count } = whole;
  const follows = followsWords(job, share);
  return { job, run, row: { job: job.id, owner: job.owner, first, last, count, reason, follows } };
}

/** Returns the name of the run that stands for what is not made up for; that of none where all is. */
function writeShare(store: Store, { installed }: Finding, share: ExplainedShare, writing: Writing): string {
  const { job, revision } = installed;
  const { owed, left, reason, before } = share;
  for (const slot of owed) owe(store, { job: job.id, slot, until: slot + job.startDeadline, reason });
  if (left === undefined) return writing.newName();
  const missed: Missed = { ...left, job: job.id, revision, at: writing.now, reason };
  const going = before === undefined ? undefined : extendMissed(store, missed, before);
  return going ?? recordMissed(store, missed, writing.newName);
}

/** What was not to run was not missed. */
function writePaused(store: Store, { installed }: Finding, { stretch, pause }: Part, { now, newName }: Writing): void {
  const reason = pause === undefined ? 'was paused' : pauseWords(pause);
  const { job, revision } = installed;
  recordMissed(store, { ...stretch, job: job.id, revision, at: now, reason, state: 'skipped' }, newName);
}

/** With `run-once` a later slot takes the place of one that is still to be made up for. */
function dropEarlier(store: Store, { installed, due }: Finding, { now, newName }: Writing): void {
  const { revision } = installed;
  const because = 'a later one is made up for in its place';
  for (const owed of owedSlots(store, due.job)) giveUpSlot(store, owed, { revision, at: now, because, newName });
}

/** Whether a share is told: not where its job was in the same state at the slot before, unless that is long ago. */
function isNews(store: Store, { id }: Job, { whole, before, reason }: ExplainedShare): boolean {
  if (before === undefined || Math.floor(before / toldEvery) !== Math.floor(whole.last / toldEvery)) return true;
  if (isOwed(store, id, before)) return false;
  const [earlier] = runsWhere(store, 'job = ? AND slot = ?', id, before);
  return !(earlier?.trigger === 'catch-up' || (earlier?.state === 'missed' && earlier.reason === reason));
}
