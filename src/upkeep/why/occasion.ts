import { unreachable } from '../../errors.ts';
import { durationWords } from '../../job/duration.ts';
import { zoneOf } from '../../schedule/calendar/job-calendar.ts';
import type { Occasion } from '../../schedule/calendar/occasions.ts';
import { wallAt, wallText, wallTime } from '../../schedule/calendar/wall-instant.ts';
import type { Zone } from '../../schedule/zone/zone.ts';
import type { Version } from '../../store/versions.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { minuteWords, ofDay, wallWords } from './told-time.ts';

/** What an occasion that has no slot was left out for, or why its slot is at another time than its schedule says. */
export function occasionReason(
  { host, now }: Pick<Evidence, 'host' | 'now'>,
  { job }: Version,
  occasion: Occasion,
): Reason | undefined {
  const zone = zoneOf(job, host);
  const { kind, wall, at, name, offset } = occasion;
  const time = wall.slice(11);
  switch (kind) {
    case 'plain':
    case 'first-of-two':
    case 'second-of-two':
      return offset === 0 ? undefined : byJitter(occasion, zone);
    case 'moved': {
      const message = `There was no ${wallWords(wall)}, ${gapWords(wall, zone)}: it ${at > now ? 'is' : 'was'} due behind that, at ${minuteWords(at, zone)}.`;
      return reason('moved-by-daylight-saving', message, {
        slot: at,
        remedy: 'dst: {skipped: skip} leaves such a time out',
      });
    }
    case 'gap-skipped': {
      const message = `There was no ${wallWords(wall)}, ${gapWords(wall, zone)}, and its times in between are left out.`;
      return reason('skipped-by-daylight-saving', message, {
        remedy: 'dst: {skipped: run-after} runs it once behind the gap',
      });
    }
    case 'not-repeated': {
      const message = `${wallWords(wall)} came twice, because the clock was put back, and it runs only the first time.`;
      return reason('not-repeated', message, { remedy: 'dst: {repeated: twice} runs it both times' });
    }
    case 'excepted': {
      const what = name === '' ? 'a date that except: leaves out' : `${name}, which except: leaves out`;
      return reason('holiday', `It does not run on ${wallWords(wall).slice(0, 14)}: that is ${what}.`, {
        evidence: [`${time} would have been one of its times`],
      });
    }
    case 'before-start':
      return beforeStart(job.start, zone);
    case 'after-end':
      return endPassed(job.end, zone);
    default:
      return unreachable(kind);
  }
}

export function beforeStart(start: string, { name }: Zone): Reason {
  return reason('before-start', `It has no time before ${wallWords(start)} (${name}), its start.`, {
    remedy: 'change start: in the jobs file',
  });
}

export function endPassed(end: string, { name }: Zone): Reason {
  return reason('end-passed', `It has no time after ${wallWords(end)} (${name}), its end.`, {
    remedy: 'change end: in the jobs file, or take the job out',
  });
}

function byJitter({ at, wall, offset }: Occasion, zone: Zone): Reason {
  const message = `It is due ${durationWords(offset)} after ${wallWords(wall)}, at ${ofDay(at, zone)}: jitter: moves all its times by that.`;
  return reason('moved-by-jitter', message, { slot: at });
}

/** `because the clock went from 02:00 to 03:00`, for a wall time that a zone's clock skips. */
export function gapWords(wall: string, zone: Zone): string {
  const time = wallTime(wall);
  // The change is within a day and a half of the time, read as UTC.
  let span = zone.spanAt(time - 1.5 * 86_400_000);
  while (wallAt(span.end, zone) <= time) span = zone.spanAt(span.end);
  const before = wallText(wallAt(span.end - 60_000, zone) + 60_000);
  const after = wallText(wallAt(span.end, zone));
  const [from, to] =
    before.slice(0, 10) === after.slice(0, 10) ? [before.slice(11), after.slice(11)] : [before, after].map(wallWords);
  return `because the clock went from ${from} to ${to}`;
}
