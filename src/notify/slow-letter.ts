import { durationWords } from '../job/duration.ts';
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
import type { Letter } from './letter.ts';
import type { SlowReport } from './report.ts';
import { wrap } from './wrap.ts';

const lastLines = 20;

/**
 * The mail about a run that takes longer than expected and goes on.
 * @param zone that of the host: its people read its clock.
 */
export function slowLetter(report: SlowReport, zone: Zone = hostZone()): Letter {
  const { host, job, warnAfter } = report;
  const parts = [heading(report), facts(report, zone), meaning(report), output(report), next(report)];
  const subject = `[${host}] ${job} is slow: it takes longer than ${durationWords(warnAfter)} and goes on`;
  return { subject: subjectLine(subject), text: letterText(parts) };
}

/** The same in a few lines, for standard error, which cron mails where no `mail:` is configured. */
export function shortSlowReport(report: SlowReport, zone: Zone = hostZone()): string {
  const { program, run, startedAt } = report;
  const since = `  run ${words(run)}, since ${localTime(startedAt, zone)}`;
  return `${[...heading(report), since, `  ${command(program, `logs ${run} --follow`)}`].join('\n')}\n`;
}

function heading({ job, host, startedAt, at, warnAfter }: SlowReport): readonly string[] {
  const text = `has been going on for ${durationWords(at - startedAt)}, longer than ${durationWords(warnAfter)}.`;
  return wrap(`${job} on ${words(host)} ${text}`, width);
}

function facts(report: SlowReport, zone: Zone): readonly string[] {
  const { description, owner, startedAt, attempt, attempts, timeout, progress } = report;
  const limit = timeout === 0 ? 'none: nothing ends it' : `${durationWords(timeout)} for an attempt`;
  return [
    ...fact('about', wrapFact(words(description))),
    ...fact('owner', wrapFact(words(owner))),
    ...fact('command', commandLines(report.command)),
    ...fact('started', [moment(startedAt, zone)]),
    ...fact('attempt', attempts > 1 ? [`${attempt} of ${attempts}`] : []),
    ...fact('done', progress === null ? [] : [`${Math.round(progress * 100)}%, as the task says`]),
    ...fact('timeout', [limit]),
    ...fact('run', wrapFact(words(report.run))),
  ];
}

function meaning({ isOrphaned }: SlowReport): readonly string[] {
  const text = 'It is not ended because of this, and this is told once for each run (warn-after).';
  const alone = ' Its wrapper is gone and the task goes on without it: how it ends will not be known.';
  return wrap(`${text}${isOrphaned ? alone : ''}`, width);
}

function output(report: SlowReport): readonly string[] {
  const rows = quoted(report.output);
  return rows.length === 0
    ? ['It wrote no output so far.']
    : ['Its output so far ends with', ...rows.slice(-lastLines)];
}

function next({ host, program, run, job }: SlowReport): readonly string[] {
  return nextSteps(host, [
    [command(program, `logs ${run} --follow`), 'watch it'],
    [command(program, `cancel ${run}`), 'end it'],
    [command(program, `history ${job}`), 'how long it took before'],
  ]);
}
