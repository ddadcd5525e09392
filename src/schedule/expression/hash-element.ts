import type { FieldName } from '../schedule.ts';
import type { FieldRange } from './field-range.ts';
import type { Flaw } from './flaw.ts';
import type { Choice } from './hash.ts';

/** The values that an `H` stands for: so many from the lowest to the highest. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** 0 for one value alone. */
  readonly step: number;
}

/** Reads the value of a range: a number, or what is wrong with it at its offset. */
export type ReadValue = (word: string, offset: number) => number | Flaw;

/** `H`, `H/15`, `H(0-29)`, `H(0-29)/10`, and what begins like them. */
const beginning = /^H(?![A-Za-z])/i;
const shape = /^H(?:\(([A-Za-z0-9]+)-([A-Za-z0-9]+)\))?(?:\/(\d+))?$/i;

/** Whether an element is an `H`, sound or not. */
export function isSpread(element: string): boolean {
  return beginning.test(element);
}

/** Every month has this day. */
const commonDay = 28;

/** Reads an `H` as Jenkins documents it; undefined for an element of another kind. */
export function readSpread(element: string, range: FieldRange, readValue: ReadValue): Spread | Flaw | undefined {
  if (!isSpread(element)) return undefined;
  const [found, first, last = '', step] = shape.exec(element) ?? [];
  if (found === undefined) return misshapen(element, range);
  const ends = first === undefined ? usual(range) : readEnds(first, last, readValue);
  if ('code' in ends) return ends;
  if (ends.low > ends.high) return reversed(element, ends, range);
  if (range.title === 'day of month' && ends.high > commonDay) return uncommon(element, ends);
  const bounds = range.high === 7 && ends.low === 0 ? { low: 0, high: Math.min(ends.high, 6) } : ends;
  return step === undefined ? { ...bounds, step: 0 } : readStep(element, { ...bounds, step: Number(step) }, range);
}

/** The values that a name stands for: with a step, a first one below it and each so many behind it. */
export function spreadValues({ low, high, step }: Spread, field: FieldName, choose: Choice): readonly number[] {
  const first = low + choose(field, step === 0 ? high - low + 1 : step);
  if (step === 0) return [first];
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, index) => first + index * step);
}

type Ends = Omit<Spread, 'step'>;

function usual({ title, low, high }: FieldRange): Ends {
  if (title === 'day of month') return { low, high: commonDay };
  return { low, high: high === 7 ? 6 : high };
}

function readEnds(first: string, last: string, readValue: ReadValue): Ends | Flaw {
  const low = readValue(first, 'H('.length);
  if (typeof low !== 'number') return low;
  const high = readValue(last, `H(${first}-`.length);
  return typeof high === 'number' ? { low, high } : high;
}

function readStep(element: string, spread: Spread, { title }: FieldRange): Spread | Flaw {
  const longest = spread.high - spread.low;
  if (spread.step > 0 && spread.step <= longest) return spread;
  const expected = longest === 0 ? 'none' : `1 to ${longest}`;
  const message = `found the step ${spread.step} in the ${title} field, expected ${expected}`;
  return { ...all(element), code: 'schedule-step', message, instead: element.slice(0, element.indexOf('/')) };
}

function misshapen(element: string, { title }: FieldRange): Flaw {
  const message = `found ${element} in the ${title} field, expected H, H/2, H(1-6) or H(1-6)/2`;
  return { ...all(element), code: 'schedule-value', message, instead: 'H' };
}

function reversed(element: string, { low }: Ends, range: FieldRange): Flaw {
  const { high } = usual(range);
  const message = `found ${element} in the ${range.title} field, expected the lower value first`;
  const advice = 'the range of an H cannot go over the end of its field';
  const instead = element.replace(/-[A-Za-z0-9]+/, `-${Math.max(low, high)}`);
  return { ...all(element), code: 'schedule-order', message, instead, advice };
}

function uncommon(element: string, { low }: Ends): Flaw {
  const message = `found ${element} in the day of month field, expected days up to ${commonDay}, which every month has`;
  const instead = low < commonDay ? element.replace(/-\d+/, `-${commonDay}`) : 'H';
  return { ...all(element), code: 'schedule-range', message, instead };
}

function all(element: string): { readonly offset: number; readonly length: number } {
  return { offset: 0, length: element.length };
}
