import type { Fields } from '../schedule.ts';
import { evenStep, joined, runsOf, runWords } from './lists.ts';

/** Minutes and hours in words: moments of a day (`at 02:30`) follow the day, a rhythm (`every 15 minutes`) goes before it. */
export interface TimeWords {
  readonly kind: 'moment' | 'rhythm';
  readonly words: string;
}

/** A day shows each time by itself up to this many. */
const fewTimes = 4;

/** What the minute and hour fields say, in words. */
export function timeWords({ minute, hour }: Pick<Fields, 'minute' | 'hour'>): TimeWords {
  const [minutes, hours] = [minute.values, hour.values];
  if (hours.length === 24) return { kind: 'rhythm', words: hourlyWords(minutes) };
  const steady = steadyWords(minutes, hours);
  if (steady !== undefined && (hour.star || hours.length > fewTimes)) return { kind: 'rhythm', words: steady };
  if (minutes.length * hours.length <= fewTimes) {
    const times = hours.flatMap((h) => minutes.map((m) => clock(h, m)));
    return { kind: 'moment', words: `at ${joined(times)}` };
  }
  const words = spanWords(minutes, hours);
  if (words !== undefined) return { kind: 'rhythm', words };
  return { kind: 'moment', words: `at ${minuteList(minutes)} ${inHours(hours)}` };
}

function hourlyWords(minutes: readonly number[]): string {
  const step = evenStep(minutes, 60);
  const [first = 0, second = 0] = minutes;
  const gap = second - first;
  // An even step that does not begin at the full hour, as `H/2` has it.
  const even =
    minutes.length > fewTimes &&
    gap > 1 &&
    evenStep(
      minutes.map((minute) => minute - first),
      60,
    ) === gap;
  if (even) return step === undefined ? `${everyMinutes(gap)} from ${past(first)} on` : everyMinutes(gap);
  if (step === undefined) return `every hour at ${minuteList(minutes)}`;
  return step === 60 ? 'every hour' : everyMinutes(step);
}

function everyMinutes(step: number): string {
  return step === 1 ? 'every minute' : `every ${step} minutes`;
}

/** One minute of every so many hours, round the clock. */
function steadyWords(minutes: readonly number[], hours: readonly number[]): string | undefined {
  const step = evenStep(hours, 24);
  const [minute] = minutes;
  if (step === undefined || minutes.length !== 1 || minute === undefined) return undefined;
  return minute === 0 ? `every ${step} hours` : `every ${step} hours at ${past(minute)}`;
}

/** A steady beat through hours without a break. */
function spanWords(minutes: readonly number[], hours: readonly number[]): string | undefined {
  const step = evenStep(minutes, 60);
  const [first = 0, last = 0] = [hours[0], hours.at(-1)];
  const [from, to] = [minutes[0] ?? 0, minutes.at(-1) ?? 0];
  if (runsOf(hours).length === 1) {
    const span = `from ${clock(first, from)} to ${clock(last, to)}`;
    if (minutes.length === 1) return `every hour ${span}`;
    if (step !== undefined) return `${everyMinutes(step)} ${span}`;
    if (hours.length === 1 && runsOf(minutes).length === 1) return `${everyMinutes(1)} ${span}`;
  }
  return step === undefined || step === 60 ? undefined : `${everyMinutes(step)} ${inHours(hours)}`;
}

function inHours(hours: readonly number[]): string {
  return `in the ${hours.length === 1 ? 'hour' : 'hours'} ${runWords(hours, two)}`;
}

/** `:05 and :50`; neighbours as `each minute from :01 to :30`. */
function minuteList(minutes: readonly number[]): string {
  const words = runsOf(minutes).flatMap((run) => {
    const [first = 0, last = 0] = [run[0], run.at(-1)];
    return run.length < 3 ? run.map(past) : [`each minute from ${past(first)} to ${past(last)}`];
  });
  return joined(words);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function past(minute: number): string {
  return `:${two(minute)}`;
}

function clock(hour: number, minute: number): string {
  return `${two(hour)}:${two(minute)}`;
}
