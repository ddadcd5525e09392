import { type Cell, columns, harmless } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { LogView, OutputView, RunView, ToldView } from '../views.ts';
import { span, stamp, stampMinute } from '../when.ts';

/** The table of runs, newest first. */
export function runs(rows: readonly RunView[], page: Page): string {
  if (rows.length === 0) return 'no runs are recorded';
  const { style } = page;
  const head = ['RUN', 'JOB', 'STARTED', 'TOOK', 'STATE'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: row.run, paint: style.faint },
    { text: row.job },
    { text: stampMinute(row.startedAt) },
    { text: row.durationMs === null ? '-' : span(row.durationMs) },
    {
      text: `${stateWords(row)}${row.attempts > 1 ? `, ${row.attempts} tries` : ''}`,
      paint: paintState(style, row.state),
    },
  ]);
  return columns([head, ...body], page.width, [1]);
}

/** A state, with the status or the signal of a failure. */
export function stateWords({ state, exitCode, signal }: Pick<RunView, 'state' | 'exitCode' | 'signal'>): string {
  const why = state === 'failed' ? (signal ?? exitCode) : null;
  return why === null ? state : `${state} (${why})`;
}

/** A run's story: its head, its attempts, what happened around it, and the output. */
export function log(view: LogView, page: Page): string {
  const head = logHead(view, page);
  if (view.output.length === 0 && view.run.endedAt !== null) return `${head}  it wrote no output\n`;
  return [`${head}\n`, ...view.output.map((piece) => outputText(piece, page))].join('');
}

/** Everything of a log but the output, ending in a line end. */
function logHead({ run, attempts, events, told, omittedBytes }: LogView, { style }: Page): string {
  const ended = run.endedAt === null ? 'is running' : `${stateWords(run)} after ${span(run.durationMs ?? 0)}`;
  // One attempt that ended is the run itself.
  const shown = attempts.length > 1 || run.endedAt === null ? attempts : [];
  const reason = shown.at(-1)?.end === run.reason ? null : run.reason;
  const lines = [
    `started ${stamp(run.startedAt)}, by ${triggerWords(run)}`,
    ...shown.map(({ number, startedAt, end }) => `attempt ${number}, ${stamp(startedAt)}: ${end ?? 'is running'}`),
    ...(reason === null ? [] : [`it ${reason}`]),
    ...events.map(({ at, level, message }) => `${stamp(at)} ${level === 'info' ? '' : `${level}: `}${message}`),
    ...told.map(toldWords),
    ...(omittedBytes > 0 ? [`the middle of the output, ${count(omittedBytes, 'byte')}, was not kept`] : []),
  ];
  const title = `${style.strong(run.job)} ${style.faint(run.run)} ${paintState(style, run.state)(ended)}`;
  return [title, ...lines.map((line) => `  ${harmless(line)}`)].map((line) => `${line}\n`).join('');
}

function toldWords({ to, state, sentAt, error }: ToldView): string {
  const words = { sent: `was sent ${stamp(sentAt ?? '')}`, waiting: 'waits in the outbox', 'given-up': 'was given up' };
  return `mail to ${to.join(', ')} ${words[state]}${error === null ? '' : `: ${error}`}`;
}

function triggerWords({ trigger, slot }: RunView): string {
  if (trigger === 'schedule') return slot === null ? 'cron' : `cron, due ${stamp(slot)}`;
  return trigger === 'boot' ? 'cron, at the start of the machine' : 'hand';
}

/** A piece of output, standard error painted, control characters made visible. */
export function outputText(piece: OutputView, { style }: Page): string {
  const lines = piece.text.split(/\r?\n/).map(harmless);
  return lines.map((line) => (piece.stream === 'stderr' && line !== '' ? style.bad(line) : line)).join('\n');
}
