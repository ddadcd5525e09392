/** Two offsets that change places twice a year, or one for ever: POSIX's TZ. Offsets and times are seconds. */
export interface PosixRule {
  /** East of UTC. */
  readonly standard: number;
  /** Undefined for a zone without daylight saving. */
  readonly daylight: Daylight | undefined;
}

interface Daylight {
  readonly offset: number;
  readonly begins: YearDay;
  readonly ends: YearDay;
}

/** A day of each year, and the time on its clock at which the offset changes, -167 to 167 hours. */
interface YearDay {
  readonly kind: 'weekday' | 'without-leap-day' | 'day';
  readonly numbers: readonly number[];
  readonly time: number;
}

/** A change of the clock: from the instant `at`, in UTC milliseconds, the offset in seconds. */
export interface Turn {
  readonly at: number;
  readonly offset: number;
}

const name = '(?:<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,})';
const time = String.raw`[+-]?\d{1,3}(?::\d\d){0,2}`;

/**
 * Reads the TZ of POSIX with the extension of RFC 9636, section 3.3.1, such as `CET-1CEST,M3.5.0,M10.5.0/3`; undefined
 * where it is none. Without dates they are those of the United States, as in the C library.
 */
export function readPosixRule(text: string): PosixRule | undefined {
  const whole = new RegExp(`^${name}(${time})(${name}(${time})?(?:,([^,]+),([^,]+))?)?$`);
  const [found, west, daylight, daylightWest, first, second] = whole.exec(text) ?? [];
  if (found === undefined || west === undefined) return undefined;
  const standard = 0 - seconds(west);
  if (daylight === undefined) return { standard, daylight: undefined };
  const [begins, ends] = [readYearDay(first ?? 'M3.2.0'), readYearDay(second ?? 'M11.1.0')];
  if (begins === undefined || ends === undefined) return undefined;
  const offset = daylightWest === undefined ? standard + 3_600 : 0 - seconds(daylightWest);
  if (offset === standard) return { standard, daylight: undefined };
  // Daylight saving that ends as it begins again is there all year, RFC 9636 section 3.3.1.
  const allYear = instantOf(ends, 2001, offset) === instantOf(begins, 2002, standard);
  return allYear ? { standard: offset, daylight: undefined } : { standard, daylight: { offset, begins, ends } };
}

/** The changes of some years, in order. */
export function turnsOf({ standard, daylight }: PosixRule, years: readonly number[]): readonly Turn[] {
  if (daylight === undefined) return [];
  const { offset, begins, ends } = daylight;
  const turns = years.flatMap((year): readonly Turn[] => [
    { at: instantOf(begins, year, standard), offset },
    { at: instantOf(ends, year, offset), offset: standard },
  ]);
  return turns.sort((a, b) => a.at - b.at);
}

function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const size = hours * 3_600 + minutes * 60 + rest;
  return text.startsWith('-') ? -size : size;
}

function readYearDay(text: string): YearDay | undefined {
  const yearDay = new RegExp(String.raw`^(?:M(\d+)\.(\d)\.(\d)|J(\d+)|(\d+))(?:/(${time}))?$`);
  const [found, month, week, weekday, withoutLeapDay, day, at = '2'] = yearDay.exec(text) ?? [];
  if (found === undefined) return undefined;
  if (month !== undefined) return { kind: 'weekday', numbers: [month, week, weekday].map(Number), time: seconds(at) };
  if (day !== undefined) return { kind: 'day', numbers: [Number(day)], time: seconds(at) };
  return { kind: 'without-leap-day', numbers: [Number(withoutLeapDay)], time: seconds(at) };
}

const dayMs = 86_400_000;

/** @param offset that of the clock which shows the time of the change. */
function instantOf(day: YearDay, year: number, offset: number): number {
  return dateOf(day, year) + (day.time - offset) * 1_000;
}

function dateOf({ kind, numbers: [first = 0, week = 0, weekday = 0] }: YearDay, year: number): number {
  const newYear = Date.UTC(year, 0, 1);
  if (kind === 'day') return newYear + first * dayMs;
  if (kind === 'weekday') return nthWeekday(year, first, week, weekday);
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29;
  return newYear + (first - 1 + (isLeap && first >= 60 ? 1 : 0)) * dayMs;
}

/** The weekday of a week of a month, 1 to 5; 5 is the last. Sunday is 0. */
function nthWeekday(year: number, month: number, week: number, weekday: number): number {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const date = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, date > days ? date - 7 : date);
}
