import type { Clock } from '../clock.ts';
import type { Account } from '../job/account.ts';
import type { Variables } from '../job/environment.ts';
import type { Observer } from '../run/observer.ts';
import type { InstalledJob, ProjectSettings } from '../store/registry.ts';
import type { Trigger } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { StoreTrouble } from '../store/trouble.ts';
import type { Due } from './slot.ts';

/** What a launch has of the world, whether or not the database can be used. */
export interface Surroundings {
  /** Absolute path of the state directory. */
  readonly state: string;
  readonly clock: Clock;
  readonly environment: Variables;
  readonly identity: Account;
  readonly host: string;
  /** Absolute path of the program that starts cronwright. */
  readonly launcher: string;
  /** How a person starts cronwright, for the words of a report. */
  readonly program: string;
  /** Aborted with a signal's name when the wrapper is asked to end. */
  readonly cancel: AbortSignal;
  /** Takes what belongs on standard error. */
  complain(text: string): void;
  /** From 0 to less than 1; the system's if not given. */
  readonly random?: (() => number) | undefined;
  /** Is shown the run as it goes, where somebody is looking. */
  readonly onlooker?: Observer | undefined;
}

/** A world whose database can be used. */
export interface StoredWorld extends Surroundings {
  readonly store: Store;
}

/** A world whose database cannot: a task runs all the same, and its record waits in the spool. */
export interface StorelessWorld extends Surroundings {
  readonly store: undefined;
  readonly trouble: StoreTrouble;
}

export type World = StoredWorld | StorelessWorld;

/** A start that asks to become a run. */
export interface Start {
  readonly installed: InstalledJob;
  readonly trigger: Trigger;
  /** When the wrapper was started, UTC milliseconds: closer to the slot than when it asks. */
  readonly startedAt: number;
  /** The world's environment is cron's also where a person starts the job. */
  readonly asCron?: boolean | undefined;
  /** The slot that a start by schedule serves, where whoever starts it has asked the calendar already. */
  readonly due?: Due | undefined;
  /** The missed slot that this start makes up for. */
  readonly slot?: number | undefined;
  /** The interrupted run that this start goes on from. */
  readonly continues?: Continued | undefined;
  /** What the job's project says besides, where the start was read from the plain copy. */
  readonly settings?: ProjectSettings | undefined;
}

/** An interrupted run whose next attempt is due. */
export interface Continued {
  readonly run: string;
  /** The slot that the first run of the chain was for. */
  readonly slot: number | undefined;
  /** The number of the attempt to come. */
  readonly attempt: number;
}
