import { exclusionsOf } from '../calendar/exclusion.ts';
import { calendarOf } from '../calendar/job-calendar.ts';
import { wallAt, wallText } from '../calendar/wall-instant.ts';
import type { Case, Entry, Remark } from './case.ts';

/** A schedule that had a time in so much of the past may well have run. */
const pastMs = 400 * 86_400_000;

/**
 * Settings that leave a schedule no time to run: `end` before `start`, an `end` too early, every date excepted.
 * @param next the next instant of a schedule, whatever the settings leave out.
 */
export function neverRuns(judged: Case, next: (entry: Entry) => number | undefined): readonly Remark[] {
  const { job, zone, now } = judged;
  const excludes = exclusionsOf(job);
  if (excludes === undefined) return [];
  const { start, end } = job;
  if (start !== '' && end !== '' && end < start) return [endFirst(judged)];
  // Of such a job one other finding says enough.
  if (end !== '' && end < wallText(wallAt(now, zone))) return [];
  return judged.entries.flatMap((entry) => {
    const soon = next(entry);
    if (soon === undefined || excludes(wallAt(soon, zone)) === undefined) return [];
    return neverOf(judged, entry);
  });
}

function neverOf(judged: Case, entry: Entry): readonly Remark[] {
  const { zone, now } = judged;
  const one = { ...judged.job, schedule: [entry.written.text] as const };
  const calendar = calendarOf(one, zone);
  if (calendar.next(now) !== undefined) return [];
  // What had its times until now is over, which its end tells.
  const words = calendar.latest(now, now - pastMs) === undefined ? never : over;
  const inTime = calendarOf({ ...one, except: [] }, zone).next(now);
  return [inTime === undefined ? tooLate(judged, entry, words) : excepted(judged, entry, words, wallAt(inTime, zone))];
}

const never = { code: 'never-runs', becomes: 'never runs' } as const;
const over = { code: 'end-passed', becomes: 'runs no more' } as const;
type Becomes = typeof never | typeof over;

function endFirst({ job, place }: Case): Remark {
  return {
    code: 'never-runs',
    job: job.name,
    message: `found the end at ${shown(job.end)}, before the start at ${shown(job.start)}: ${job.name} never runs`,
    hint: 'put the earlier one under start:',
    place: () => place('end', 'value'),
  };
}

function tooLate({ job, zone, now }: Case, { written }: Entry, { code, becomes }: Becomes): Remark {
  const present = wallText(wallAt(now, zone));
  const from = job.start > present ? job.start : present;
  return {
    code,
    job: job.name,
    message: `found no time of this schedule from ${shown(from)} to the end at ${shown(job.end)}: it ${becomes}`,
    hint: 'choose a later end:, or remove the schedule',
    place: () => written.place(0, written.text.length),
  };
}

function excepted({ job, place }: Case, { written }: Entry, { becomes }: Becomes, wall: number): Remark {
  return {
    code: 'never-runs',
    job: job.name,
    message: `found no time of ${written.text} that is not excepted, beginning with ${shown(wallText(wall))}: ${job.name} ${becomes}`,
    hint: 'leave some of its dates out of except:',
    place: () => place('except', 'key'),
  };
}

function shown(minute: string): string {
  return minute.replace('T', ' ');
}
