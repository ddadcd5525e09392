import { bytesText } from '../bytes.ts';
import { type Cell, clip, columns, harmless } from '../layout.ts';
import { type Page, paintState } from '../page.ts';
import type { Style } from '../style.ts';
import type { RunView } from '../views.ts';
import { cpuSpan, span, stampMinute } from '../when.ts';

/** A column of the table of runs, but the state, which comes last and takes what room is left. */
interface Column {
  readonly head: string;
  text(row: RunView): string;
  paint?(style: Style): (text: string) => string;
}

const name: Column = { head: 'RUN', text: ({ run }) => run, paint: ({ faint }) => faint };
const job: Column = { head: 'JOB', text: (row) => row.job };
const started: Column = { head: 'STARTED', text: ({ startedAt }) => stampMinute(startedAt) };
const took: Column = { head: 'TOOK', text: ({ durationMs }) => (durationMs === null ? '-' : span(durationMs)) };
const costs: readonly Column[] = [
  { head: 'CPU', text: ({ cpuMs }) => (cpuMs === null ? '-' : cpuSpan(cpuMs)) },
  { head: 'MEM', text: ({ peakMemory }) => (peakMemory === null ? '-' : bytesText(peakMemory)) },
];

const gap = 2;
/** So many characters of a reason are worth their room. */
const shortestReason = 8;

/**
 * The table of runs, newest first. What they cost is shown where it takes no room from the rest, and the reason of a
 * state in the room that is left.
 * @param ofOneJob the reader knows whose runs they are.
 */
export function runs(rows: readonly RunView[], page: Page, { ofOneJob = false } = {}): string {
  if (rows.length === 0) return 'no runs are recorded';
  const usual = [name, ...(ofOneJob ? [] : [job]), started, took];
  const all = hasCosts(rows) && roomBeside([...usual, ...costs], rows, page) >= longestState(rows);
  const shown = all ? [...usual, ...costs] : usual;
  const room = roomBeside(shown, rows, page);
  const { style } = page;
  const head = [...shown.map((column) => column.head), 'STATE'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    ...shown.map((column) => ({ text: column.text(row), paint: column.paint?.(style) })),
    { text: stateCell(row, room), paint: paintState(style, row.state) },
  ]);
  return columns(
    [head, ...body],
    page.width,
    [shown.indexOf(job)].filter((index) => index >= 0),
  );
}

function hasCosts(rows: readonly RunView[]): boolean {
  return rows.some(({ cpuMs, peakMemory }) => cpuMs !== null || peakMemory !== null);
}

/** Characters that are left for the state beside these columns; below 0 where they are too broad themselves. */
function roomBeside(shown: readonly Column[], rows: readonly RunView[], { width }: Page): number {
  const widths = shown.map(({ head, text }) => Math.max(head.length, ...rows.map((row) => text(row).length)));
  return widths.reduce((left, each) => left - each - gap, width);
}

function longestState(rows: readonly RunView[]): number {
  return Math.max(...rows.map((row) => stateAndTries(row).length));
}

function stateAndTries(row: RunView): string {
  const tries = row.attempts > 1 ? `, ${row.attempts} tries` : '';
  return `${stateWords(row)}${row.slots > 1 ? ` ${row.slots} times` : ''}${tries}`;
}

function stateCell(row: RunView, room: number): string {
  const least = stateAndTries(row);
  // A reason that is cut to a stump says nothing, and must not take the end of the state with it.
  return room < least.length + shortestReason ? least : clip(`${least}${reasonWords(row)}`, room);
}

/** Why it ended so, to follow the state, where the state alone does not say it. */
function reasonWords({ state, reason, exitCode, signal }: RunView): string {
  const says = state === 'succeeded' || state === 'timed-out' || (state === 'failed' && (exitCode ?? signal) !== null);
  if (says || reason === null) return '';
  const words = harmless(reason.replace(/^(?:waits |was (?:cancelled |interrupted: )?)/, ''));
  return /^(?:was cancelled|waits) /.test(reason) ? ` ${words}` : `: ${words}`;
}

type Stated = Pick<RunView, 'state' | 'exitCode' | 'signal'> & { readonly progress?: number | null };

/** A state, with the status or the signal of a failure, and with how far it is while it goes on. */
export function stateWords({ state, exitCode, signal, progress = null }: Stated): string {
  if (state === 'running' && progress !== null) return `${state}, ${percent(progress)}`;
  const why = state === 'failed' ? (signal ?? exitCode) : null;
  return why === null ? state : `${state} (${why})`;
}

/** A share from 0 to 1, cut, so that 100% is the end and nothing before it. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** Runs that were just ended, each in a line. */
export function endedRuns(rows: readonly RunView[], { style }: Page): string {
  return rows.map((row) => `${style.strong(row.job)} ${style.faint(row.run)} ${harmless(endWords(row))}`).join('\n');
}

/** How a run ended, to follow its name. */
export function endWords(row: RunView): string {
  const how = row.reason ?? stateWords(row);
  // How long an interrupted run took, nobody knows.
  return row.durationMs === null || row.state === 'interrupted' ? how : `${how} after ${span(row.durationMs)}`;
}
