import type { JobId } from '../../job/job.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { Gap } from '../../store/gaps.ts';
import type { Owed } from '../../store/owed.ts';
import type { Pause } from '../../store/pauses.ts';
import type { Run } from '../../store/runs.ts';
import type { Version } from '../../store/versions.ts';
import type { Reason } from './reason.ts';

/** A launch whose record lies in the spool. */
export interface SpooledLaunch {
  readonly slot: number | undefined;
  /** What is known of the run; undefined where nothing but its permit lies there. */
  readonly run: { readonly run: string; readonly state: string; readonly startedAt: number } | undefined;
}

/**
 * All that is known of a job and of a stretch of time. Times are UTC milliseconds. From this alone it is judged why the
 * job ran then, or did not.
 */
export interface Evidence {
  readonly job: JobId;
  readonly now: number;
  /** On whose clock times are told: that of the job's latest version. */
  readonly zone: Zone;
  readonly host: Zone;
  /** The oldest first. */
  readonly versions: readonly Version[];
  /** What has to do with the stretch, and what goes on now. */
  readonly runs: readonly Run[];
  readonly owed: readonly Owed[];
  /** Those of the stretch; the last may still go on. */
  readonly gaps: readonly Gap[];
  /** The last tick, where none has come since although one was due. */
  readonly silentSince: number | undefined;
  readonly lastTick: number | undefined;
  readonly pauses: readonly Pause[];
  readonly spooled: readonly SpooledLaunch[];
  /** What stands in the way of the job now, the strongest first. */
  readonly obstacles: readonly Reason[];
  /** Why the database cannot be used. */
  readonly trouble: Reason | undefined;
}

/** The version of a job that was in force at an instant. */
export function versionAt({ versions }: Pick<Evidence, 'versions'>, at: number): Version | undefined {
  return versions.find(({ since, until }) => since.at <= at && (until === undefined || at < until.at));
}

/** The version that is installed now. */
export function currentVersion({ versions }: Pick<Evidence, 'versions'>): Version | undefined {
  return versions.find(({ until }) => until === undefined);
}
