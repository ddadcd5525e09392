import { bareRun } from './bare-run.ts';
import { freeName } from './free-name.ts';
import type { Lying } from './lying.ts';
import { readOwn } from './private-place.ts';
import { noteOnce, saveRecord, unknownHolder } from './record.ts';
import { installedJob } from './registry.ts';
import { runOfSlot } from './runs.ts';
import { type Store, together } from './store.ts';

/** What a stand-in says. */
export interface Standing {
  readonly newName: () => string;
  /** When the last was heard of the launch, UTC milliseconds. */
  readonly at: number;
  /** Why its record is lost, as a sentence about the run. */
  readonly why: string;
}

/**
 * Records an open run without a process for a launch whose record is lost, so that it is closed and told of like any whose
 * wrapper is gone. Where the launch has a run in the database already, that only says why.
 * @returns the run that was made, if one was.
 */
export function standIn(store: Store, lying: Lying, { newName, at, why }: Standing): readonly string[] {
  const name =
    lying.run ?? lying.records.map((path) => nameIn(readOwn(path) ?? '')).find((found) => found !== undefined);
  const event = { at, level: 'warning', message: why } as const;
  return together(store, () => {
    const known = knownRun(store, lying, name);
    if (known !== undefined) {
      noteOnce(store, known, event);
      return [];
    }
    const revision = installedJob(store, lying.job)?.revision ?? 0;
    const run = bareRun({ ...lying, run: name ?? freeName(store, newName), revision, at, holder: unknownHolder });
    saveRecord(store, { format: 1, run, attempts: [], output: [], events: [event], mails: [] });
    return [run.run];
  });
}

/** The run that the database has for a launch: the one of its slot, or of its name. */
function knownRun(store: Store, { job, slot }: Lying, name: string | undefined): string | undefined {
  const ofSlot = slot === undefined ? undefined : runOfSlot(store, job, slot);
  if (ofSlot !== undefined || name === undefined) return ofSlot;
  return store.db.get('SELECT 1 FROM run WHERE id = ?', name) === undefined ? undefined : name;
}

/** The run's name stands at the beginning of a record, so that a torn one has it too. */
function nameIn(text: string): string | undefined {
  return /"run":"([0-9a-z]+)"/.exec(text)?.[1];
}
