import type { Job, JobId } from '../../job/job.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { calendarOf, offsetOf, zoneOf } from '../../schedule/calendar/job-calendar.ts';
import { hostZone, type Zone } from '../../schedule/zone/zone.ts';
import { runsAround } from '../../store/around.ts';
import { lastBeat, lastMoment } from '../../store/beats.ts';
import { copiedJob } from '../../store/copy.ts';
import { type Gap, gapsBetween } from '../../store/gaps.ts';
import { lastRecord, spooled } from '../../store/lying.ts';
import { owedSlots } from '../../store/owed.ts';
import { pausesBetween } from '../../store/pauses.ts';
import { latestRevision, type ProjectSettings } from '../../store/registry.ts';
import { latestRun, openRuns, type Run } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import type { StoreTrouble } from '../../store/trouble.ts';
import { type Version, versionsOf } from '../../store/versions.ts';
import { gapBetween } from '../beat/gap-cause.ts';
import { thisMoment } from '../beat/moment.ts';
import { type Asked, instantOf } from './asked.ts';
import { currentVersion, type Evidence, type SpooledLaunch } from './evidence.ts';
import { obstaclesOf } from './obstacles.ts';
import { type Reason, reason } from './reason.ts';

const hourMs = 3_600_000;
/** A slot that came so long before is not looked for. */
const longestBack = 2 * 366 * 24 * hourMs;
/** Cron has been silent when the first tick after a sync is later than this. */
const firstTick = 150_000;

type Clock = StoredWorld['clock'];

/** The zone on whose clock a job is asked about: that of its latest version, else the host's. */
export function zoneOfJob(versions: readonly Version[]): Zone {
  const job = versions.at(-1)?.job;
  return job === undefined ? hostZone() : zoneOf(job);
}

/** All that is known of a job and what is asked about it. Looking changes nothing. */
export async function collect(store: Store, clock: Clock, job: JobId, asked: Asked): Promise<Evidence> {
  const now = clock.now();
  const host = hostZone();
  const versions = versionsOf(store, job);
  const zone = zoneOfJob(versions);
  const stretches = stretchesOf(asked, versions, { zone, now });
  const from = Math.min(...stretches.map((one) => one.from));
  const until = Math.max(now, ...stretches.map((one) => one.until));
  const silence = silenceOf(store, clock, versions);
  const current = currentVersion({ versions });
  const settings = (current && latestRevision(store, current.job.project)?.settings) ?? current?.settings;
  const latest = versions.at(-1)?.job;
  return {
    job,
    now,
    zone,
    host,
    versions,
    runs: unique([
      ...stretches.flatMap((one) => runsAround(store, job, one.from, one.until)),
      ...openRuns(store, job),
      ...[(asked.kind === 'now' && latestRun(store, job)) || []].flat(),
    ]),
    owed: owedSlots(store, job),
    gaps: [...gapsBetween(store, from, until), ...(silence === undefined ? [] : [silence])],
    silentSince: silence?.from,
    lastTick: lastBeat(store, 'tick'),
    pauses: latest === undefined ? [] : pausesBetween(store, latest, from, until),
    spooled: spooledLaunches(store.directory, job),
    obstacles: current && settings ? await obstaclesOf({ version: current, settings, host, now }) : [],
    trouble: undefined,
  };
}

/** What is known where the database cannot be used: the plain copy of what is installed, and the spool. */
export async function collectWithoutDatabase(
  state: string,
  clock: Clock,
  job: JobId,
  trouble: StoreTrouble,
): Promise<Evidence> {
  const now = clock.now();
  const host = hostZone();
  const copied = copiedJob(state, job);
  const version = copied && asVersion(copied.installed.job, copied.installed.revision, copied.settings);
  const versions = version === undefined ? [] : [version];
  return {
    job,
    now,
    zone: zoneOfJob(versions),
    host,
    versions,
    runs: [],
    owed: [],
    gaps: [],
    silentSince: undefined,
    lastTick: undefined,
    pauses: [],
    spooled: spooledLaunches(state, job),
    obstacles: version ? await obstaclesOf({ version, settings: version.settings, host, now }) : [],
    trouble: troubleReason(trouble),
  };
}

/** Since when it is installed, the copy does not tell. */
function asVersion(job: Job, revision: number, settings: ProjectSettings): Version {
  return { job, settings, since: { revision, at: 0, by: '' }, until: undefined, lines: undefined };
}

function troubleReason({ message, hint }: StoreTrouble): Reason {
  return reason('database-unusable', 'What became of it is not known here, because the database cannot be used.', {
    evidence: [message, 'jobs go on without it, and their records wait in the spool'],
    remedy: hint ?? 'restore it from a backup',
  });
}

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** The times that the answer may be about; a job's jitter moves what a minute is about. */
function stretchesOf(
  asked: Asked,
  versions: readonly Version[],
  { zone, now }: { zone: Zone; now: number },
): readonly Stretch[] {
  if (asked.kind === 'day') return [around(asked.from, asked.until)];
  const at = instantOf(asked, zone, now);
  if (asked.kind === 'now') {
    const current = currentVersion({ versions });
    const last = current && calendarOf(current.job).latest(now, now - longestBack);
    return [around(now, now), ...(last === undefined ? [] : [around(last, last)])];
  }
  const offsets = [0, ...versions.map(({ job }) => offsetOf(job))];
  return [at, ...asked.instants].flatMap((one) =>
    [...new Set(offsets)].map((offset) => around(one + offset, one + offset)),
  );
}

function around(from: number, until: number): Stretch {
  return { from: from - hourMs, until: until + hourMs };
}

function unique(runs: readonly Run[]): readonly Run[] {
  return [...new Map(runs.map((run) => [run.run, run])).values()].sort((a, b) => a.startedAt - b.startedAt);
}

/** The time without a tick that goes on, or that the next one will find to have ended. */
function silenceOf(store: Store, clock: Clock, versions: readonly Version[]): Gap | undefined {
  const last = lastMoment(store);
  const now = thisMoment(clock);
  if (last !== undefined) return gapBetween(last, now);
  const since = currentVersion({ versions })?.since.at;
  return since !== undefined && now.at - since > firstTick
    ? { from: since, until: now.at, cause: 'cron-silent' }
    : undefined;
}

function spooledLaunches(state: string, job: JobId): readonly SpooledLaunch[] {
  const all = spooled(state, Number.POSITIVE_INFINITY).filter((one) => one.job === job);
  return all.map((lying) => {
    const run = lastRecord(lying)?.run;
    const known = run && { run: run.run, state: run.state, startedAt: run.startedAt };
    return { slot: lying.slot ?? undefined, run: known };
  });
}
