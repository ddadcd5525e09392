import { durationWords } from '../job/duration.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone, type Zone } from '../schedule/zone/zone.ts';
import {
  command,
  commandLines,
  fact,
  letterText,
  localTime,
  moment,
  nextSteps,
  quoted,
  subjectLine,
  width,
  words,
  wrapFact,
} from './layout.ts';
import type { FailureReport, ReportedAttempt } from './report.ts';
import { wrap } from './wrap.ts';

/** A mail's words, without addresses. */
export interface Letter {
  /** One line of at most 250 characters, without control characters. */
  readonly subject: string;
  /** Plain text that ends in a newline; no line exceeds 76 columns, save a command to type. */
  readonly text: string;
}

/** How much of each part is told: the newest attempts, the last lines of output. */
const bounds = { attempts: 10, output: 40, shortOutput: 5 } as const;

const verdicts: Readonly<Record<string, string>> = {
  'timed-out': 'timed out',
  interrupted: 'was interrupted',
  cancelled: 'was cancelled',
};

const triggerWords: Readonly<Record<string, string>> = {
  schedule: 'by its schedule',
  boot: 'at the start of the machine',
  manual: 'by hand',
  retry: 'to go on with an interrupted run',
  'catch-up': 'to make up for a missed start',
};

/**
 * The mail about a run that failed. Whatever the task wrote is quoted, and can be no header and no escape sequence.
 * @param zone that of the host: its people read its clock.
 */
export function failureLetter(report: FailureReport, zone: Zone = hostZone()): Letter {
  const parts = [heading(report), facts(report, zone), attempts(report, zone), output(report), next(report)];
  return { subject: subject(report), text: letterText(parts) };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortReport(report: FailureReport, zone: Zone = hostZone()): string {
  const { run, program, startedAt } = report;
  const when = `${localTime(startedAt, zone)}, ${attemptCount(report)}, ${startedBy(report)}`;
  const last = quoted(report.output).slice(-bounds.shortOutput);
  const lines = [...heading(report), `  run ${words(run)}, ${when}`, ...last, `  ${command(program, `logs ${run}`)}`];
  return `${lines.join('\n')}\n`;
}

function subject({ host, job, state, sentence }: FailureReport): string {
  return subjectLine(`[${host}] ${job} ${verdicts[state] ?? state}: ${sentence}`);
}

function heading({ job, host, sentence }: FailureReport): readonly string[] {
  return wrap(`${job} on ${words(host)} ${words(sentence)}.`, width);
}

function facts(report: FailureReport, zone: Zone): readonly string[] {
  const { description, owner, slot, startedAt, endedAt } = report;
  const late = slot !== undefined && startedAt - slot >= 60_000;
  return [
    ...fact('about', wrapFact(words(description))),
    ...fact('owner', wrapFact(words(owner))),
    ...fact('command', commandLines(report.command)),
    ...fact('due', late ? [moment(slot, zone)] : []),
    ...fact('started', [moment(startedAt, zone)]),
    ...fact('ended', [moment(endedAt, zone), `after ${durationWords(endedAt - startedAt)}, ${attemptCount(report)}`]),
    ...fact('run', wrapFact(`${words(report.run)}, started ${startedBy(report)}`)),
  ];
}

function attempts({ attempts: all }: FailureReport, zone: Zone): readonly string[] {
  if (all.length < 2) return [];
  const shown = all.slice(-bounds.attempts);
  const title = shown.length < all.length ? `Attempts, the last ${shown.length} of ${all.length}` : 'Attempts';
  return [title, ...shown.flatMap((attempt) => attemptLines(attempt, zone))];
}

function attemptLines({ number, startedAt, endedAt, sentence }: ReportedAttempt, zone: Zone): readonly string[] {
  const clock = formatInstant(startedAt, zone).slice(11, 19);
  const text = `${clock}  ${words(sentence)}, after ${durationWords(endedAt - startedAt)}`;
  return wrap(text, width - 7).map((line, index) => `  ${String(index === 0 ? number : '').padStart(3)}  ${line}`);
}

function output(report: FailureReport): readonly string[] {
  const rows = quoted(report.output);
  if (rows.length === 0) return ['It wrote no output.'];
  const shown = rows.slice(-bounds.output);
  const title = shown.length < rows.length ? `The last ${shown.length} lines of its output` : 'The end of its output';
  return [title, ...shown];
}

function next({ host, program, run, job }: FailureReport): readonly string[] {
  return nextSteps(host, [
    [command(program, `logs ${run}`), 'all of its output'],
    [command(program, `history ${job}`), 'how it went before'],
    [command(program, `run ${job}`), 'run it now'],
  ]);
}

function attemptCount({ attempts: { length } }: FailureReport): string {
  return length === 1 ? '1 attempt' : `${length} attempts`;
}

function startedBy({ trigger }: FailureReport): string {
  return triggerWords[trigger] ?? `by ${words(trigger)}`;
}
