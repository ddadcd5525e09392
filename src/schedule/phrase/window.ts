import { nextTime } from '../calendar/day-time.ts';
import type { Flaw } from '../expression/flaw.ts';
import type { DayWindow, Fields, Interval } from '../schedule.ts';
import { type Clause, clausePlace } from './clauses.ts';
import { badTime, timeOfDay, type Word, wordFlaw } from './vocabulary.ts';

const code = 'schedule-time';

/** Reads the two times of `between 08:00 and 18:00`. */
export function readWindow(clause: Clause): DayWindow | Flaw {
  const [first, last, further] = clause.words;
  const from = readEnd(first);
  if (typeof from !== 'number') return from;
  if (last === undefined) {
    return {
      ...clausePlace(clause),
      code,
      message: `found ${first.text} alone, expected two times`,
      instead: undefined,
    };
  }
  const to = readEnd(last, '23:59');
  if (typeof to !== 'number') return to;
  if (further !== undefined) return wordFlaw(further, code, `found ${further.text}, expected two times and no more`);
  if (from !== to) return { from, to };
  return { ...clausePlace(clause), code, message: `found ${first.text} twice, expected two times`, instead: undefined };
}

/** @param midnight what `24:00` means here. */
function readEnd(word: Word, midnight = '00:00'): number | Flaw {
  const time = timeOfDay(word.text);
  if (time !== undefined) return time.hour * 60 + time.minute;
  return word.text === '24:00' ? { ...badTime(word), instead: midnight } : badTime(word);
}

/** The flaw of a window in which the fields name no time of day. */
export function missesFields(fields: Fields, between: DayWindow, clause: Clause): Flaw | undefined {
  return nextTime({ ...fields, between }, 0) === undefined ? misses(clause) : undefined;
}

/** No zone moves its clock by less than this many minutes, so that what misses by more is met by none. */
const leastShift = 15;

/** The flaw of a window that an interval never meets, whatever becomes of the zone's clock. */
export function missesInterval({ minutes, from }: Interval, window: DayWindow, clause: Clause): Flaw | undefined {
  const step = divisor(minutes, leastShift);
  const length = (window.to - window.from + dayMinutes) % dayMinutes;
  const ahead = (((from / 60_000 - window.from) % step) + step) % step;
  return ahead > length ? misses(clause) : undefined;
}

const dayMinutes = 1_440;

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function misses(clause: Clause): Flaw {
  const [first, last] = clause.words;
  const message = `found between ${first.text} and ${last?.text}, expected times with a start among them: this would never run`;
  return { ...clausePlace(clause), code: 'schedule-never', message, instead: undefined, advice: 'widen the times' };
}
