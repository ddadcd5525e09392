import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { instants } from '../../src/schedule/calendar/calendar.ts';
import type { Field, Fields, Schedule } from '../../src/schedule/schedule.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { expressions, schedule, textOf } from './expressions.ts';

const python = '/usr/bin/python3';
export const present = spawnSync(python, ['-c', 'import croniter']).status === 0;
export const count = 5;
const utc = namedZone('UTC');

export interface Ask {
  readonly text: string;
  /** Seconds UTC. */
  readonly after: number;
  readonly count: number;
}

/** Where croniter 1.3 leaves crontab(5), each with an example. */
export const differences = {
  'a * that is not all by itself, such as */2, is no star: the day fields are OR, where cron has AND': '0 0 */2 * 1',
  'a list of all values, such as 1-31 or 0-6, is a star: the day fields are AND, where cron has OR': '0 0 1-31 * 1',
  'from a month without a 29th, 30th or 31st it steps over the first days of the next': '0 0 1,31 2-12 *',
  'a date that never comes is an error, also where the day of week would do': '0 0 31 6 1',
} as const;
export type Difference = keyof typeof differences;
const [starless, full, monthEnd, neverDate] = Object.keys(differences) as [
  Difference,
  Difference,
  Difference,
  Difference,
];

function fieldsOf(text: string): Fields {
  const parsed = schedule(text);
  assert.ok(parsed.kind === 'calendar');
  return parsed.fields;
}

/** The crontab(5) expression that means what croniter takes `text` for, and the differences that lie between. */
function asCroniterReads(text: string): { readonly text: string; readonly why: readonly Difference[] } {
  const { dayOfMonth, dayOfWeek } = fieldsOf(text);
  const [minute, hour, , month] = text.split(' ');
  const date = readDays(dayOfMonth, 31);
  const weekday = readDays(dayOfWeek, 7);
  return {
    text: [minute, hour, date.text, month, weekday.text].join(' '),
    why: [date.why, weekday.why].filter((why) => why !== undefined),
  };
}

function readDays(
  { star, values }: Field,
  all: number,
): { readonly text: string; readonly why: Difference | undefined } {
  if (values.length === all) return { text: '*', why: star ? undefined : full };
  return { text: values.join(), why: star ? starless : undefined };
}

function ours(text: string, ask: Ask, until = Number.POSITIVE_INFINITY): readonly number[] {
  return instantsOf(schedule(text), ask, until);
}

function instantsOf(parsed: Schedule, { after }: Ask, until = Number.POSITIVE_INFINITY): readonly number[] {
  const found: number[] = [];
  for (const instant of instants([parsed], utc, after * 1_000, until)) {
    found.push(instant / 1_000);
    if (found.length === count && until === Number.POSITIVE_INFINITY) break;
  }
  return found;
}

/** Whether all that croniter lacks, up to its last instant, lies in the first three days of a month. */
function lacksOnlyFirstDays(mine: readonly number[], theirs: readonly number[]): boolean {
  const lacked = mine.filter((instant) => !theirs.includes(instant));
  const isEarly = (instant: number) => new Date(instant * 1_000).getUTCDate() <= 3;
  return theirs.every((instant) => mine.includes(instant)) && lacked.length > 0 && lacked.every(isEarly);
}

/** In a leap year. */
function dateExists({ dayOfMonth, month }: Fields): boolean {
  return month.values.some((value) =>
    dayOfMonth.values.some((date) => new Date(Date.UTC(2024, value - 1, date)).getUTCMonth() === value - 1),
  );
}

/** Why the two differ about an expression; empty when they agree. It fails where that is not among what is known. */
export function explain(ask: Ask, theirs: Answer): readonly Difference[] {
  if (typeof theirs === 'string') {
    assert.ok(theirs.includes('failed to find next date'), `${ask.text}: ${theirs}`);
    assert.ok(!dateExists(fieldsOf(ask.text)), ask.text);
    return [neverDate];
  }
  if (ours(ask.text, ask).join() === theirs.join()) return [];
  const reading = asCroniterReads(ask.text);
  const mine = ours(reading.text, ask);
  if (mine.join() === theirs.join()) return reading.why;
  const shown = `${ask.text}, read as ${reading.text}, after ${new Date(ask.after * 1_000).toISOString()}`;
  const all = ours(reading.text, ask, (theirs.at(-1) ?? 0) * 1_000);
  if (!fieldsOf(ask.text).dayOfMonth.values.some((date) => date > 28)) assert.deepEqual(mine, theirs, shown);
  assert.ok(lacksOnlyFirstDays(all, theirs), `${shown}: ${theirs.join()} instead of ${mine.join()}`);
  return [monthEnd, ...reading.why];
}

