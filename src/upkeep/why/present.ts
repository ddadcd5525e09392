import { zoneOf } from '../../schedule/calendar/job-calendar.ts';
import { occasions, runs } from '../../schedule/calendar/occasions.ts';
import type { RunState } from '../../store/runs.ts';
import type { Version } from '../../store/versions.ts';
import { currentVersion, type Evidence } from './evidence.ts';
import { notInstalled } from './installed.ts';
import { future } from './minute.ts';
import { endPassed, occasionReason } from './occasion.ts';
import { pauseAt, pausedReason } from './paused.ts';
import { runReasons } from './ran.ts';
import { distinct, type Reason, reason } from './reason.ts';
import { slotReasons } from './slot.ts';
import { minuteWords } from './told-time.ts';
import { boundsAround, neighboursOf } from './unscheduled.ts';

/** A time that is left out is not looked for further ahead. */
const longestAhead = 40 * 86_400_000;
const minuteMs = 60_000;
/** These go on, or never began. */
const otherwiseTold: readonly RunState[] = ['running', 'waiting', 'skipped', 'missed'];

/** How things stand with a job now: what goes on, what stands in its way, when it is due next, and how its last slot went. */
export function presentReasons(evidence: Evidence): readonly Reason[] {
  const version = currentVersion(evidence);
  if (version === undefined) {
    const { trouble } = evidence;
    return trouble === undefined ? [notInstalled(evidence, evidence.now)] : [trouble, ...evidence.obstacles];
  }
  const { now, obstacles, trouble } = evidence;
  const pause = pauseAt(evidence, now);
  const goingOn = evidence.runs.filter(({ state }) => state === 'running' || state === 'waiting');
  return distinct([
    ...goingOn.flatMap((run) => runReasons(evidence, run)),
    ...(pause === undefined ? [] : [pausedReason(evidence, pause)]),
    ...(trouble === undefined ? [] : [trouble]),
    ...obstacles,
    ...toCome(evidence, version),
    ...lastSlot(evidence, version),
    ...lastRun(evidence),
  ]);
}

function toCome(evidence: Evidence, version: Version): readonly Reason[] {
  const { now, host } = evidence;
  const { end } = version.job;
  const { next } = neighboursOf(evidence, version, now + 1);
  const zone = zoneOf(version.job, host);
  const outside = boundsAround(version, now, zone);
  const bounds = outside.length === 0 && next === undefined && end !== '' ? [endPassed(end, zone)] : outside;
  if (next !== undefined)
    return [...bounds, ...future(evidence, next).map(withoutRemedy), ...leftOutBefore(evidence, version, next)];
  if (bounds.length > 0) return bounds;
  const isAtBoot = version.job.schedule.every((one) => one.trim() === '@reboot');
  const message = isAtBoot ? 'It runs when the machine starts, and at no time of day.' : 'It has no time to come.';
  return [reason('not-scheduled', message)];
}

/** Nobody has asked about another day. */
function withoutRemedy(one: Reason): Reason {
  return one.code === 'future' ? { ...one, remedy: null } : one;
}

/** The first time before the next slot that is left out, such as a holiday. */
function leftOutBefore(evidence: Evidence, version: Version, next: number): readonly Reason[] {
  const { now, host } = evidence;
  for (const one of occasions(version.job, host, now + 1, Math.min(next, now + longestAhead))) {
    if (runs(one)) return [];
    if (one.kind !== 'before-start') return [occasionReason(evidence, version, one) ?? []].flat();
  }
  return [];
}

/** The latest run that began and has ended, whoever started it. */
function lastRun(evidence: Evidence): readonly Reason[] {
  const ended = evidence.runs.findLast(({ state }) => !otherwiseTold.includes(state));
  return ended === undefined ? [] : runReasons(evidence, ended);
}

function lastSlot(evidence: Evidence, version: Version): readonly Reason[] {
  const { now, zone } = evidence;
  const { previous } = neighboursOf(evidence, version, now + 1);
  if (previous === undefined || previous < version.since.at) return [];
  const [first, ...others] = slotReasons({ ...evidence, obstacles: [] }, previous);
  if (first === undefined) return [];
  // In its own minute it is perhaps on its way.
  if (first.code === 'unexplained' && now - previous < minuteMs) return [];
  const evidenceOfTime = [`its last time was ${minuteWords(previous, zone)}`, ...first.evidence];
  return [{ ...first, evidence: evidenceOfTime }, ...others];
}
