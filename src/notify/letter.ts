import { durationWords } from '../job/duration.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone, type Zone } from '../schedule/zone.ts';
import { printable, printableLine } from './printable.ts';
import type { FailureReport, ReportedAttempt } from './report.ts';
import { columnsOf, cut, shorten, wrap } from './wrap.ts';

/** A mail's words, without addresses. */
export interface Letter {
  /** One line of at most 250 characters, without control characters. */
  readonly subject: string;
  /** Plain text that ends in a newline; no line exceeds 76 columns, save a command to type. */
  readonly text: string;
}

/** RFC 5322 recommends 78 characters a line; a reply's `> ` takes two of them. */
const width = 76;
/** Room for a full host name and the longest name of a job. */
const subjectLength = 250;
const margin = '  | ';
const labelWidth = 9;

/** How much of each part is told: the newest attempts, the last lines of output, the first lines of the command. */
const bounds = { attempts: 10, output: 40, shortOutput: 5, command: 8, words: 600 } as const;

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
};

/**
 * The mail about a run that failed. Whatever the task wrote is quoted, and can be no header and no escape sequence.
 * @param zone that of the host: its people read its clock.
 */
export function failureLetter(report: FailureReport, zone: Zone = hostZone()): Letter {
  const parts = [heading(report), facts(report, zone), attempts(report, zone), output(report), next(report)];
  const text = parts.filter((part) => part.length > 0).map((part) => part.join('\n'));
  return { subject: subject(report), text: `${text.join('\n\n')}\n` };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortReport(report: FailureReport, zone: Zone = hostZone()): string {
  const { run, program, startedAt } = report;
  const when = `${localTime(startedAt, zone)}, ${attemptCount(report)}, ${startedBy(report)}`;
  const quoted = outputRows(report).slice(-bounds.shortOutput);
  const lines = [...heading(report), `  run ${words(run)}, ${when}`, ...quoted, `  ${command(program, `logs ${run}`)}`];
  return `${lines.join('\n')}\n`;
}

function subject({ host, job, state, sentence }: FailureReport): string {
  return shorten(printableLine(`[${host}] ${job} ${verdicts[state] ?? state}: ${sentence}`), subjectLength);
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

/** The lines behind their label; none where there is nothing to say. */
function fact(label: string, lines: readonly string[]): readonly string[] {
  if (lines.join('') === '') return [];
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(labelWidth)}${line}`.trimEnd());
}

function wrapFact(text: string): readonly string[] {
  return wrap(text, width - labelWidth - 2);
}

function commandLines(text: string): readonly string[] {
  const lines = printable(text).trim().split('\n').flatMap(wrapFact);
  return lines.length <= bounds.command ? lines : [...lines.slice(0, bounds.command), '...'];
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
  const rows = outputRows(report);
  if (rows.length === 0) return ['It wrote no output.'];
  const shown = rows.slice(-bounds.output);
  const title = shown.length < rows.length ? `The last ${shown.length} lines of its output` : 'The end of its output';
  return [title, ...shown];
}

function outputRows(report: FailureReport): readonly string[] {
  const text = printable(report.output).replace(/^\n+|\n+$/g, '');
  if (text === '') return [];
  const rows = text.split('\n').flatMap((line) => cut(line, width - margin.length));
  return rows.map((row) => `${margin}${row}`.trimEnd());
}

/** A command stays on one line whatever its length, so that it can be copied. */
function next({ host, program, run, job }: FailureReport): readonly string[] {
  const steps = [
    [command(program, `logs ${run}`), 'all of its output'],
    [command(program, `history ${job}`), 'how it went before'],
    [command(program, `run ${job}`), 'run it now'],
  ] as const;
  const longest = Math.max(...steps.map(([typed]) => typed.length));
  const rows = steps.map(([typed, purpose]) => {
    const row = `  ${typed.padEnd(longest)}  ${purpose}`;
    return columnsOf(row) <= width ? row : `  ${typed}`;
  });
  return [...wrap(`What to type next on ${words(host)}`, width), ...rows];
}

function command(program: string, verb: string): string {
  return printableLine(`${program} ${verb}`);
}

function attemptCount({ attempts: { length } }: FailureReport): string {
  return length === 1 ? '1 attempt' : `${length} attempts`;
}

function startedBy({ trigger }: FailureReport): string {
  return triggerWords[trigger] ?? `by ${words(trigger)}`;
}

function moment(instant: number, zone: Zone): string {
  const utc = new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
  return `${localTime(instant, zone)} (${utc} UTC)`;
}

/** `2026-03-08 03:00:00 -04:00`. */
function localTime(instant: number, zone: Zone): string {
  return formatInstant(instant, zone)
    .replace('T', ' ')
    .replace(/[+-][0-9:]+$/, ' $&');
}

function words(text: string): string {
  return shorten(printableLine(text), bounds.words);
}
