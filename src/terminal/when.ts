const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in short, cut, not rounded: `0.4s`, `12s`, `3m 05s`, `2h 10m`, `3d 4h`. */
export function span(milliseconds: number): string {
  const whole = (unit: number): number => Math.floor(milliseconds / unit);
  if (milliseconds < 10 * second) return `${whole(second / 10) / 10}s`;
  if (milliseconds < minute) return `${whole(second)}s`;
  if (milliseconds < hour) return `${whole(minute)}m ${two(whole(second) % 60)}s`;
  if (milliseconds < day) return `${whole(hour)}h ${two(whole(minute) % 60)}m`;
  return `${whole(day)}d ${whole(hour) % 24}h`;
}

/** Processor time in short: below a second its milliseconds count, of which the system tells every tenth. */
export function cpuSpan(milliseconds: number): string {
  if (milliseconds === 0) return '<10ms';
  return milliseconds < second ? `${milliseconds}ms` : span(milliseconds);
}

/** How far an instant is from now, in its largest unit: `in 5m`, `3d ago`. */
export function relative(instant: string, now: number): string {
  const distance = Date.parse(instant) - now;
  return distance >= 0 ? `in ${coarse(distance)}` : `${coarse(-distance)} ago`;
}

function coarse(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.floor(milliseconds / second)}s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)}m`;
  if (milliseconds < 2 * day) return `${Math.floor(milliseconds / hour)}h`;
  return `${Math.floor(milliseconds / day)}d`;
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
