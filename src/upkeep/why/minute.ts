import { offsetOf, zoneOf } from '../../schedule/calendar/job-calendar.ts';
import { type Occasion, occasions, runs } from '../../schedule/calendar/occasions.ts';
import type { Version } from '../../store/versions.ts';
import { type Asked, instantOf } from './asked.ts';
import { currentVersion, type Evidence, versionAt } from './evidence.ts';
import { notInstalled, scheduleChanged } from './installed.ts';
import { gapWords, occasionReason } from './occasion.ts';
import { pauseAt, pausedReason } from './paused.ts';
import { runReasons } from './ran.ts';
import { distinct, type Reason, reason } from './reason.ts';
import { slotReasons } from './slot.ts';
import { dateOf, distanceWords, minuteWords, ofDay, wallWords } from './told-time.ts';
import { notScheduled } from './unscheduled.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

type Minute = Extract<Asked, { kind: 'minute' }>;

/** Why a job ran in a minute, or did not: the main reason first. */
export function minuteReasons(evidence: Evidence, asked: Minute): readonly Reason[] {
  const at = instantOf(asked, evidence.zone, evidence.now);
  const version = versionAt(evidence, at);
  const started = startedIn(evidence, at, asked).flatMap((run) => runReasons(evidence, run));
  if (version === undefined) return distinct([...started, ...absent(evidence, at)]);
  const found = occasionsAt(evidence, version, asked);
  const due = found.filter(runs);
  const changed = [scheduleChanged(evidence, version) ?? []].flat();
  if (due.length > 0) {
    const reasons = due.flatMap((one) => dueReasons(evidence, version, one, asked));
    return distinct([...reasons, ...leftOut(evidence, version, found), ...started, ...changed]);
  }
  const time = asked.wall === undefined ? minuteWords(at, evidence.zone) : wallWords(asked.wall);
  const out = leftOut(evidence, version, found);
  const none = out.length > 0 ? out : [...inGap(evidence, asked), ...notScheduled(evidence, version, at, time)];
  const isOnlyNow = changed.length > 0 && isDueByNow(evidence, asked);
  return distinct(isOnlyNow ? [...started, ...changed, ...none] : [...started, ...none, ...changed]);
}

/** A job that is not installed, and the spooled launches that may be known all the same. */
function absent(evidence: Evidence, at: number): readonly Reason[] {
  if (evidence.trouble !== undefined && evidence.versions.length === 0) return [evidence.trouble];
  return [notInstalled(evidence, at)];
}

/** The occasions that a person may mean by a minute: those that are named for it, and those that run in it. */
function occasionsAt({ host, zone }: Evidence, { job }: Version, { instants, wall }: Minute): readonly Occasion[] {
  const at = instantOf({ kind: 'minute', instants, wall }, zone, 0);
  const isSameClock = zoneOf(job, host).name === zone.name;
  const all = [...occasions(job, host, at - 2 * dayMs, at + offsetOf(job) + 2 * dayMs)];
  return all.filter((one) => {
    if (instants.includes(one.at) && one.kind !== 'gap-skipped') return true;
    if (wall !== undefined) return isSameClock && one.wall === wall;
    return one.kind !== 'moved' && one.kind !== 'gap-skipped' && instants.includes(one.at - one.offset);
  });
}

function dueReasons(
  evidence: Evidence,
  version: Version,
  occasion: Occasion,
  { instants, wall }: Minute,
): readonly Reason[] {
  const { at } = occasion;
  const isElsewhere =
    !instants.includes(at) || (wall !== undefined && occasion.kind === 'moved' && occasion.wall === wall);
  const moved = isElsewhere || occasion.kind === 'moved' ? occasionReason(evidence, version, occasion) : undefined;
  const become = at > evidence.now ? future(evidence, at) : slotReasons(evidence, at);
  if (moved === undefined) return become;
  return isElsewhere ? [moved, ...become] : [...become, moved];
}

/** A slot that is to come, and the pause that it falls into. */
export function future(evidence: Evidence, slot: number): readonly Reason[] {
  const { now, zone } = evidence;
  const pause = pauseAt(evidence, slot);
  const held = pause === undefined ? [] : [pausedReason(evidence, pause)];
  const time = `${minuteWords(slot, zone)}, ${distanceWords(slot, now)}`;
  const message =
    pause === undefined ? `It is due at ${time}.` : `Its time at ${time}, is skipped unless the pause ends before.`;
  return [...held, reason('future', message, { slot, remedy: dayBefore(evidence, slot) })];
}

/** Who names a time of today that is still to come may have meant the last one. */
function dayBefore({ job, now, zone }: Evidence, slot: number): string | null {
  const isToday = dateOf(slot, zone) === dateOf(now, zone);
  return isToday ? `cronwright why ${job} --at "yesterday ${ofDay(slot, zone)}" is about the day before` : null;
}

function leftOut(evidence: Evidence, version: Version, found: readonly Occasion[]): readonly Reason[] {
  return found.filter((one) => !runs(one)).flatMap((one) => occasionReason(evidence, version, one) ?? []);
}

/** That a minute never was, where the schedule does not name it. */
function inGap({ zone }: Evidence, { instants, wall }: Minute): readonly Reason[] {
  if (instants.length > 0 || wall === undefined) return [];
  return [reason('skipped-by-daylight-saving', `There was no ${wallWords(wall)}, ${gapWords(wall, zone)}.`)];
}

/** The runs that began in the minute, whatever they were for. */
function startedIn({ runs: all }: Evidence, at: number, { instants }: Minute) {
  if (instants.length === 0) return [];
  const isIn = (startedAt: number) => instants.some((one) => one <= startedAt && startedAt < one + minuteMs);
  return all.filter(
    ({ startedAt, state, slot }) => isIn(startedAt) && state !== 'missed' && state !== 'skipped' && slot !== at,
  );
}

function isDueByNow(evidence: Evidence, asked: Minute): boolean {
  const current = currentVersion(evidence);
  return current !== undefined && occasionsAt(evidence, current, asked).some(runs);
}
