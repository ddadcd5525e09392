import type { JobTimes } from '../../schedule/calendar/job-calendar.ts';
import type { Version } from '../../store/versions.ts';
import { currentVersion, type Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { secondWords } from './told-time.ts';

/** Why no version of the job was in force at an instant. */
export function notInstalled({ job, versions, zone }: Evidence, at: number): Reason {
  const first = versions[0];
  const gone = versions.findLast(({ until }) => until !== undefined && until.at <= at)?.until;
  const later = versions.find(({ since }) => since.at > at)?.since;
  if (first === undefined)
    return reason('never-installed', `${job} was never installed: the jobs file has it, and no sync came since.`, {
      remedy: 'cronwright sync',
    });
  const again =
    later === undefined
      ? []
      : [
          `revision ${later.revision} installed it ${gone ? 'again ' : ''}at ${secondWords(later.at, zone)} (${later.by})`,
        ];
  if (gone === undefined) {
    return reason(
      'not-installed-then',
      `It was not installed yet: the first revision that has it is ${first.since.revision}.`,
      { evidence: again },
    );
  }
  const message = `It was not installed: revision ${gone.revision} removed it at ${secondWords(gone.at, zone)} (${gone.by}).`;
  return reason('not-installed-then', message, {
    evidence: again,
    remedy: later === undefined ? 'put it back into the jobs file, then cronwright sync' : null,
  });
}

const timeKeys = ['schedule', 'timezone', 'dst', 'jitter', 'start', 'end', 'except'] as const;

/** Whether two versions of a job run at the same times. */
export function hasSameTimes(one: JobTimes, other: JobTimes): boolean {
  return timeKeys.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]));
}

/** That the job had other times then than now; undefined where it had not. */
export function scheduleChanged(evidence: Evidence, then: Version): Reason | undefined {
  const current = currentVersion(evidence);
  if (current === undefined || current === then || hasSameTimes(current.job, then.job)) return undefined;
  const next = evidence.versions[evidence.versions.indexOf(then) + 1] ?? current;
  const keys = timeKeys.filter((key) => JSON.stringify(current.job[key]) !== JSON.stringify(then.job[key]));
  const message = `Its times were others then: revision ${then.since.revision} was in force, with ${settingWords(then, keys)}.`;
  return reason('schedule-changed-since', message, {
    evidence: [
      `revision ${next.since.revision} followed at ${secondWords(next.since.at, evidence.zone)} (${next.since.by})`,
      `now it has ${settingWords(current, keys)}`,
    ],
  });
}

function settingWords({ job }: Version, keys: readonly (typeof timeKeys)[number][]): string {
  return keys
    .map((key) =>
      key === 'schedule' ? `schedule ${job.schedule.map((one) => `"${one}"`).join(', ')}` : `${key} ${plain(job[key])}`,
    )
    .join(', ');
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(none)' : value;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
