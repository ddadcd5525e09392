import { type Cell, columns, harmless } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { LogView, OutputView, RunView } from '../views.ts';
import { span, stamp } from '../when.ts';

/** The table of runs, newest first. */
export function runs(rows: readonly RunView[], page: Page): string {
  if (rows.length === 0) return 'no runs are recorded';
  const { style } = page;
  const head = ['RUN', 'JOB', 'STARTED', 'TOOK', 'TRIES', 'STATE'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: row.run, paint: style.faint },
    { text: row.job },
    { text: stamp(row.startedAt) },
    { text: row.durationMs === null ? '-' : span(row.durationMs) },
    { text: String(row.attempts) },
    { text: stateWords(row), paint: paintState(style, row.state) },
  ]);
  return columns([head, ...body], page.width);
}

function stateWords({ state, exitCode, signal }: RunView): string {
  if (state !== 'failed') return state;
  if (signal !== null) return `failed (${signal})`;
  return exitCode === null ? 'failed' : `failed (${exitCode})`;
}

/** A run's story: its head, its attempts, what happened around it, and the output. */
export function log(view: LogView, page: Page): string {
  return [logHead(view, page), ...view.output.map((piece) => outputText(piece, page))].join('');
}

/** Everything of a log but the output, ending in a line end. */
export function logHead({ run, attempts, events, told, omittedBytes }: LogView, { style }: Page): string {
  const ended = run.endedAt === null ? 'is running' : `${run.state} after ${span(run.durationMs ?? 0)}`;
  const lines = [
    `${style.strong(run.job)} ${style.faint(run.run)} ${paintState(style, run.state)(ended)}`,
    `  started ${stamp(run.startedAt)}, by ${triggerWords(run)}`,
    ...attempts.map((one) => `  attempt ${one.number} ${stamp(one.startedAt)} ${harmless(one.end ?? 'is running')}`),
    ...(run.reason === null || attempts.at(-1)?.end === run.reason ? [] : [`  ${harmless(run.reason)}`]),
    ...events.map(
      (event) => `  ${stamp(event.at)} ${event.level === 'info' ? '' : `${event.level}: `}${harmless(event.message)}`,
    ),
    ...told.map(
      (one) => `  mail to ${one.to.join(', ')} ${one.state}${one.error === null ? '' : `: ${harmless(one.error)}`}`,
    ),
    ...(omittedBytes > 0 ? [`  ${count(omittedBytes, 'byte')} between head and tail of the output were not kept`] : []),
  ];
  return `${lines.join('\n')}\n`;
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
