import { isDate } from '../job/date.ts';
import { nextMonth } from './calendar/month.ts';
import { instantOfWall, wallTime } from './calendar/wall-instant.ts';
import type { Zone } from './zone/zone.ts';

/** What a text such as `2026-12` or `2026-12-24T08:00` names. UTC milliseconds. */
export interface NamedTime {
  readonly first: number;
  /** Its last millisecond, where it is a month or a day; else the same instant. */
  readonly last: number;
}

const dayMs = 86_400_000;
const time = /^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?$/;

/** Reads a month, a day or a time as ISO 8601 has them: on the clock of a zone, where the text has no offset. */
export function namedTime(text: string, zone: Zone): NamedTime | undefined {
  if (/^\d{4}-\d{2}$/.test(text) && isDate(`${text}-01`)) {
    const month = wallTime(`${text}-01`);
    return stretch(month, nextMonth(month), zone);
  }
  if (isDate(text)) return stretch(wallTime(text), wallTime(text) + dayMs, zone);
  const [, date = '', ofDay = '', offset] = time.exec(text) ?? [];
  if (!isDate(date)) return undefined;
  const read = Date.parse(`${date}T${ofDay}${offset ?? 'Z'}`);
  if (Number.isNaN(read)) return undefined;
  const instant = offset === undefined ? instantOfWall(read, zone) : read;
  return { first: instant, last: instant };
}

function stretch(from: number, to: number, zone: Zone): NamedTime {
  return { first: instantOfWall(from, zone), last: instantOfWall(to, zone) - 1 };
}
