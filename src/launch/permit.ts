import type { Zone } from '../schedule/zone.ts';
import { addEvent } from '../store/events.ts';
import type { InstalledJob } from '../store/registry.ts';
import { openRun, runOfSlot, type Trigger } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { thisProcess } from './holder.ts';
import { newRunId } from './run-id.ts';
import { dueSlot } from './slot.ts';

/** A start that asks to become a run. */
export interface Start {
  readonly installed: InstalledJob;
  readonly trigger: Trigger;
  /** When the wrapper was started, UTC milliseconds: closer to the slot than when it asks. */
  readonly startedAt: number;
}

/** A recorded run, which its task may now begin. */
export interface Permit {
  readonly run: string;
  readonly slot: number | undefined;
}

/**
 * Asks the store for leave to run, and records the run with it. A scheduled start is granted once for each slot.
 * @returns undefined where there is nothing to do: the slot has its run, or this minute is none of the job's.
 */
export function askPermit(store: Store, start: Start, zone: Zone): Permit | undefined {
  const { installed, trigger, startedAt } = start;
  const { job, revision } = installed;
  const due = trigger === 'schedule' ? dueSlot(job, zone, startedAt) : undefined;
  if (trigger === 'schedule' && due === undefined) return undefined;
  if (due && !due.punctual && runOfSlot(store, job.id, due.slot) !== undefined) return undefined;
  const slot = due?.slot;
  const newName = (): string => newRunId(startedAt);
  const opening = { newName, job: job.id, revision, slot, trigger, holder: thisProcess(), at: startedAt };
  const { granted, run } = openRun(store, opening);
  if (granted) return { run, slot };
  addEvent(store, run, {
    at: startedAt,
    level: 'warning',
    message: 'cron started this slot again; it was not run twice',
  });
  return undefined;
}
