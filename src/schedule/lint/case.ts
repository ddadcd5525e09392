import type { Job } from '../../job/job.ts';
import type { PlacedJob } from '../../job/placed.ts';
import type { Place } from '../../job/problem.ts';
import type { Written } from '../../job/written.ts';
import type { Column } from '../expression/expression.ts';
import type { Fields, Schedule } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';

/** What can be said of schedules that are sound and hardly meant. The codes are stable: people filter on them. */
export const lintCodes = [
  /** No time is left to run: `end` before `start`, or every date excepted. */
  'never-runs',
  /** Every minute of some hours or days: `* 3 * * *`. */
  'every-minute',
  /** Both day fields name days, and either is enough: `1-31 * 1`. */
  'either-day',
  /** One day field is a `*` with a step, so that both must hold. */
  'both-days',
  /** A step that does not come out even: every 7 minutes of 60. */
  'uneven-step',
  /** Months without such a day: the 31st. */
  'skipped-months',
  /** A time that daylight saving skips on some night. */
  'daylight-gap',
  /** A time that daylight saving has twice on some night. */
  'daylight-overlap',
  /** Many jobs start in the same minute. */
  'crowded-minute',
  /** A run may take longer than it is to the next start, which is skipped then. */
  'timeout-overlap',
  /** The waits between attempts are longer than it is to the next start. */
  'retry-overlap',
  /** `missed: run-all` for a job of every minute. */
  'missed-flood',
  /** The `end` has passed, or there is no time left before it. */
  'end-passed',
  /** The last date of a file of holidays has passed. */
  'calendar-passed',
] as const;
export type LintCode = (typeof lintCodes)[number];

/** Where and when a file is judged. */
export interface Present {
  /** UTC milliseconds. */
  readonly at: number;
  /** The zone of a job that names none. */
  readonly zone: Zone;
}

/** What is found, in words. */
export interface Words {
  readonly code: LintCode;
  readonly message: string;
  readonly hint: string;
}

/** What is found at a place, which is looked up where it is shown. */
export interface Remark extends Words {
  /** The name of the job that it is about; undefined for one about more than one. */
  readonly job: string | undefined;
  place(): Place;
}

/** One schedule of a job. */
export interface Entry {
  readonly written: Written;
  readonly schedule: Schedule;
  /** Its five fields as they are written; empty for a phrase or a nickname. */
  readonly columns: readonly Column[];
  /** Whether an `H` in it is settled by the job's name. */
  readonly isHashed: boolean;
  /** The same for all that mean the same: its text, with the name where that counts. */
  readonly key: string;
}

/** A job that is judged. */
export interface Case {
  readonly job: Job;
  readonly place: PlacedJob['place'];
  readonly entries: readonly Entry[];
  readonly zone: Zone;
  /** UTC milliseconds. */
  readonly now: number;
}

/** Fields that are judged by themselves, in any zone. */
export interface FieldsCase {
  readonly fields: Fields;
  readonly columns: readonly Column[];
  readonly now: number;
}

/** What is found in fields; the columns that are meant are the first and the last, all where they are none. */
export interface FieldsRemark extends Words {
  readonly at?: readonly [first: number, last: number];
}
