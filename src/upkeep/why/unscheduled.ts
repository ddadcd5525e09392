import { wakes } from '../../crontab/cover/host-cron.ts';
import { calendarOf, zoneOf } from '../../schedule/calendar/job-calendar.ts';
import { wallAt, wallTime } from '../../schedule/calendar/wall-instant.ts';
import { parseSchedule } from '../../schedule/parse.ts';
import { describe } from '../../schedule/words/words.ts';
import { namedZone, type Zone } from '../../schedule/zone/zone.ts';
import type { Version } from '../../store/versions.ts';
import type { Evidence } from './evidence.ts';
import { beforeStart, endPassed } from './occasion.ts';
import { type Reason, reason } from './reason.ts';
import { distanceWords, minuteWords } from './told-time.ts';

/** A time before is not looked for further back. */
const longestBack = 2 * 366 * 86_400_000;

/** The slots of a job around an instant, UTC milliseconds. */
export interface Neighbours {
  readonly previous: number | undefined;
  /** At the instant, or after it. */
  readonly next: number | undefined;
}

export function neighboursOf({ host }: Pick<Evidence, 'host'>, { job }: Version, at: number): Neighbours {
  const calendar = calendarOf(job, host);
  return { previous: calendar.latest(at - 1, at - longestBack), next: calendar.next(at - 1) };
}

/** Why an instant is none of a job's slots, where no occasion of it says more. */
export function notScheduled(evidence: Evidence, version: Version, at: number, time: string): readonly Reason[] {
  const { job } = version;
  const zone = zoneOf(job, evidence.host);
  const { schedules } = calendarOf(job, evidence.host);
  const words = describe(schedules);
  if (schedules.every(({ kind }) => kind === 'reboot')) {
    return [reason('not-scheduled', `It runs when the machine starts (${words}), and at no time of day.`)];
  }
  const woken = wokenBy(evidence, version, at);
  const remedy = `cronwright next ${job.id} shows its times`;
  const plain = reason('not-scheduled', `${time} is none of its times: ${words}.`, {
    evidence: around(evidence, version, at),
    remedy,
  });
  const bounds = boundsAround(version, at, zone);
  if (woken === undefined) return [...bounds, plain];
  const message = `The line in the crontab woke cronwright at ${time}, and that is none of its times, so nothing ran: cron cannot say ${words} more exactly.`;
  return [...bounds, reason('gated', message, { evidence: [`the line: ${woken}`, ...plain.evidence] }), plain];
}

function around(evidence: Evidence, version: Version, at: number): readonly string[] {
  const { previous, next } = neighboursOf(evidence, version, at);
  const { zone, now } = evidence;
  return [
    previous === undefined ? 'it has no time before that' : `the time before: ${minuteWords(previous, zone)}`,
    next === undefined
      ? 'it has no time after that'
      : `the next time: ${minuteWords(next, zone)}, ${distanceWords(next, now)}`,
  ];
}

/** That an instant is before the start of a job, or after its end. */
export function boundsAround({ job: { start, end } }: Version, at: number, zone: Zone): readonly Reason[] {
  const wall = wallAt(at, zone);
  if (end !== '' && wall > wallTime(end)) return [endPassed(end, zone)];
  return start !== '' && wall < wallTime(start) ? [beforeStart(start, zone)] : [];
}

/** The job's line, where it is due at an instant on the clock that it was written for. */
function wokenBy({ host }: Evidence, { lines = [], settings }: Version, at: number): string | undefined {
  const zone = settings.hostZone === undefined ? host : namedZone(settings.hostZone);
  return lines.find((line) => {
    const parsed = parseSchedule(line.split(' ').slice(0, 5).join(' '));
    return parsed.ok && parsed.schedule.kind === 'calendar' && wakes(parsed.schedule.fields, zone, at);
  });
}
