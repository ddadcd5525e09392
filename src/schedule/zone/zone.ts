import { UserError } from '../../errors.ts';
import { nearest } from '../../job/nearest.ts';
import { readPosixRule } from './posix-rule.ts';
import { type Span, SpanTable } from './span.ts';
import { ZoneChanges } from './tzif.ts';
import { type HostClock, hostClock, hostZoneName, readSmallFile, readZone, zoneFiles } from './zone-file.ts';

/** A time zone: what a clock on the wall shows at an instant. */
export interface Zone {
  /** Its name in the IANA database, such as `Europe/Berlin`. */
  readonly name: string;
  /** Minutes east of UTC at an instant in UTC milliseconds; local mean time before about 1900 has a fraction. */
  offsetAt(instant: number): number;
  /** The stretch of one offset around an instant. */
  spanAt(instant: number): Span;
}

let host: { readonly sign: string; readonly zone: Zone } | undefined;

/** The zone of this host, or of TZ where that is set: the one that localtime(3) has, and so cron. Made anew when it changed. */
export function hostZone(): Zone {
  const clock = hostClock();
  if (host?.sign !== clock.sign) host = { sign: clock.sign, zone: makeHostZone(clock) };
  return host.zone;
}

/** Where the system has no data, Node's own are next. */
function makeHostZone(clock: HostClock): Zone {
  const bytes = readSmallFile(clock.path);
  const changes = bytes === undefined ? changesByText(clock.text) : ZoneChanges.read(bytes);
  const spanAt = changes === undefined ? spansByDate() : remembering(changes);
  return {
    get name() {
      // Node has no name for a TZ that leads to no zone; the C library takes it for UTC.
      return plainName(hostZoneName(clock) ?? (new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'));
    },
    offsetAt: (instant) => spanAt(instant).offset,
    spanAt,
  };
}

function changesByText(text: string | undefined): ZoneChanges | undefined {
  const rule = readPosixRule(text === '' ? 'UTC0' : (text ?? ''));
  return rule && ZoneChanges.ofRule(rule);
}

/** By the name that people, Date and Intl have for it. */
function plainName(name: string): string {
  return name === 'Etc/UTC' || name === '' ? 'UTC' : name;
}

function spansByDate(): Zone['spanAt'] {
  const table = new SpanTable((instant) => 0 - new Date(instant).getTimezoneOffset());
  return (instant) => table.spanAt(instant);
}

/** One question is mostly about the same stretch as the one before. */
function remembering(changes: ZoneChanges): Zone['spanAt'] {
  let last: Span | undefined;
  return (instant) => {
    if (last === undefined || instant < last.start || instant >= last.end) last = changes.spanAt(instant);
    return last;
  };
}

const known = new Map<string, Zone>();

/**
 * The zone of a name; each is made once, from the system's data and, where those do not have it, from Node's own.
 * @throws UserError for a name that neither has, with the one most likely meant.
 */
export function namedZone(name: string): Zone {
  const zone = known.get(name) ?? fileZone(name) ?? intlZone(name);
  known.set(name, zone);
  return zone;
}

/** The names of all zones, in order: the system's, or Node's where it has none. */
export function zoneNames(): readonly string[] {
  const names = zoneFiles();
  return names.length === 0 ? Intl.supportedValuesOf('timeZone') : names;
}

/** @param file the zone whose data it has, where that has another name. */
function fileZone(name: string, file: string = name): Zone | undefined {
  const bytes = readZone(file);
  const changes = bytes && ZoneChanges.read(bytes);
  if (changes === undefined) return undefined;
  const spanAt = remembering(changes);
  return { name, offsetAt: (instant) => spanAt(instant).offset, spanAt };
}

function intlZone(name: string): Zone {
  const format = formatOf(name);
  // The system may have it by another name: lower case, or one that tzdata keeps for the past, such as US/Eastern.
  const same = fileZone(name, format.resolvedOptions().timeZone);
  if (same !== undefined) return same;
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

/** `GMT+2`, as people count: the zones of that name count to the west, as POSIX does. */
const offsetEast = /^(?:GMT|UTC)([+-])(\d{1,2})$/i;

/** A city alone is the most common slip. */
function likelyName(name: string): string | undefined {
  const names = zoneNames();
  const [, sign, hours] = offsetEast.exec(name) ?? [];
  if (sign !== undefined) {
    const west = `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`;
    return names.find((candidate) => candidate === west);
  }
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
