import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { instants } from '../../src/schedule/calendar.ts';
import type { Field, Fields } from '../../src/schedule/schedule.ts';
import { namedZone } from '../../src/schedule/zone.ts';
import { expressions, schedule, textOf } from './expressions.ts';
import { skipWithout } from './requirement.ts';

const python = '/usr/bin/python3';
const present = spawnSync(python, ['-c', 'import croniter']).status === 0;
const count = 5;

interface Ask {
  readonly text: string;
  /** Seconds UTC. */
  readonly after: number;
  readonly count: number;
}

/** Where croniter 1.3 leaves crontab(5), each with an example. */
const differences = {
  'a * that is not all by itself, such as */2, is no star: the day fields are OR, where cron has AND': '0 0 */2 * 1',
  'a list of all values, such as 1-31 or 0-6, is a star: the day fields are AND, where cron has OR': '0 0 1-31 * 1',
  'from a month without a 29th, 30th or 31st it steps over the first days of the next': '0 0 1,31 2-12 *',
  'a date that never comes is an error, also where the day of week would do': '0 0 31 6 1',
} as const;
type Difference = keyof typeof differences;
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

function ours(text: string, { after }: Ask, until = Number.POSITIVE_INFINITY): readonly number[] {
  const found: number[] = [];
  for (const instant of instants([schedule(text)], namedZone('UTC'), after * 1_000, until)) {
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
function explain(ask: Ask, theirs: Answer): readonly Difference[] {
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
type Answer = readonly number[] | string;

function answers(asks: readonly Ask[]): readonly Answer[] {
  const script = join(import.meta.dirname, 'croniter-batch.py');
  const input = JSON.stringify(asks);
  return JSON.parse(execFileSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 26 }));
}

describe('the calendar and croniter', { skip: skipWithout(present, 'python3-croniter') }, () => {
  it('agree about thousands of expressions, but for what is known to differ', () => {
    const start = fc.integer({ min: Date.UTC(2000, 0, 1) / 1_000, max: Date.UTC(2040, 0, 1) / 1_000 });
    const cases = fc.sample(fc.tuple(expressions, start), { numRuns: 10_000, seed: 20_260_308 });
    const asks = cases.map(([expression, after]) => ({ text: textOf(expression), after, count }));
    const seen = answers(asks).map((theirs, index) => explain(asks[index] as Ask, theirs));
    assert.ok(seen.filter((why) => why.length === 0).length > asks.length / 2, 'they agree about too little');
  });

  it('differ about one example of each difference, for that reason', () => {
    const after = Date.UTC(2026, 1, 28, 12) / 1_000;
    const asks = Object.values(differences).map((text) => ({ text, after, count }));
    const found = answers(asks).map((theirs, index) => explain(asks[index] as Ask, theirs));
    assert.deepEqual(
      found,
      Object.keys(differences).map((why) => [why]),
    );
  });
});
