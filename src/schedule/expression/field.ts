import type { Field, FieldName, MonthDay, NthWeekday } from '../schedule.ts';
import { type DayElement, readDay } from './day-element.ts';
import { type FieldRange, fieldRanges } from './field-range.ts';
import { type Flaw, impreciseWord, misshapen, outOfRange, reversed } from './flaw.ts';
import type { Choice } from './hash.ts';
import { readSpread, spreadValues } from './hash-element.ts';

/** A field, and what it says of days beyond numbers. */
export interface ReadField {
  readonly field: Field;
  readonly ofMonth: readonly MonthDay[];
  readonly ofWeek: readonly NthWeekday[];
}

/** The field that is read, and how an `H` in it is settled. */
interface Reading {
  readonly name: FieldName;
  readonly range: FieldRange;
  readonly choose: Choice;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** `*`, a value or a range of values, each with or without a step; whether it makes sense is asked afterwards. */
const elementShape = /^(\*|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/([0-9]+))?$/;

/** What was read of fields without a letter, by their names and texts: of thousands of jobs most have the same few. */
const known = new Map<string, ReadField | Flaw>();

/** Reads one field as Debian's cron does, less what cron accepts and does not mean, and with `L`, `W`, `#` and `H`. */
export function readField(text: string, name: FieldName, choose: Choice): ReadField | Flaw {
  // An `H` is another value for each job.
  if (/[A-Za-z]/.test(text)) return readAnew(text, name, choose);
  const key = `${name} ${text}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const read = readAnew(text, name, choose);
  known.set(key, read);
  return read;
}

function readAnew(text: string, name: FieldName, choose: Choice): ReadField | Flaw {
  const reading = { name, range: fieldRanges[name], choose };
  const values = new Set<number>();
  const days: DayElement[] = [];
  let offset = 0;
  for (const element of text.split(',')) {
    const read = readElement(element, reading);
    if ('code' in read) return { ...read, offset: read.offset + offset };
    if ('values' in read) for (const value of read.values) values.add(value);
    else days.push(read);
    offset += element.length + 1;
  }
  return {
    field: { star: text.startsWith('*'), values: [...values].sort((a, b) => a - b) },
    ofMonth: days.filter((day) => 'kind' in day),
    ofWeek: days.filter((day) => 'nth' in day),
  };
}

type Element = DayElement | { readonly values: readonly number[] };

function readElement(element: string, { name, range, choose }: Reading): Element | Flaw {
  const day = readDay(element, name, range);
  if (day !== undefined) return day;
  const spread = readSpread(element, range, (word, offset) => readValue(word, offset, range));
  if (spread !== undefined) return 'code' in spread ? spread : { values: spreadValues(spread, name, choose) };
  const run = readRun(element, range);
  return 'code' in run ? run : { values: valuesOf(run, range) };
}

function valuesOf({ from, to, step }: Run, { high }: FieldRange): readonly number[] {
  const values = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  return high === 7 ? values.map((value) => value % 7) : values;
}

function readRun(element: string, range: FieldRange): Run | Flaw {
  const match = elementShape.exec(element);
  const [, first = '', last, step] = match ?? [];
  if (match === null || (first === '*' && last !== undefined)) return misshapen(element, range);
  const ends = first === '*' ? range : readEnds(first, last, range);
  if ('code' in ends) return ends;
  const run = { from: ends.low, to: ends.high, step: Number(step ?? 1) };
  if (run.from > run.to) return reversed(element, run, range);
  return step === undefined ? run : readStep(element, run, range);
}

function readEnds(first: string, last: string | undefined, range: FieldRange): Pick<FieldRange, 'low' | 'high'> | Flaw {
  const low = readValue(first, 0, range);
  if (typeof low !== 'number') return low;
  const high = last === undefined ? low : readValue(last, first.length + 1, range);
  return typeof high === 'number' ? { low, high } : high;
}

function readValue(word: string, offset: number, range: FieldRange): number | Flaw {
  if (!/^\d+$/.test(word)) {
    const index = range.names.indexOf(word.toLowerCase());
    return index >= 0 ? index + range.low : impreciseWord(word, offset, range);
  }
  const value = Number(word);
  return value >= range.low && value <= range.high ? value : outOfRange(word, offset, range);
}

/** A step over a single value is refused by every cron but BusyBox's; one that leaves a single value is a slip. */
function readStep(element: string, run: Run, range: FieldRange): Run | Flaw {
  const slash = element.indexOf('/');
  const whole = { offset: 0, length: element.length, code: 'schedule-step' } as const;
  const base = element.slice(0, slash);
  if (run.step === 0) {
    return { ...whole, message: `found the step 0 in the ${range.title} field, expected 1 or more`, instead: base };
  }
  if (base !== '*' && !base.includes('-')) {
    const message = `found the step ${run.step} after the single value ${base} in the ${range.title} field, expected it after * or a range`;
    const end = range.high === 7 ? 6 : range.high;
    const instead = end - run.from >= run.step ? `${run.from}-${end}/${run.step}` : base;
    return { ...whole, message, instead };
  }
  const longest = run.to - run.from;
  if (run.step <= longest) return run;
  const message = `found the step ${run.step} in the ${range.title} field, expected ${longest === 0 ? 'none' : `at most ${longest}`}: ${element} means ${run.from} alone`;
  return { ...whole, message, instead: String(run.from) };
}
