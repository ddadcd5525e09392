import { durationWords } from '../job/duration.ts';
import { formatInstant } from '../schedule/instant.ts';
import { hostZone, type Zone } from '../schedule/zone/zone.ts';
import {
  command,
  commandLines,
  fact,
  letterText,
  moment,
  nextSteps,
  type Step,
  subjectLine,
  width,
  words,
  wrapFact,
} from './layout.ts';
import type { Letter } from './letter.ts';
import type { LateReport } from './report.ts';
import { wrap } from './wrap.ts';

/**
 * The mail about a start that is late, whether or not it has come.
 * @param zone that of the host: its people read its clock.
 */
export function lateLetter(report: LateReport, zone: Zone = hostZone()): Letter {
  const { host, job } = report;
  const parts = [heading(report), facts(report, zone), meaning(report), next(report, zone)];
  return { subject: subjectLine(`[${host}] ${job} ${verdict(report)}`), text: letterText(parts) };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortLateReport(report: LateReport, zone: Zone = hostZone()): string {
  const { program, slot } = report;
  const lines = [...heading(report), `  due ${moment(slot, zone)}`, `  ${command(program, why(report, zone))}`];
  return `${lines.join('\n')}\n`;
}

function verdict(report: LateReport): string {
  const { state } = report;
  if (state === 'begun') return `began late: ${lateness(report)} after it was due`;
  return `is late: it ${state === 'waiting' ? 'still waits to begin' : 'has not begun'} ${lateness(report)} after it was due`;
}

function heading(report: LateReport): readonly string[] {
  const { job, host, state } = report;
  const doing = { 'not-begun': 'has not begun', waiting: 'still waits to begin', begun: 'began' }[state];
  const comma = state === 'begun' ? '' : ',';
  return wrap(`${job} on ${words(host)} ${doing}${comma} ${lateness(report)} after it was due.`, width);
}

function lateness({ slot, at }: LateReport): string {
  return durationWords(at - slot);
}

function facts(report: LateReport, zone: Zone): readonly string[] {
  const { description, owner, slot, delay, at, lateAfter, state, run, holder } = report;
  const late = `${durationWords(lateAfter)} after it is due (late-after)`;
  return [
    ...fact('about', wrapFact(words(description))),
    ...fact('owner', wrapFact(words(owner))),
    ...fact('command', commandLines(report.command)),
    ...fact('due', [moment(slot, zone), ...(delay > 0 ? [`put off for up to ${durationWords(delay)} (jitter)`] : [])]),
    ...fact('late', [late]),
    ...fact(state === 'begun' ? 'began' : 'noticed', [moment(at, zone)]),
    ...fact('run', wrapFact(words(run))),
    ...fact('behind', wrapFact(holder === '' ? '' : `run ${words(holder)}, which has to end first`)),
  ];
}

function meaning({ state }: LateReport): readonly string[] {
  const text = {
    'not-begun':
      'Nothing has started it yet. If nothing does, the start is recorded as missed a few minutes from now. Perhaps cron ' +
      'does not run, its line is gone from the table, or the machine is too busy to start anything.',
    waiting: 'Its start is recorded, and it begins by itself when its turn comes. This is told once.',
    begun: 'It goes on now. A busy machine, another run of the job or a cron that was held up may have kept it.',
  };
  return wrap(text[state], width);
}

function next(report: LateReport, zone: Zone): readonly string[] {
  const { host, program, job, state, run, holder } = report;
  const typed = (verb: string, purpose: string): Step => [command(program, verb), purpose];
  return nextSteps(host, [
    typed(why(report, zone), 'what kept it'),
    ...(holder === '' ? [] : [typed(`logs ${holder} --follow`, 'what it waits for')]),
    ...(state === 'begun' ? [typed(`logs ${run} --follow`, 'watch it')] : []),
    ...(state === 'waiting' ? [typed(`cancel ${run}`, 'do without it')] : []),
    ...(state === 'not-begun' ? [typed('doctor', 'whether cron is well')] : []),
    typed(`history ${job}`, 'how it went before'),
  ]);
}

function why({ job, slot }: LateReport, zone: Zone): string {
  return `why ${job} --at ${formatInstant(slot, zone)}`;
}
