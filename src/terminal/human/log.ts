import { bytesText } from '../bytes.ts';
import { harmless } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { LogView, OutputView, RunView, ToldView } from '../views.ts';
import { cpuSpan, span, stamp } from '../when.ts';
import { percent, stateWords } from './runs.ts';

/** A run's story: its head, its attempts, what happened around it, its result, and the output. */
export function log(view: LogView, page: Page): string {
  if (view.run.state === 'missed') return missedHead(view.run, page);
  const head = logHead(view, page);
  if (view.output.length === 0 && view.run.endedAt !== null) return `${head}  it wrote no output\n`;
  return [`${head}\n`, ...view.output.map((piece) => outputText(piece, page))].join('');
}

/** Everything of a log but the output, ending in a line end. */
function logHead({ run, attempts, events, told, omittedBytes, result }: LogView, page: Page): string {
  const { style } = page;
  // One attempt that ended is the run itself.
  const shown = attempts.length > 1 || run.endedAt === null ? attempts : [];
  const reason = shown.at(-1)?.end === run.reason ? null : run.reason;
  const lines = [
    `started ${stamp(run.startedAt)}, by ${triggerWords(run)}`,
    ...usedWords(run),
    ...shown.map(({ number, startedAt, end }) => `attempt ${number}, ${stamp(startedAt)}: ${end ?? 'is running'}`),
    ...(reason === null ? [] : [`it ${reason}`]),
    ...events.map(eventWords),
    ...told.map(toldWords),
    ...omittedWords(omittedBytes),
    ...resultWords(result),
  ];
  const title = `${style.strong(run.job)} ${style.faint(run.run)} ${paintState(style, run.state)(titleWords(run))}`;
  return [title, ...lines.map((line) => `  ${harmless(line).replaceAll('\n', '\n  ')}`)]
    .map((line) => `${line}\n`)
    .join('');
}

/** Slots that nothing ran for: they have no beginning, no cost and no output. */
function missedHead({ job, run, slot, firstSlot, slots, reason }: RunView, { style }: Page): string {
  const when =
    slot === null ? [] : [firstSlot === null ? `due ${stamp(slot)}` : `due ${stamp(firstSlot)} to ${stamp(slot)}`];
  const words = slots > 1 ? `missed ${slots} times` : 'missed';
  const lines = [...when, ...(reason === null ? [] : [harmless(reason)])].map((line) => `  ${line}\n`);
  return `${style.strong(job)} ${style.faint(run)} ${paintState(style, 'missed')(words)}\n${lines.join('')}`;
}

function titleWords(run: RunView): string {
  // Its reason says until when.
  if (run.state === 'waiting') return run.reason === null ? 'is waiting for its turn' : 'is waiting to begin';
  if (run.endedAt === null) return `is running${run.progress === null ? '' : `, ${percent(run.progress)} done`}`;
  return `${stateWords(run)} after ${span(run.durationMs ?? 0)}`;
}

function usedWords({ cpuMs, peakMemory }: RunView): readonly string[] {
  const parts = [
    ...(cpuMs === null ? [] : [`${cpuSpan(cpuMs)} of processor time`]),
    ...(peakMemory === null ? [] : [`at most ${bytesText(peakMemory)} of memory`]),
  ];
  return parts.length === 0 ? [] : [`used ${parts.join(', ')}`];
}

/** What was said around a run, with its time. */
function eventWords({ at, level, message }: LogView['events'][number]): string {
  // A further line of a message is no line of ours, and must not look like one.
  return `${stamp(at)} ${level === 'info' ? '' : `${level}: `}${message.replaceAll('\n', '\n    ')}`;
}

export function omittedWords(bytes: number): readonly string[] {
  return bytes > 0 ? [`the middle of the output, ${count(bytes, 'byte')}, was not kept`] : [];
}

/** More of a result is for programs: `logs --json` has all of it. */
const mostLines = 30;
const mostCharacters = 2_000;

/** A task's result, on one line where it is short. */
export function resultWords(result: unknown): readonly string[] {
  if (result === null) return [];
  const short = JSON.stringify(result);
  if (short.length <= 60) return [`result ${short}`];
  const text = JSON.stringify(result, null, 2);
  const lines = text.slice(0, mostCharacters).split('\n').slice(0, mostLines).join('\n');
  return [`result ${lines}${lines.length < text.length ? '\n… --json shows all of it' : ''}`];
}

function toldWords({ to, state, sentAt, error }: ToldView): string {
  const words = { sent: `was sent ${stamp(sentAt ?? '')}`, waiting: 'waits in the outbox', 'given-up': 'was given up' };
  return `mail to ${to.join(', ')} ${words[state]}${error === null ? '' : `: ${error}`}`;
}

function triggerWords({ trigger, slot, continues }: RunView): string {
  if (trigger === 'retry') return `cronwright, which goes on from run ${continues ?? ''}`.trimEnd();
  if (trigger === 'schedule') return slot === null ? 'cron' : `cron, due ${stamp(slot)}`;
  if (trigger === 'catch-up') return `cronwright, to make up for ${slot === null ? 'a missed start' : stamp(slot)}`;
  return trigger === 'boot' ? 'cron, at the start of the machine' : 'hand';
}

/** A piece of output, standard error painted, control characters made visible. */
export function outputText(piece: OutputView, { style }: Page): string {
  const lines = piece.text.split(/\r?\n/).map(harmless);
  return lines.map((line) => (piece.stream === 'stderr' && line !== '' ? style.bad(line) : line)).join('\n');
}
