import { nextTime } from '../../schedule/calendar/day-time.ts';
import { minuteMs, nextWall } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import type { Span } from '../../schedule/zone/span.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { Cron } from '../cron/cron.ts';
import { crons } from '../cron/crons.ts';
import { allValues } from './cover.ts';
import { isDueOn } from './day-rule.ts';
import { skippedMinutes, wallOf } from './zone-spans.ts';

// Debian's cron(8), section "notes", and cronie's: a change of the clock by less than three hours makes lines of a
// fixed time run once just after the time that was skipped, and not again in the time that is repeated. Lines with a
// wildcard, whose minute or hour begins with `*`, follow the clock.

const correction = 180;

/** What of a cron decides when a line is due. */
export type HostCron = Pick<Cron, 'daylight' | 'days'>;

/** Whether cron, on a host of that zone, starts a line at an instant: for certain, where the cron is not predictable. */
export function wakes(fields: Fields, host: Zone, at: number, { daylight, days }: HostCron = crons.debian): boolean {
  const span = host.spanAt(at);
  const { day, minute } = wallOf(at, span.offset);
  const isNamed = nextTime(fields, minute) === minute && isDueOn(fields, day, days);
  if (daylight === 'makes-up' && isFixedTime(fields)) {
    return isNamed ? !isRepeat(span, at) : at === span.start && hasSkipped(fields, span);
  }
  if (!isNamed || !isShownAgain(host, at)) return isNamed;
  return daylight === 'moves' ? isHourly(fields) : daylight !== 'passes-over';
}

/** Whether the clock of a host shows a time that it has shown before. */
export function isShownAgain(host: Zone, at: number): boolean {
  const span = host.spanAt(at);
  return at < span.start - skippedMinutes(span) * minuteMs;
}

/** Whether a line is due in every hour. */
export function isHourly({ hour }: Pick<Fields, 'hour'>): boolean {
  return hour.values.length === allValues.hour.length;
}

/** Whether a line names its minutes and hours, and does not follow a clock that is set. */
export function isFixedTime({ minute, hour }: Pick<Fields, 'minute' | 'hour'>): boolean {
  return !minute.star && !hour.star;
}

/** How many minutes after the start of a span show times that cron has seen, and does not serve fixed times again. */
export function repeatedMinutes(span: Span): number {
  const repeated = -skippedMinutes(span);
  return repeated > 0 && repeated < correction ? repeated : 0;
}

function isRepeat(span: Span, at: number): boolean {
  return at < span.start + repeatedMinutes(span) * minuteMs;
}

function hasSkipped(fields: Fields, span: Span): boolean {
  const skipped = skippedMinutes(span);
  if (skipped <= 0 || skipped >= correction) return false;
  const from = span.start + Math.round(span.before) * minuteMs;
  const next = nextWall(fields, from);
  return next !== undefined && next < from + skipped * minuteMs;
}
