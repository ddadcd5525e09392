import type { DaylightPolicy } from '../../job/job.ts';
import type { Schedule } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';
import { asCron } from './daylight.ts';
import { FieldInstants } from './field-instants.ts';
import { type Instants, merged, walk } from './instants.ts';
import { IntervalInstants } from './interval-instants.ts';

// Instants are UTC milliseconds at which a minute begins on the zone's clock.

/** The instants of schedules in a zone; a start of the machine has none. */
export function instantsOf(schedules: readonly Schedule[], zone: Zone, policy: DaylightPolicy = asCron): Instants {
  return merged(schedules.flatMap((schedule) => partsOf(schedule, zone, policy)));
}

function partsOf(schedule: Schedule, zone: Zone, policy: DaylightPolicy): readonly Instants[] {
  switch (schedule.kind) {
    case 'calendar':
      return [new FieldInstants(schedule.fields, zone, policy)];
    case 'interval':
      return [new IntervalInstants(schedule.interval, zone)];
    case 'reboot':
      return [];
  }
}

/** The first instant after `after`; undefined when there is none within some forty years. */
export function nextInstant(schedules: readonly Schedule[], zone: Zone, after: number): number | undefined {
  return instantsOf(schedules, zone).next(after);
}

/** The last instant at or before `at` that is not before `notBefore`. */
export function latestInstant(
  schedules: readonly Schedule[],
  zone: Zone,
  at: number,
  notBefore: number,
): number | undefined {
  return instantsOf(schedules, zone).latest(at, notBefore);
}

/** The instants after `after`, ascending and without repeats, up to and with `until`. */
export function instants(
  schedules: readonly Schedule[],
  zone: Zone,
  after: number,
  until = Number.POSITIVE_INFINITY,
): Generator<number, void, undefined> {
  return walk(instantsOf(schedules, zone), after, until);
}
