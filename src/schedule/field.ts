import type { FieldRange } from './field-range.ts';
import { type Flaw, impreciseWord, misshapen, outOfRange, reversed } from './flaw.ts';
import type { Field } from './schedule.ts';

interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** `*`, a value or a range of values, each with or without a step; whether it makes sense is asked afterwards. */
const elementShape = /^(\*|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/([0-9]+))?$/;

/** Reads one field as Debian's cron does, less what cron accepts and does not mean. */
export function readField(text: string, range: FieldRange): Field | Flaw {
  const values = new Set<number>();
  let offset = 0;
  for (const element of text.split(',')) {
    const run = readElement(element, range);
    if ('code' in run) return { ...run, offset: run.offset + offset };
    for (let value = run.from; value <= run.to; value += run.step) values.add(sundayAsZero(value, range));
    offset += element.length + 1;
  }
  return { star: text.startsWith('*'), values: [...values].sort((a, b) => a - b) };
}

function sundayAsZero(value: number, range: FieldRange): number {
  return value === 7 && range.high === 7 ? 0 : value;
}

function readElement(element: string, range: FieldRange): Run | Flaw {
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
