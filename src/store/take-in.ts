import { renameSync } from 'node:fs';
import { errorCode, errorMessage } from '../errors.ts';
import { type Lying, lastRecord, spooled, writtenAt } from './lying.ts';
import type { IsAlive } from './open-run.ts';
import { isOpen, type RunRecord, saveRecord } from './record.ts';
import { runOfSlot } from './runs.ts';
import { standIn } from './stand-in.ts';
import { type Store, together } from './store.ts';
import { StoreTrouble } from './trouble.ts';
import { discard } from './write-whole.ts';

/** How the spool is taken in. */
export interface TakingIn {
  /** Whether the process that holds an open run, or its task, is still there. */
  readonly isAlive: IsAlive;
  /** Makes names of a run, another at each call. */
  readonly newName: () => string;
  readonly now: number;
}

/** What came of it. */
export interface TakenIn {
  /** The runs that have left the spool. One whose process is gone is recorded as it was left, which may be open. */
  readonly runs: readonly string[];
  /** The files that could not be read, as they are called now. Each is named once. */
  readonly torn: readonly string[];
  /** Why the rest has to wait, in words. */
  readonly problem: string | undefined;
}

/** A record that is not whole may be about to be, for so many milliseconds. */
const tornAfter = 60_000;
/** Nobody asks for a slot that is older, and a record would have been written by then. */
const permitsFor = 600_000;
/** More have to wait for the next start, so that none is held up. */
const mostAtOnce = 200;
/** Milliseconds for the database: what cannot be taken in now can be later. */
const patience = 2_000;

/**
 * Brings what lies in the spool into the database. A record stays there as well while its process may add to it. One that
 * cannot be read is kept aside, and a run stands for it, and for a permit of which no record was ever written. Costs a
 * look at a few directories where there is nothing.
 */
export function takeIn(store: Store, taking: TakingIn): TakenIn {
  const runs: string[] = [];
  const torn: string[] = [];
  try {
    for (const lying of spooled(store.directory, taking.now - permitsFor)) {
      const settled = settle(store, taking, lying);
      runs.push(...settled.runs);
      torn.push(...settled.torn);
      if (runs.length + torn.length >= mostAtOnce) break;
    }
  } catch (error) {
    if (!(error instanceof StoreTrouble)) throw error;
    return { runs, torn, problem: errorMessage(error) };
  }
  return { runs, torn, problem: undefined };
}

type Settled = Pick<TakenIn, 'runs' | 'torn'>;
const untouched: Settled = { runs: [], torn: [] };

function settle(store: Store, taking: TakingIn, lying: Lying): Settled {
  let record = lastRecord(lying);
  if (record && isOpen(record.run)) {
    if (taking.isAlive({ ...record.run, firstSlot: null, slots: 1 })) return show(store, record);
    // Its process may have closed it and ended since it was read.
    record = lastRecord(lying);
  }
  if (record === undefined) return settleUnread(store, taking, lying);
  const refusal = save(store, record);
  if (refusal !== undefined) return setAside(store, taking, lying, refusal);
  for (const path of lying.records) discard(path);
  return { runs: [record.run.run], torn: [] };
}

/** A run that goes on is in the database as well, so that it is seen and stands in the way of others. Its record stays. */
function show(store: Store, record: RunRecord): Settled {
  save(store, record);
  return untouched;
}

/** Returns why the database does not want a record, whoever is to blame for that: no record may block those behind it. */
function save(store: Store, record: RunRecord): string | undefined {
  try {
    together(store, () => saveRecord(store, record), { patience });
    return undefined;
  } catch (error) {
    if (error instanceof StoreTrouble) throw error;
    return errorMessage(error);
  }
}

function settleUnread(store: Store, taking: TakingIn, lying: Lying): Settled {
  const { permits, records } = lying;
  const written = writtenAt(records.length > 0 ? records : permits);
  const age = written === undefined ? 0 : taking.now - written;
  if (records.length > 0) {
    return age < tornAfter ? untouched : setAside(store, taking, lying, 'it ends in the middle');
  }
  if (age < permitsFor) return untouched;
  // The mark beside a permit that the database gave: it has served.
  const { job, slot } = lying;
  const isKnown = slot !== undefined && runOfSlot(store, job, slot) !== undefined;
  if (isKnown) return discarded(permits);
  const why = 'no record of it could be written, and nobody knows what became of it';
  const runs = standIn(store, lying, { newName: taking.newName, at: written ?? taking.now, why });
  for (const path of permits) discard(path);
  return { runs, torn: [] };
}

function discarded(permits: readonly string[]): Settled {
  for (const path of permits) discard(path);
  return untouched;
}

/** Keeps records that cannot be taken in under another name, and says so in the run that stands for them. */
function setAside(store: Store, { newName, now }: TakingIn, lying: Lying, reason: string): Settled {
  const aside = lying.records.map((path) => `${path}.torn`);
  const why = `its record could not be read, ${reason}; what there is of it is kept as ${aside.join(' and ')}`;
  const runs = standIn(store, lying, { newName, at: writtenAt(lying.records) ?? now, why });
  return { runs, torn: lying.records.filter((path) => renamed(path, `${path}.torn`)).map((path) => `${path}.torn`) };
}

function renamed(path: string, aside: string): boolean {
  try {
    renameSync(path, aside);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
