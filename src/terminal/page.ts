import type { Style } from './style.ts';

/** What a human view is written on. */
export interface Page {
  readonly style: Style;
  /** Characters in a line. */
  readonly width: number;
  /** UTC milliseconds, for "5m ago". */
  readonly now: number;
}

/** The colour of a run's state: good, bad, or worth a look. */
export function paintState(style: Style, state: string): (text: string) => string {
  if (state === 'succeeded') return style.good;
  if (state === 'failed' || state === 'timed-out' || state === 'problem') return style.bad;
  return state === 'scheduled' || state === 'ok' ? (text) => text : style.warn;
}

/** `1 job`, `3 jobs`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
