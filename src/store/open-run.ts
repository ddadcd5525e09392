import { unreachable } from '../errors.ts';
import { durationWords } from '../job/duration.ts';
import type { JobId, Overlap } from '../job/job.ts';
import { freeName } from './free-name.ts';
import { yieldMissed } from './missed.ts';
import { isOwed, takeOwed } from './owed.ts';
import { continuationOf, takeRetry } from './retries.ts';
import {
  closeRun,
  type Holder,
  hasOpenRuns,
  holderOfSlot,
  isPutOff,
  type OpenRun,
  openRunById,
  openRuns,
  requestCancel,
  type Trigger,
} from './runs.ts';
import type { Store } from './store.ts';

/** Milliseconds that a start waits for another writer; who waits in vain has other means than the database. */
const permitWait = 5_000;

/** Whether the wrapper of a run, or its task, is still there. */
export type IsAlive = (run: OpenRun) => boolean;

/** A run about to begin. */
export interface Opening {
  /** Makes names of a run, another at each call. */
  readonly newName: () => string;
  readonly job: JobId;
  readonly revision: number;
  /** The scheduled instant; undefined for a run by hand, at boot, or one that continues another. */
  readonly slot: number | undefined;
  readonly trigger: Trigger;
  readonly holder: Holder;
  readonly at: number;
  readonly overlap: Overlap;
  readonly isAlive: IsAlive;
  /** The run whose due retry this one is to make. */
  readonly continues?: string | undefined;
  /** The number of the attempt it begins with; 1 if not given. */
  readonly firstAttempt?: number | undefined;
}

/** What became of an opening. */
export type Opened =
  /** The task may start. */
  | { readonly kind: 'granted'; readonly run: string }
  /** This run has the slot, or has taken the retry, already; nothing was recorded. */
  | { readonly kind: 'taken'; readonly run: string }
  /** Recorded, and closed as skipped, because of the holder. */
  | { readonly kind: 'skipped'; readonly run: string; readonly reason: string; readonly holder: OpenRun }
  /** Recorded, to be claimed once the holder has ended. */
  | { readonly kind: 'waiting'; readonly run: string; readonly holder: OpenRun }
  /** Recorded, to be claimed once the victims have ended; they are marked as cancelled, and it is for the caller to end them. */
  | { readonly kind: 'replacing'; readonly run: string; readonly victims: readonly OpenRun[] };

/**
 * Records a run before its task starts, and decides in the same transaction whether it may. For a scheduled one this is
 * the launch permit, granted once for each slot; for one that continues another, once for each retry.
 */
export function openRun(store: Store, opening: Opening): Opened {
  return store.db.write(
    () => {
      const earlier = takenBy(store, opening);
      return earlier === undefined ? admit(store, opening) : { kind: 'taken', run: earlier };
    },
    { patience: permitWait },
  );
}

type HeldBack = Extract<Opened, { kind: 'taken' }> | Omit<Extract<Opened, { kind: 'skipped' }>, 'holder'>;

/** Records a start that is held back, and closes it as skipped: nobody else is to start its slot. */
export function openHeldBack(store: Store, opening: Opening, reason: string): HeldBack {
  return store.db.write(
    () => {
      const earlier = takenBy(store, opening);
      return earlier === undefined
        ? { kind: 'skipped', run: insertSkipped(store, opening, reason), reason }
        : { kind: 'taken', run: earlier };
    },
    { patience: permitWait },
  );
}

/** What became of a slot that is to be made up for. `not-due`: nothing was recorded, as it was done or has to wait. */
export type OpenedOwed = Extract<Opened, { kind: 'granted' }> | { readonly kind: 'not-due' };

/** Takes a slot that is owed. It gives way to every other run of its job, whatever the overlap policy, and stays owed then. */
export function openOwed(store: Store, opening: Opening): OpenedOwed {
  return store.db.write(() => takeTurn(store, opening), { patience: permitWait });
}

function takeTurn(store: Store, opening: Opening): OpenedOwed {
  const { job, slot, isAlive } = opening;
  if (slot === undefined || !isOwed(store, job, slot)) return { kind: 'not-due' };
  const isServed = servedBy(store, job, slot) !== undefined;
  if (!isServed && standing(store, job, isAlive).length > 0) return { kind: 'not-due' };
  takeOwed(store, job, slot);
  return isServed ? { kind: 'not-due' } : { kind: 'granted', run: insert(store, opening, 'running') };
}

/** The run that has what can be had once. Where nobody has it, a retry is this opening's from here on. */
function takenBy(store: Store, { job, slot, continues }: Opening): string | undefined {
  const served = slot === undefined ? undefined : servedBy(store, job, slot);
  if (served !== undefined || continues === undefined) return served;
  return takeRetry(store, continues) ? undefined : (continuationOf(store, continues) ?? continues);
}

/** The run of a slot. A missed one makes way: a clock that was set back comes to its slot again. */
function servedBy(store: Store, job: JobId, slot: number): string | undefined {
  const holder = holderOfSlot(store, job, slot);
  if (holder?.state !== 'missed') return holder?.run;
  yieldMissed(store, job, slot);
  return undefined;
}

