import { longestDuration } from '../../job/duration.ts';

const unitMilliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMilliseconds;
const units = ['d', 'h', 'm', 's'] as const;

/**
 * A time as flock(1) and timeout(1) take it, a number of seconds or of the unit behind it, as a jobs file writes it; 0 for
 * none, undefined where it is no time or one too long.
 */
export function gnuDuration(text: string): string | 0 | undefined {
  const [, count, unit] = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const time = Math.ceil(Number(count) * unitMilliseconds[(unit || 's') as Unit]);
  if (time > longestDuration) return undefined;
  return time === 0 ? 0 : written(time, unit as Unit | '');
}

/** In the unit of the text as far as that holds it. */
function written(time: number, unit: Unit | ''): string {
  const own = unit === '' ? 's' : unit;
  const fitting = [own, ...units].find(
    (one) => time % unitMilliseconds[one] === 0 && time / unitMilliseconds[one] < 1e7,
  );
  return fitting === undefined ? `${time}ms` : `${time / unitMilliseconds[fitting]}${fitting}`;
}
