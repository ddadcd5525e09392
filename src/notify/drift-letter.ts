import { command, letterText, nextSteps, quoted, subjectLine, width, words } from './layout.ts';
import type { Letter } from './letter.ts';
import { shorten, wrap } from './wrap.ts';

/** One way in which a table is not as it was installed. */
export interface DriftRow {
  /** What was done, in words, without a period. */
  readonly message: string;
  /** What mends it. */
  readonly remedy: string;
  /** The line as installed, and as it stands there now; null for none. */
  readonly wanted: string | null;
  readonly found: string | null;
}

/** What somebody did to the lines of a project in their table. */
export interface DriftReport {
  readonly project: string;
  readonly host: string;
  /** What a person types to start cronwright on that host. */
  readonly program: string;
  /** The table, as `--target` names it. */
  readonly table: string;
  /** One or more, in the order in which they are to be read. */
  readonly rows: readonly DriftRow[];
  /** Whether sync would put it right without further ado. */
  readonly isMendable: boolean;
}

const bounds = { rows: 20, shortRows: 5, line: 300, subjectMessage: 120 } as const;

/** The mail about a table that is not as it was installed any more. */
export function driftLetter(report: DriftReport): Letter {
  const { rows, host } = report;
  const parts = [
    wrap(`${headline(report)}.`, width),
    ...rows.slice(0, bounds.rows).map(rowLines),
    more(rows.length - bounds.rows),
    meaning(report),
    next(report),
  ];
  return { subject: subjectLine(`[${host}] ${subject(report)}`), text: letterText(parts) };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortDriftReport(report: DriftReport): string {
  const { rows, program } = report;
  const shown = rows.slice(0, bounds.shortRows).flatMap(({ message }) => wrap(words(message), width - 2));
  const lines = [
    ...wrap(`${headline(report)}.`, width),
    ...[...shown, ...more(rows.length - bounds.shortRows)].map((line) => `  ${line}`),
    `  ${command(program, 'drift')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function subject({ project, table, rows }: DriftReport): string {
  const [first, ...others] = rows;
  if (first === undefined || others.length > 0) return `${project}: the table ${table} was changed, ${count(rows)}`;
  return `${project}: ${shorten(words(first.message), bounds.subjectMessage)}`;
}

function headline({ project, host, table }: DriftReport): string {
  return `The lines of ${project} in the table ${words(table)} on ${words(host)} are not as cronwright installed them`;
}

function rowLines({ message, remedy, wanted, found }: DriftRow): readonly string[] {
  return [
    ...wrap(`${capital(words(message))}.`, width),
    ...shownLine('now', found),
    ...shownLine('installed', wanted),
    ...wrap(words(remedy), width - 2).map((line) => `  ${line}`),
  ];
}

/** Quoted, because somebody else wrote it, and bounded. */
function shownLine(label: string, line: string | null): readonly string[] {
  return line === null ? [] : [`  ${label}:`, ...quoted(shorten(line, bounds.line))];
}

function more(left: number): readonly string[] {
  if (left <= 0) return [];
  return [`And ${left} more ${left === 1 ? 'difference' : 'differences'}.`];
}

function meaning({ isMendable }: DriftReport): readonly string[] {
  const told = 'This is told once; a difference that comes later is told anew.';
  const nothing = 'cronwright changes nothing of it by itself.';
  if (isMendable) return wrap(`${nothing} ${told}`, width);
  const first = 'A damaged marker has to be mended by hand first: until then sync does not write this table.';
  return wrap(`${nothing} ${first} ${told}`, width);
}

function next({ host, program }: DriftReport): readonly string[] {
  return nextSteps(host, [
    [command(program, 'drift'), 'what differs, line by line'],
    [command(program, 'plan'), 'what sync would do'],
    [command(program, 'sync'), 'put it right'],
  ]);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function count(rows: readonly DriftRow[]): string {
  return `${rows.length} differences`;
}
