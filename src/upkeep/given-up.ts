import { recordMissed } from '../store/missed.ts';
import { type Owed, takeOwed } from '../store/owed.ts';
import { holderOfSlot } from '../store/runs.ts';
import type { Store } from '../store/store.ts';

/** As what a slot that is not made up for is recorded. */
export interface GivenUp {
  readonly revision: number;
  readonly at: number;
  /** Why not, to follow the reason for which it is owed. */
  readonly because: string;
  /** Makes names of a run, another at each call. */
  readonly newName: () => string;
}

/** The run that a slot was recorded as, and its reason in words. */
export interface Recorded {
  readonly run: string;
  readonly reason: string;
}

/**
 * Records a slot that is owed as missed for good.
 * @returns undefined where it is owed no longer: a clock that was set back comes to its slot again, and cron starts it.
 */
export function giveUpSlot(store: Store, owed: Owed, given: GivenUp): Recorded | undefined {
  const { job, slot } = owed;
  const { because, newName, ...when } = given;
  if (!takeOwed(store, job, slot) || holderOfSlot(store, job, slot) !== undefined) return undefined;
  const reason = `${owed.reason}; ${because}`;
  const run = recordMissed(store, { ...when, job, first: slot, last: slot, count: 1, reason }, newName);
  return { run, reason };
}
