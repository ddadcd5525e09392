import type { Job } from '../../job/job.ts';
import { stableHash } from '../expression/hash.ts';
import { schedulesOf } from '../job-schedules.ts';
import type { Schedule } from '../schedule.ts';
import { hostZone, namedZone, type Zone } from '../zone/zone.ts';
import { instantsOf } from './calendar.ts';
import { excluding, exclusionsOf } from './exclusion.ts';
import { later, walk } from './instants.ts';
import { minuteMs } from './wall.ts';

/** As much of a job as says when it runs. */
export type JobTimes = Pick<Job, 'id' | 'schedule' | 'timezone' | 'dst' | 'jitter' | 'start' | 'end' | 'except'>;

/** The slots of a job. They are UTC milliseconds at which a minute begins. */
export interface Calendar {
  /** The zone on whose clock its schedules are read. */
  readonly zone: Zone;
  readonly schedules: readonly Schedule[];
  /** The first slot after an instant; undefined when there is none within some forty years. */
  next(after: number): number | undefined;
  /** The last slot at or before `at` that is not before `notBefore`. */
  latest(at: number, notBefore: number): number | undefined;
  /** The slots after `after`, ascending and without repeats, up to and with `until`. */
  slots(after: number, until?: number): Generator<number, void, undefined>;
}

/**
 * The slots of a job that was checked before.
 * @param host the zone of a job that names none.
 * @throws UserError where the system does not know the job's zone (any more).
 */
export function calendarOf(job: JobTimes, host?: Zone): Calendar {
  const zone = zoneOf(job, host);
  const schedules = schedulesOf(job);
  const plain = instantsOf(schedules, zone, job.dst);
  const excludes = exclusionsOf(job);
  const kept = excludes === undefined ? plain : excluding(plain, zone, excludes);
  const slots = later(kept, offsetOf(job));
  return {
    zone,
    schedules,
    next: (after) => slots.next(after),
    latest: (at, notBefore) => slots.latest(at, notBefore),
    slots: (after, until = Number.POSITIVE_INFINITY) => walk(slots, after, until),
  };
}

/** The zone on whose clock a job's schedules are read: its own, or the host's. */
export function zoneOf({ timezone }: Pick<Job, 'timezone'>, host?: Zone): Zone {
  return timezone === '' ? (host ?? hostZone()) : namedZone(timezone);
}

/** By how many milliseconds all slots of a job are later: whole minutes, fewer than its jitter's offset, by its name. */
export function offsetOf({ id, jitter }: Pick<Job, 'id' | 'jitter'>): number {
  const minutes = Math.floor(jitter.offset / minuteMs);
  return minutes < 1 ? 0 : (stableHash(`${id} offset`) % minutes) * minuteMs;
}
