import { type FieldRange, fieldRanges } from '../../schedule/expression/field-range.ts';
import type { Field, FieldName } from '../../schedule/schedule.ts';
import type { Cron } from '../cron/cron.ts';

/** A field as a cron reads it, which is not always what it says. */
export type FieldReading =
  | { readonly kind: 'read'; readonly field: Field }
  /** The cron takes no such field. */
  | { readonly kind: 'refused' }
  /** The cron takes it for what nobody can have meant: a sentence that begins with the cron. */
  | { readonly kind: 'misread'; readonly how: string };

/** A value or a range of values, perhaps with a step, and what stands behind it. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly rest: string;
}

/** `*`, a value or a range, then a step, then anything. */
const element = /^(?:\*|([A-Za-z0-9]+)(?:(-)([A-Za-z0-9]*))?)(?:\/([A-Za-z0-9]*))?(.*)$/s;

/** Reads one field as get_list() of Debian's cron does, and as other crons do where they differ. */
export function readCronField(text: string, name: FieldName, cron: Cron): FieldReading {
  const range = fieldRanges[name];
  const values = new Set<number>();
  for (const one of text.split(',')) {
    const run = readRun(one, range);
    if (run === undefined || (run.rest !== '' && !isLenient(run.rest, cron))) return { kind: 'refused' };
    const how = misreading(one, run, { name, cron });
    if (how !== undefined) return { kind: 'misread', how: `${cron.title} ${how}` };
    for (const value of valuesOf(run, name)) values.add(value);
  }
  return { kind: 'read', field: { star: text.startsWith('*'), values: [...values].sort((a, b) => a - b) } };
}

function readRun(text: string, range: FieldRange): Run | undefined {
  const [whole, first, dash, last = '', steps, rest = ''] = element.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const from = first === undefined ? range.low : numberOf(first, range);
  const end = dash === undefined ? from : numberOf(last, range);
  const to = first === undefined ? range.high : end;
  if (from === undefined || to === undefined) return undefined;
  if (steps === undefined) return { from, to, step: 1, rest };
  if (!/^0*[1-9]\d*$/.test(steps)) return undefined;
  const single = first !== undefined && dash === undefined;
  return single ? { from, to, step: 1, rest: `/${steps}${rest}` } : { from, to, step: Number(steps), rest };
}

/** The number of a word; undefined where it lies outside of the field. */
function numberOf(word: string, range: FieldRange): number | undefined {
  const named = range.names.indexOf(word.toLowerCase());
  if (named >= 0) return named + range.low;
  const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return value >= range.low && value <= range.high ? value : undefined;
}

/** Whether a cron passes over characters behind a value; a step there is passed over by BusyBox alone. */
function isLenient(rest: string, { name }: Cron): boolean {
  if (rest.startsWith('~') || name === 'busybox') return true;
  return !rest.startsWith('/') && (name === 'debian' || name === 'macos');
}

interface Reader {
  readonly name: FieldName;
  readonly cron: Cron;
}

/** What the cron makes of an element, in the words that follow its name; undefined where it is what it says. */
function misreading(text: string, run: Run, { name, cron }: Reader): string | undefined {
  if (run.rest.startsWith('~') && cron.name !== 'debian') return `may take ${text} for a value at random`;
  if (run.rest !== '') return `reads ${text} as ${text.slice(0, -run.rest.length)}`;
  if (cron.name !== 'busybox') return run.from > run.to ? `takes ${text} and never runs it` : undefined;
  const unknown = name === 'dayOfWeek' && run.to === 7 && !text.startsWith('*');
  return unknown ? `does not know the day 7 in ${text}, and runs the entry every day` : undefined;
}

/** A range that ends before it begins goes on from the start of the field: BusyBox alone comes here with one. */
function valuesOf({ from, to, step }: Run, name: FieldName): readonly number[] {
  const { low, high } = fieldRanges[name];
  const count = name === 'dayOfWeek' ? 7 : high - low + 1;
  const last = from <= to ? to : to + count;
  const length = Math.floor((last - from) / step) + 1;
  return Array.from({ length }, (_, index) => low + ((from + index * step - low) % count));
}
