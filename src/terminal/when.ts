const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in short: `0.4s`, `12s`, `3m 05s`, `2h 10m`, `3d 4h`. */
export function span(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1_000).toFixed(1)}s`;
  if (milliseconds < minute) return `${Math.round(milliseconds / 1_000)}s`;
  if (milliseconds < hour) {
    return `${Math.floor(milliseconds / minute)}m ${two(Math.floor((milliseconds % minute) / 1_000))}s`;
  }
  if (milliseconds < day)
    return `${Math.floor(milliseconds / hour)}h ${two(Math.floor((milliseconds % hour) / minute))}m`;
  return `${Math.floor(milliseconds / day)}d ${Math.floor((milliseconds % day) / hour)}h`;
}

/** How far an instant is from now: `in 5m 00s`, `3d 4h ago`. */
export function relative(instant: string, now: number): string {
  const distance = Date.parse(instant) - now;
  return distance >= 0 ? `in ${coarse(distance)}` : `${coarse(-distance)} ago`;
}

function coarse(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.round(milliseconds / 1_000)}s`;
  if (milliseconds < hour) return `${Math.round(milliseconds / minute)}m`;
  if (milliseconds < 2 * day) return `${Math.round(milliseconds / hour)}h`;
  return `${Math.round(milliseconds / day)}d`;
}

/** Date and time as the text itself has them, without its offset: `2026-11-24 02:30:05`. */
export function stamp(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}

/** The same to the minute. */
export function stampMinute(instant: string): string {
  return stamp(instant).slice(0, 16);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