function admit(store: Store, opening: Opening): Opened {
  const { overlap, job, isAlive } = opening;
  const others = overlap === 'allow' ? [] : standing(store, job, isAlive);
  const [holder] = others;
  if (overlap === 'allow' || holder === undefined) return { kind: 'granted', run: insert(store, opening, 'running') };
  switch (overlap) {
    case 'skip':
      return skip(store, opening, holder);
    case 'wait': {
      const earlier = others.find(isWaiting);
      if (earlier) return skip(store, opening, earlier);
      return { kind: 'waiting', run: insert(store, opening, 'waiting'), holder };
    }
    case 'replace':
      return replace(store, opening, others);
    default:
      return unreachable(overlap);
  }
}

/** The other runs of a job that stand in the way of one more, the oldest first. Who is to end without having begun does not. */
function standing(store: Store, job: JobId, isAlive: IsAlive): readonly OpenRun[] {
  if (!hasOpenRuns(store, job)) return [];
  return openRuns(store, job).filter((run) => !(isWaiting(run) && run.cancelBy !== null) && isAlive(run));
}

/** Whether a run waits for its turn. One that is put off has had it. */
function isWaiting(run: OpenRun): boolean {
  return run.state === 'waiting' && !isPutOff(run);
}

function skip(store: Store, opening: Opening, holder: OpenRun): Opened {
  const since = durationWords(Math.max(0, opening.at - holder.startedAt));
  const reason = `run ${holder.run} (process ${holder.pid}, started ${since} before) ${doingOf(holder)}`;
  return { kind: 'skipped', run: insertSkipped(store, opening, reason), reason, holder };
}

function doingOf(holder: OpenRun): string {
  if (isWaiting(holder)) return 'was waiting for its turn already';
  return isPutOff(holder) ? 'was still going through its random delay' : 'was still going';
}

function insertSkipped(store: Store, opening: Opening, reason: string): string {
  const run = insert(store, opening, 'running');
  closeRun(store, { run, state: 'skipped', at: opening.at, reason });
  return run;
}

function replace(store: Store, opening: Opening, victims: readonly OpenRun[]): Opened {
  const run = insert(store, opening, 'waiting');
  for (const victim of victims) requestCancel(store, victim.run, `run ${run}, which replaces it`);
  return { kind: 'replacing', run, victims };
}

/** Returns the name under which it was recorded. */
function insert(store: Store, opening: Opening, state: OpenRun['state']): string {
  const { newName, job, revision, slot, trigger, holder, at, continues, firstAttempt = 1 } = opening;
  const sql = `INSERT INTO run (id, job, revision, slot, trigger, state, pid, boot, born, started_at, attempts, continues)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const { pid, boot, born } = holder;
  const name = freeName(store, newName);
  const begun = [name, job, revision, slot ?? null, trigger, state];
  store.db.run(sql, ...begun, pid, boot, born, at, firstAttempt - 1, continues ?? null);
  return name;
}

/** What became of a claim. */
export type Claimed =
  /** The run goes on now, its task may start. */
  | { readonly kind: 'granted' }
  /** It waits on, for this one first of all. */
  | { readonly kind: 'blocked'; readonly holder: OpenRun }
  /** It has ended without having begun: it was cancelled, now or before. */
  | { readonly kind: 'closed' };

/** A waiting run that asks whether its turn has come. */
export interface Claim {
  readonly at: number;
  readonly isAlive: IsAlive;
}

/**
 * Asks for a waiting run's turn: it comes once no other run of its job is going, nor waiting for longer. Asking in vain
 * writes nothing, so that it may be repeated often.
 */
export function claimRun(store: Store, run: string, claim: Claim): Claimed {
  const seen = turnOf(store, run, claim);
  if (seen.kind === 'blocked') return seen;
  return store.db.write(() => settle(store, run, claim), { patience: permitWait });
}

function settle(store: Store, run: string, claim: Claim): Claimed {
  const turn = turnOf(store, run, claim);
  const { at } = claim;
  if (turn.kind === 'granted') {
    store.db.run("UPDATE run SET state = 'running', started_at = ? WHERE id = ? AND state = 'waiting'", at, run);
  }
  if (turn.kind === 'closed') {
    // Nothing where it is closed already.
    closeRun(store, { run, state: 'cancelled', at });
  }
  return turn;
}

function turnOf(store: Store, run: string, { isAlive }: Claim): Claimed {
  const own = openRunById(store, run);
  if (own?.state === 'running') return { kind: 'granted' };
  if (own === undefined || own.cancelBy !== null) return { kind: 'closed' };
  const holder = standing(store, own.job, isAlive).find((other) => !isWaiting(other) || isBefore(other, own));
  return holder === undefined ? { kind: 'granted' } : { kind: 'blocked', holder };
}

function isBefore(one: OpenRun, other: OpenRun): boolean {
  return one.startedAt < other.startedAt || (one.startedAt === other.startedAt && one.run < other.run);
}
