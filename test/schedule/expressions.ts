import fc from 'fast-check';
import { type FieldRange, fieldNames, fieldRanges } from '../../src/schedule/expression/field-range.ts';
import { parseSchedule } from '../../src/schedule/parse.ts';
import type { Schedule } from '../../src/schedule/schedule.ts';

/** A field as written, with the values it was built from. */
export interface BuiltField {
  readonly text: string;
  readonly values: readonly number[];
}

export type BuiltExpression = readonly BuiltField[];

/** The schedule of a text that must be one. */
export function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (parsed.ok) return parsed.schedule;
  throw new Error(`${text}: ${parsed.problem.message}`);
}

export function textOf(expression: BuiltExpression): string {
  return expression.map((field) => field.text).join(' ');
}

function counted(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A value as a number, with a leading zero, or by its name in any case. */
function valueText(value: number, range: FieldRange): fc.Arbitrary<string> {
  const name = range.names[value - range.low];
  const numbers = [String(value), String(value).padStart(2, '0')];
  if (name === undefined) return fc.constantFrom(...numbers);
  return fc.constantFrom(...numbers, name, name.toUpperCase(), `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
}

function single(range: FieldRange): fc.Arbitrary<BuiltField> {
  const value = fc.integer({ min: range.low, max: range.high });
  return value.chain((chosen) => valueText(chosen, range).map((text) => ({ text, values: [chosen] })));
}

function wildcard(range: FieldRange): fc.Arbitrary<BuiltField> {
  const { low, high } = range;
  const step = fc.integer({ min: 1, max: high - low });
  const stepped = step.map((by) => ({ text: `*/${by}`, values: counted(low, high, by) }));
  return fc.oneof(fc.constant({ text: '*', values: counted(low, high, 1) }), stepped);
}

function span(range: FieldRange): fc.Arbitrary<BuiltField> {
  const end = fc.integer({ min: range.low, max: range.high });
  return fc.tuple(end, end, fc.boolean(), fc.nat()).chain(([a, b, stepped, size]) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const step = stepped && to > from ? 1 + (size % (to - from)) : 1;
    const suffix = stepped && to > from ? `/${step}` : '';
    const ends = fc.tuple(valueText(from, range), valueText(to, range));
    return ends.map(([first, last]) => ({ text: `${first}-${last}${suffix}`, values: counted(from, to, step) }));
  });
}

function field(range: FieldRange): fc.Arbitrary<BuiltField> {
  const element = fc.oneof(single(range), span(range), wildcard(range));
  const list = fc.array(element, { minLength: 1, maxLength: 4 }).map((elements) => ({
    text: elements.map(({ text }) => text).join(','),
    values: elements.flatMap(({ values }) => values),
  }));
  const star = fc.constant({ text: '*', values: counted(range.low, range.high, 1) });
  const sundays = (values: readonly number[]) => values.map((value) => (range.high === 7 ? value % 7 : value));
  return fc.oneof({ weight: 1, arbitrary: star }, { weight: 2, arbitrary: list }).map(({ text, values }) => ({
    text,
    values: [...new Set(sundays(values))].sort((a, b) => a - b),
  }));
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether some date satisfies the day and month fields. */
function fires([, , dates, months, weekdays]: BuiltExpression): boolean {
  if (!dates?.text.startsWith('*') && !weekdays?.text.startsWith('*')) return true;
  return (months?.values ?? []).some((month) => dates?.values.some((date) => date <= (longestMonths[month - 1] ?? 0)));
}

/** Every form of five fields that crontab(5) knows, and that fires some day. */
export const expressions: fc.Arbitrary<BuiltExpression> = fc
  .tuple(...fieldNames.map((name) => field(fieldRanges[name])))
  .filter(fires);

const slips = ['', ' ', ...'0123456789*/-,.+LWHx#?~;', 'mon', 'sun', 'feb', 'e1', '-', '/', '31', '0'];

/** Valid expressions after a slip or two of the pen: most are wrong, some are not. */
export const scrawls: fc.Arbitrary<string> = fc
  .tuple(
    expressions,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...slips)), { minLength: 1, maxLength: 2 }),
  )
  .map(([expression, edits]) =>
    edits.reduce((text, [where, cut, slip]) => {
      const at = where % text.length;
      return text.slice(0, at) + slip + text.slice(at + cut);
    }, textOf(expression)),
  );

const monthDays = fc.oneof(
  fc.constantFrom('L', 'LW', '1W', '15W', '29W', '31W'),
  fc.integer({ min: 1, max: 30 }).map((before) => `L-${before}`),
  fc.integer({ min: 1, max: 31 }).map((date) => `${date}W`),
);
const nthWeekdays = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.constantFrom('#1', '#2', '#3', '#4', '#5', 'L'))
  .map(([weekday, nth]) => `${weekday}${nth}`);

/** A list of the days of a field, some of them beyond numbers. */
function dayList(beyond: fc.Arbitrary<string>, range: FieldRange): fc.Arbitrary<string> {
  const element = fc.oneof(
    { weight: 3, arbitrary: beyond },
    { weight: 1, arbitrary: single(range).map(({ text }) => text) },
  );
  const list = fc.array(element, { minLength: 1, maxLength: 3 }).map((elements) => elements.join());
  const star = fc.integer({ min: 1, max: 3 }).map((by) => (by === 1 ? '*' : `*/${by}`));
  return fc.oneof({ weight: 2, arbitrary: list }, { weight: 1, arbitrary: star });
}

/** Expressions with `L`, `W` and `#`, of few times a day, that fire some day. */
export const dayExpressions: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('0', '5,35', '*/20'),
    fc.constantFrom('2', '0,23', '8-18/5', '*'),
    dayList(monthDays, fieldRanges.dayOfMonth),
    fc.constantFrom('*', '*', '2', '2-4', '6,12'),
    dayList(nthWeekdays, fieldRanges.dayOfWeek),
  )
  .map((fields) => fields.join(' '))
  .filter((text) => parseSchedule(text).ok);
