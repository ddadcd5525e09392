const unitMilliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof unitMilliseconds;

/** One or more of a whole number and its unit, largest first by habit: `30s`, `15m`, `1h30m`, `2d`; or `0`. */
export const durationPattern = /^(?:0|(?:\d{1,7}(?:ms|[smhdw]))+)$/;
const part = /(\d+)(ms|[smhdw])/g;

/** Node and SQLite hold far more; a longer time is a mistake. */
export const longestDuration = 366 * unitMilliseconds.d;

/** Milliseconds of a duration such as `90s` or `1h30m`; undefined where the text is none. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(part)) total += Number(count) * unitMilliseconds[unit as Unit];
  return total;
}

const words = [
  ['d', 'day'],
  ['h', 'hour'],
  ['m', 'minute'],
  ['s', 'second'],
] as const;

/** A duration in words, with its two largest units: `1 hour 30 minutes`, `45 seconds`, `20 ms`. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  let left = Math.round(milliseconds / 1_000) * 1_000;
  const parts: string[] = [];
  for (const [unit, word] of words) {
    const count = Math.floor(left / unitMilliseconds[unit]);
    left -= count * unitMilliseconds[unit];
    if (count > 0) parts.push(`${count} ${word}${count === 1 ? '' : 's'}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** A time as written, in milliseconds. */
export function milliseconds(time: string | 0 | undefined, otherwise: number): number {
  return time === undefined ? otherwise : (parseDuration(String(time)) ?? otherwise);
}
