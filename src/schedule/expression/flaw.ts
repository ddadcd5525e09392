import type { ScheduleCode } from '../schedule.ts';
import type { FieldRange } from './field-range.ts';

/** What is wrong with a piece of an expression; offsets count from the start of that piece. */
export interface Flaw {
  readonly offset: number;
  readonly length: number;
  readonly code: ScheduleCode;
  readonly message: string;
  /** What the marked characters should read; undefined where nobody can know. */
  readonly instead: string | undefined;
  /** What to know before writing that. */
  readonly advice?: string;
}

function expected({ title, low, high, names }: FieldRange): string {
  const named = names.length === 0 ? '' : ` or a name of three letters (${names[0]} to ${names.at(-1)})`;
  return `in the ${title} field, expected ${low} to ${high}${named}`;
}

/** A number outside the field. 60 and 24 are how people write the next hour's or day's zero. */
export function outOfRange(word: string, offset: number, range: FieldRange): Flaw {
  const value = Number(word);
  const next = range.low === 0 && range.high !== 7 && value === range.high + 1 && offset === 0;
  const instead = next ? 0 : Math.min(Math.max(value, range.low), range.high);
  return {
    offset,
    length: word.length,
    code: 'schedule-range',
    message: `found ${word} ${expected(range)}`,
    instead: String(instead),
  };
}

/** A word that is no name here: a full name, an extension of another scheduler, or nonsense. */
export function impreciseWord(word: string, offset: number, range: FieldRange): Flaw {
  const short = word.slice(0, 3).toLowerCase();
  const alone = /^(?:\d*[LW]+|[a-z]{3}L|H)$/i.test(word);
  const meant =
    !alone && word.length > 3 && /^[A-Za-z]+$/.test(word) && range.names.includes(short) ? short : undefined;
  const flaw = {
    offset,
    length: word.length,
    code: 'schedule-name',
    message: `found ${word} ${expected(range)}`,
  } as const;
  if (meant !== undefined) return { ...flaw, instead: meant };
  return alone ? { ...flaw, instead: undefined, advice: byItself } : { ...flaw, instead: undefined };
}

const byItself = 'L, W, # and H stand by themselves in a list, not in a range or before a step';

/** A range that ends before it starts: cron accepts it and never runs. Split in two it says what was meant. */
export function reversed(element: string, run: { from: number; to: number; step: number }, range: FieldRange): Flaw {
  const base = element.split('/')[0] ?? element;
  const named = /[A-Za-z]/.test(base);
  return {
    offset: 0,
    length: element.length,
    code: 'schedule-order',
    message: `found ${base} in the ${range.title} field, expected the lower value first: cron would never run this`,
    instead: run.step === 1 ? split(run.from, run.to, range, named) : wrapped(run, range).join(','),
  };
}

function split(from: number, to: number, range: FieldRange, named: boolean): string {
  const show = (value: number) => (named && range.names[value - range.low]) || String(value);
  const span = (a: number, b: number) => (a === b ? show(a) : `${show(a)}-${show(b)}`);
  if (range.high === 7 && from === 7) return span(0, to);
  return `${span(from, range.high === 7 ? 6 : range.high)},${span(range.low, to)}`;
}

function wrapped({ from, to, step }: { from: number; to: number; step: number }, range: FieldRange): number[] {
  const count = range.high === 7 ? 7 : range.high - range.low + 1;
  const values: number[] = [];
  for (let value = from; value <= to + count; value += Math.max(1, step)) values.push(value);
  return [...new Set(values.map((value) => ((value - range.low) % count) + range.low))];
}

/** An element that is no `*`, value or range at all. */
export function misshapen(element: string, range: FieldRange): Flaw {
  const whole = { offset: 0, length: Math.max(1, element.length) };
  const strange = /[^A-Za-z0-9*/-]/.exec(element);
  if (strange !== null) return strangeCharacter(element, strange.index, range);
  const message = `found ${element === '' ? 'nothing' : element} ${expected(range)}, * or a range such as ${range.low}-${range.low + 3}`;
  const instead = element.startsWith('*') ? '*' : /^\d+/.exec(element)?.[0];
  return { ...whole, code: 'schedule-value', message, instead };
}

function strangeCharacter(element: string, index: number, range: FieldRange): Flaw {
  const character = String.fromCodePoint(element.codePointAt(index) ?? 0);
  const whole = { offset: 0, length: element.length, code: 'schedule-character' } as const;
  const message = `found ${JSON.stringify(character)} in the ${range.title} field, expected digits, names, * , - or /`;
  const random = /^(\d+)~(\d+)$/.exec(element);
  if (random !== null) {
    const advice = 'some crons take ~ for a random value and others for its lower end; choose a value of your own';
    return { ...whole, message, advice, instead: String(Math.floor((Number(random[1]) + Number(random[2])) / 2)) };
  }
  if (character === '?') return { ...whole, message, instead: '*' };
  const before = element.slice(0, index);
  const readable = /^(?:\*|\d+(?:-\d+)?)(?:\/\d+)?$/.test(before);
  return {
    offset: index,
    length: element.length - index,
    code: whole.code,
    message,
    instead: readable ? '' : undefined,
  };
}
