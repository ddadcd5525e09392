import { formatInstant } from '../schedule/instant.ts';
import { hostZone, type Zone } from '../schedule/zone/zone.ts';
import { command, letterText, localMinute, nextSteps, subjectLine, width, words } from './layout.ts';
import type { Letter } from './letter.ts';
import type { MissedReport, MissedRow } from './report.ts';
import { shorten, wrap } from './wrap.ts';

/** The table is narrower than a letter, and stays whole in a reply to a reply. */
const tableWidth = 72;
const longestName = 26;
const bounds = { rows: 50, shortRows: 5, subjectReason: 120 } as const;

/**
 * The mail about slots that passed without a start: one for all that was found at once.
 * @param zone that of the host: its people read its clock.
 */
export function missedLetter(report: MissedReport, zone: Zone = hostZone()): Letter {
  const parts = [wrap(`${headline(report, zone)}.`, width), ...tables(report, zone), more(report)];
  const text = letterText([...parts, meaning(report, zone), next(report, zone)]);
  return { subject: subjectLine(`[${report.host}] ${subject(report, zone)}`), text };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortMissedReport(report: MissedReport, zone: Zone = hostZone()): string {
  const { rows, program } = report;
  const shown = rows.slice(0, bounds.shortRows).flatMap((row) => {
    const text = [`${row.job}, ${stretch(row, zone)}`, reason(row), follows(row)].filter((part) => part !== '');
    return wrap(text.join(': '), width - 2).map((line) => `  ${line}`);
  });
  const left = rows.length > bounds.shortRows ? [`  and ${count(rows.length - bounds.shortRows, 'more job')}`] : [];
  const lines = [...wrap(`${headline(report, zone)}.`, width), ...shown, ...left];
  return `${[...lines, ...rows.slice(0, 1).map((row) => `  ${command(program, why(row, zone))}`)].join('\n')}\n`;
}

function subject(report: MissedReport, zone: Zone): string {
  const [first, ...others] = report.rows;
  if (first === undefined || others.length > 0) return `${report.project}: ${missedBy(report)}`;
  const because = first.reason === '' ? '' : `: ${shorten(words(first.reason), bounds.subjectReason)}`;
  return `${first.job} missed ${what(first, zone)}${because}`;
}

function what({ count: slots, last }: MissedRow, zone: Zone): string {
  return slots === 1 ? `its start of ${localMinute(last, zone)}` : count(slots, 'start');
}

function headline(report: MissedReport, zone: Zone): string {
  const host = words(report.host);
  const [first, ...others] = report.rows;
  if (first === undefined || others.length > 0) return `${words(report.project)} on ${host}: ${missedBy(report)}`;
  return `${first.job} on ${host} missed ${what(first, zone)}`;
}

function missedBy({ rows }: MissedReport): string {
  const jobs = new Set(rows.map(({ job }) => job)).size;
  return `${count(jobs, 'job')} missed ${count(slotsOf(rows), 'start')}`;
}

function slotsOf(rows: readonly MissedRow[]): number {
  return rows.reduce((sum, row) => sum + row.count, 0);
}

/** A table for each reason: most of what is missed at once has the same one. */
function tables({ rows }: MissedReport, zone: Zone): readonly (readonly string[])[] {
  const groups = Map.groupBy(rows.slice(0, bounds.rows), reason);
  return [...groups].map(([because, group]) => {
    const title = because === '' ? [] : wrap(`${capital(because)}:`, tableWidth);
    return [...title, ...table(group, zone)];
  });
}

function table(rows: readonly MissedRow[], zone: Zone): readonly string[] {
  const name = Math.min(longestName, Math.max(3, ...rows.map(({ job }) => job.length)));
  const line = (job: string, missed: string, times: string) =>
    `  ${job.padEnd(name)}  ${missed.padStart(6)}  ${times}`.trimEnd();
  const head = line('job', 'missed', `${'from'.padEnd(16)}  to`);
  return [head, ...rows.flatMap((row) => tableRow(row, name, (job) => line(job, String(row.count), times(row, zone))))];
}

/** A name that is too long for its column has a line of its own. */
function tableRow(row: MissedRow, name: number, line: (job: string) => string): readonly string[] {
  const fits = row.job.length <= name;
  const above = fits ? [] : wrap(row.job, tableWidth - 2).map((part) => `  ${part}`);
  const below = [follows(row), row.owner === '' ? '' : `owner: ${words(row.owner)}`].filter((part) => part !== '');
  const details = below.flatMap((part) => wrap(part, tableWidth - 6)).map((part) => `      ${part}`);
  return [...above, line(fits ? row.job : ''), ...details];
}

function times({ first, last }: MissedRow, zone: Zone): string {
  const from = localMinute(first, zone);
  return first === last ? from : `${from}  ${localMinute(last, zone)}`;
}

function stretch(row: MissedRow, zone: Zone): string {
  if (row.count === 1) return localMinute(row.last, zone);
  return `${count(row.count, 'start')} from ${localMinute(row.first, zone)} to ${localMinute(row.last, zone)}`;
}

function more({ rows }: MissedReport): readonly string[] {
  const left = rows.slice(bounds.rows);
  if (left.length === 0) return [];
  return wrap(`And ${left.length} more of such rows, with ${count(slotsOf(left), 'missed start')}.`, width);
}

function meaning({ rows, host }: MissedReport, zone: Zone): readonly string[] {
  const clock = `The times are those of the clock of ${words(host)} (${zone.name}).`;
  if (rows.every((row) => row.follows !== '')) return wrap(clock, width);
  const rest =
    'Where nothing is said of what follows, nothing does: the jobs go on with their next starts. With missed: ' +
    'run-once or run-all a job makes up for what it missed, within its start-deadline.';
  return wrap(`${clock} ${rest}`, width);
}

function next({ host, program, rows }: MissedReport, zone: Zone): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  return nextSteps(host, [
    [command(program, why(first, zone)), 'why it did not run'],
    [command(program, 'history --only missed'), 'all that was missed'],
    [command(program, `run ${first.job}`), 'run it now'],
    [command(program, 'doctor'), 'whether cron is well'],
  ]);
}

function why({ job, last }: MissedRow, zone: Zone): string {
  return `why ${job} --at ${formatInstant(last, zone)}`;
}

function reason(row: MissedRow): string {
  return words(row.reason).replace(/[.:]$/, '');
}

function follows(row: MissedRow): string {
  return words(row.follows).replace(/\.$/, '');
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
