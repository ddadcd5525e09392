/**
 * Measures the program against its budgets, each as a ratio within this one run, so that the machine does not matter.
 * It ends with 1 when a budget does not hold or could not be measured.
 *
 *   node test/bench/bench.ts [--report] [words of a row …]
 *
 * `--report` ends with 0 whatever was found; words choose the rows that contain one of them.
 */
import { styleText } from 'node:util';
import { type Budget, budgets, type Row } from './budgets.ts';
import { CannotMeasure } from './measure.ts';
import { build, hasVerb, makeWorld, type World } from './world.ts';

/** The answers to "does it hold", each with its colour; a row for comparison has none. */
const tones = { yes: 'green', no: 'red', 'not yet': 'yellow', 'not measured': 'red', '': 'reset' } as const;
type Verdict = keyof typeof tones;

interface Line {
  readonly row: Row;
  readonly measured: number | undefined;
  readonly verdict: Verdict;
  /** Why there is no number. */
  readonly reason?: string;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const report = process.argv.includes('--report');

function lines(budget: Budget, world: World): readonly Line[] {
  try {
    if (budget.verbs.length > 0) build();
    const missing = budget.verbs.find((verb) => !hasVerb(verb));
    if (missing !== undefined) return unmeasured(budget, 'not yet', `there is no ${missing}`);
    const numbers = budget.measure(world);
    return budget.rows.map((row, n) => ({ row, measured: numbers[n], verdict: judge(row, numbers[n]) }));
  } catch (error) {
    if (error instanceof CannotMeasure) return unmeasured(budget, 'not measured', error.message.split('\n', 1).join());
    throw error;
  }
}

function unmeasured({ rows }: Budget, verdict: Verdict, reason: string): readonly Line[] {
  return rows.map((row) => ({ row, measured: undefined, verdict, reason }));
}

function judge({ bound }: Row, measured: number | undefined): Verdict {
  if (bound === undefined) return '';
  return measured !== undefined && measured <= bound ? 'yes' : 'no';
}

const figure = (value: number | undefined, { unit }: Row, digits: number): string =>
  value === undefined ? '' : `${value.toFixed(unit === 'a second' ? 0 : digits)} ${unit === 'times' ? '×' : unit}`;

const widths = [70, 10, 16] as const;

function print(what: string, bound: string, measured: string, holds: string): void {
  process.stdout.write(
    `${what.padEnd(widths[0])}${bound.padStart(widths[1])}${measured.padStart(widths[2])}  ${holds}\n`,
  );
}

function show({ row, measured, verdict, reason }: Line): void {
  const holds = reason === undefined ? verdict : `${verdict}: ${reason}`;
  print(row.what, figure(row.bound, row, 2), figure(measured, row, 2), styleText(tones[verdict], holds));
}

const chosen = budgets.filter(
  ({ rows }) => words.length === 0 || rows.some(({ what }) => words.some((word) => what.includes(word))),
);
const fails = ({ row, verdict }: Line) => verdict === 'no' || (verdict === 'not measured' && row.bound !== undefined);

const world = makeWorld();
let failed = 0;
try {
  print('budget (× is times node -e 0, where nothing else is said)', 'bound', 'measured', 'holds');
  for (const budget of chosen) {
    for (const line of lines(budget, world)) {
      show(line);
      if (fails(line)) failed += 1;
    }
  }
} finally {
  world.dispose();
}
if (failed > 0 && !report) process.exitCode = 1;
