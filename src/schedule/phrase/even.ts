import { longestDuration, parseDuration } from '../../job/duration.ts';

/** The minutes that divide the hour or the day evenly: cron starts to count anew at each hour and each day. */
const hourly = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30] as const;
const daily = [60, 120, 180, 240, 360, 480, 720, 1_440] as const;
const even: readonly number[] = [...hourly, ...daily];

const unitNames: readonly (readonly [pattern: RegExp, unit: string])[] = [
  [/^(?:s|secs?|seconds?)$/, 's'],
  [/^(?:m|mins?|minutes?)$/, 'm'],
  [/^(?:h|hrs?|hours?)$/, 'h'],
  [/^(?:d|days?)$/, 'd'],
  [/^(?:w|weeks?)$/, 'w'],
];

/** Minutes, perhaps with a fraction, of an interval such as `15m`, `15 minutes`, `1h30m`; undefined where it is none. */
export function intervalMinutes(text: string): number | undefined {
  const [, count, name] = /^(\d{1,7}) ?([a-z]+)$/.exec(text) ?? [];
  const unit = unitNames.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
  const milliseconds = parseDuration(unit === undefined ? text : `${count}${unit}`);
  return milliseconds === undefined ? undefined : milliseconds / 60_000;
}

/** The five fields that run every so many minutes, evenly; undefined where it does not come out even. */
export function intervalFields(minutes: number): string | undefined {
  if (!even.includes(minutes)) return undefined;
  if (minutes < 60) return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  if (minutes === 60) return '0 * * * *';
  return minutes === 1_440 ? '0 0 * * *' : `0 */${minutes / 60} * * *`;
}

/** Minutes of the longest interval. */
export const longestInterval = longestDuration / 60_000;

/** The interval of whole minutes that lies nearest, as it is written after `every`. */
export function wholeInterval(minutes: number): string {
  return written(Math.min(Math.max(Math.round(minutes), 1), longestInterval));
}

/** The even intervals next below and next above, shortest first, as they are written after `every`. */
export function nearestIntervals(minutes: number): readonly [string, ...string[]] {
  const below = even.findLast((candidate) => candidate < minutes);
  const above = even.find((candidate) => candidate > minutes);
  const [first = 1, ...rest] = [below, above].filter((candidate) => candidate !== undefined);
  return [written(first), ...rest.map(written)];
}

function written(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