/** Instants in seconds UTC, or an error. */
export type Answer = readonly number[] | string;

export function answers(asks: readonly Ask[]): readonly Answer[] {
  const script = join(import.meta.dirname, 'croniter-batch.py');
  const input = JSON.stringify(asks);
  return JSON.parse(execFileSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 26 }));
}

const start = fc.integer({ min: Date.UTC(2000, 0, 1) / 1_000, max: Date.UTC(2040, 0, 1) / 1_000 });

/** Compares so many generated expressions; how many of them the two read alike. */
export function compareExpressions(numRuns: number, seed: number): number {
  const cases = fc.sample(fc.tuple(expressions, start), { numRuns, seed });
  const asks = cases.map(([expression, after]) => ({ text: textOf(expression), after, count }));
  const seen = answers(asks).map((theirs, index) => explain(asks[index] as Ask, theirs));
  return seen.filter((why) => why.length === 0).length;
}

/** Where croniter 1.3 leaves the days that Quartz has beside those of crontab(5), each with an example. */
export const dayDifferences = {
  'a day of month beside a numbered weekday says nothing, where the two fields mean OR': '0 2 15 * 5#3',
  'a day of month beside a numbered weekday that it never falls on is an error': '0 2 8 * 5#3',
  'L does not count in a month that lacks another date of the list': '0 2 31,L 2 *',
  'a plain weekday cannot stand beside a numbered one': '0 2 * * 3,5#3',
} as const;

/** The days that both know, but for the last two differences above. croniter writes L5 for 5L. */
const dayForms = fc
  .tuple(
    fc.constantFrom('0', '5,35'),
    fc.constantFrom('2', '0,23', '*/6'),
    fc.oneof(fc.constant('*'), fc.constantFrom('L', '1,L', '15,L', '8', '10-20')),
    fc.constantFrom('*', '2', '2-4', '6,12'),
    fc.oneof(
      fc.constantFrom('*', '0#5', 'fri#3', '1#1,1#3', '5#5', '1L,3L'),
      fc
        .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('#1', '#2', '#3', '#4', '#5', 'L'))
        .map((pair) => pair.join('')),
    ),
  )
  .map((fields) => fields.join(' '));

export function asCroniterWrites(text: string): string {
  return text.replace(/\b(\d)L\b/g, 'L$1');
}

/** The same days, both of whose fields must hold. */
function bothMustHold(text: string): Schedule {
  const fields = fieldsOf(text);
  return { kind: 'calendar', text, fields: { ...fields, dayOfMonth: { ...fields.dayOfMonth, star: true } } };
}

function weekdayAlone(text: string): string {
  const [minute, hour, , month, weekday] = text.split(' ');
  return [minute, hour, '*', month, weekday].join(' ');
}

/** Compares expressions with `L` and `#`; how many of them the two read alike. It fails where that has no known reason. */
export function compareDays(numRuns: number, seed: number): number {
  const cases = fc.sample(fc.tuple(dayForms, start), { numRuns, seed });
  const asks = cases.map(([text, after]) => ({ text, after, count }));
  const theirs = answers(asks.map((ask) => ({ ...ask, text: asCroniterWrites(ask.text) })));
  return asks.filter((ask, index) => isSameDays(ask, theirs[index] ?? '')).length;
}

function isSameDays(ask: Ask, theirs: Answer): boolean {
  if (ours(ask.text, ask).join() === String(theirs)) return true;
  const shown = `${ask.text} after ${new Date(ask.after * 1_000).toISOString()}`;
  const [, , date, , weekday] = ask.text.split(' ');
  assert.ok(date !== '*' && weekday !== '*', `${shown}: ${theirs}`);
  if (typeof theirs === 'string') assert.deepEqual(instantsOf(bothMustHold(ask.text), ask), [], `${shown}: ${theirs}`);
  else assert.deepEqual(ours(weekdayAlone(ask.text), ask).join(), theirs.join(), shown);
  return false;
}
