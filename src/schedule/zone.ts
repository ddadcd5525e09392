import { UserError } from '../errors.ts';
import { nearest } from '../job/nearest.ts';
import { type Span, SpanTable } from './span.ts';

/** A time zone: what a clock on the wall shows at an instant. */
export interface Zone {
  /** Its name in the IANA database, such as `Europe/Berlin`. */
  readonly name: string;
  /** Minutes east of UTC at an instant in UTC milliseconds; local mean time before about 1900 has a fraction. */
  offsetAt(instant: number): number;
  /** The stretch of one offset around an instant. */
  spanAt(instant: number): Span;
}

/** The zone of this host, or of TZ where that is set. Intl is not touched before the name is asked for. */
export function hostZone(): Zone {
  const offsetAt = (instant: number) => -new Date(instant).getTimezoneOffset();
  const table = new SpanTable(offsetAt);
  return {
    get name() {
      return new Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    offsetAt,
    spanAt: (instant) => table.spanAt(instant),
  };
}

const known = new Map<string, Zone>();

/**
 * The zone of a name; each is made once.
 * @throws UserError for a name that the IANA database does not have, with the one most likely meant.
 */
export function namedZone(name: string): Zone {
  const zone = known.get(name) ?? makeZone(name);
  known.set(name, zone);
  return zone;
}

function makeZone(name: string): Zone {
  const format = formatOf(name);
  const offsetAt = (instant: number) => parseOffset(format.format(instant));
  const table = new SpanTable(offsetAt);
  return { name, offsetAt, spanAt: (instant) => table.spanAt(instant) };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const likely = likelyName(name);
    const hint = likely === undefined ? 'names look like Europe/Berlin or America/New_York' : `did you mean ${likely}?`;
    throw new UserError(`there is no time zone ${JSON.stringify(name)}`, hint);
  }
}

/** A city alone is the most common slip. */
function likelyName(name: string): string | undefined {
  const names = Intl.supportedValuesOf('timeZone');
  const city = `/${name.trim().toLowerCase().replaceAll(' ', '_')}`;
  return names.find((candidate) => candidate.toLowerCase().endsWith(city)) ?? nearest(name, names);
}

/** The `GMT-04:56:02` at the end of a formatted date, in minutes; a bare `GMT` is 0. */
const longOffset = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function parseOffset(formatted: string): number {
  const [, sign, hours, minutes, seconds = '0'] = longOffset.exec(formatted) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
  return sign === '-' ? -size : size;
}
