import { UserError } from '../../errors.ts';
import { isDate } from '../../job/date.ts';
import { instantOfWall, wallAt, wallText, wallTime } from '../../schedule/calendar/wall-instant.ts';
import { namedTime } from '../../schedule/named-time.ts';
import type { Zone } from '../../schedule/zone/zone.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What a person asks about. Times are UTC milliseconds. */
export type Asked =
  | { readonly kind: 'now' }
  | {
      readonly kind: 'minute';
      /** Its minutes in time: none where the clock skipped it, two where it came twice. */
      readonly instants: readonly number[];
      /** The minute on the clock of the zone; undefined where it was given with an offset. */
      readonly wall: string | undefined;
    }
  | {
      readonly kind: 'day';
      /** `2026-12-24`. */
      readonly date: string;
      readonly from: number;
      /** Its last millisecond. */
      readonly until: number;
    };

const days = { yesterday: -1, today: 0, tomorrow: 1 } as const;
const wordAndTime = /^(?:(yesterday|today|tomorrow))?(?:\s*(?:at\s+)?(\d{1,2}:\d{2}))?$/;

/**
 * Reads what stands behind `--at`, on the clock of a zone: `02:30`, `yesterday 02:30`, `yesterday`, `2026-12-24`,
 * `2026-12-24 02:30`, or an ISO 8601 time with offset.
 * @throws UserError for any other text.
 */
export function readAsked(text: string, zone: Zone, now: number): Asked {
  const written = inNumbers(text.trim().toLowerCase(), wallText(wallAt(now, zone)).slice(0, 10));
  if (isDate(written)) return dayOf(written, zone);
  const found = /^\d{4}-\d{2}$/.test(written) ? undefined : namedTime(written.toUpperCase().replace(' ', 'T'), zone);
  if (found === undefined) {
    const message = `found --at ${text}, expected a minute or a day`;
    throw new UserError(
      message,
      'such as 02:30, "yesterday 02:30", 2026-12-24, "2026-12-24 02:30" or 2026-12-24T02:30+01:00',
    );
  }
  if (/(?:z|[+-]\d{2}:\d{2})$/.test(written) && written.length > 16) {
    return { kind: 'minute', instants: [found.first - (found.first % minuteMs)], wall: undefined };
  }
  const wall = wallTime(written.replace(' ', 'T').slice(0, 16).toUpperCase());
  return { kind: 'minute', instants: instantsOfWall(wall, zone), wall: wallText(wall) };
}

/** `yesterday 2:30` with its date, and the hour in two digits; any other text as it is. */
function inNumbers(text: string, today: string): string {
  const [whole, day = 'today', time] = wordAndTime.exec(text) ?? [];
  if (whole === undefined || whole === '') return text;
  const date = wallText(wallTime(today) + days[day as keyof typeof days] * dayMs).slice(0, 10);
  return time === undefined ? date : `${date} ${time.padStart(5, '0')}`;
}

function dayOf(date: string, zone: Zone): Asked {
  const wall = wallTime(date);
  return { kind: 'day', date, from: instantOfWall(wall, zone), until: instantOfWall(wall + dayMs, zone) - 1 };
}

/** The instants at which a zone's clock shows a wall time: one, none in a gap, two in an overlap. */
export function instantsOfWall(wall: number, zone: Zone): readonly number[] {
  const first = instantOfWall(wall, zone);
  if (wallAt(first, zone) !== wall) return [];
  const following = zone.spanAt(zone.spanAt(first).end);
  const second = wall - Math.round(following.offset * minuteMs);
  return second >= following.start && second < following.end && second > first ? [first, second] : [first];
}

/** The instant that stands for a question: the minute, the one behind the gap that it is in, the beginning of the day. */
export function instantOf(asked: Asked, zone: Zone, now: number): number {
  switch (asked.kind) {
    case 'now':
      return now;
    case 'day':
      return asked.from;
    case 'minute':
      return asked.instants[0] ?? instantOfWall(wallTime(asked.wall ?? ''), zone);
  }
}
