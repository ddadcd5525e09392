import { usualSettings } from '../../../src/job/completed.ts';
import type { Job } from '../../../src/job/job.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import type { Run } from '../../../src/store/runs.ts';
import type { Version } from '../../../src/store/versions.ts';
import type { Asked } from '../../../src/upkeep/why/asked.ts';
import { readAsked } from '../../../src/upkeep/why/asked.ts';
import type { Evidence } from '../../../src/upkeep/why/evidence.ts';
import { type Answer, judge } from '../../../src/upkeep/why/judge.ts';
import type { ReasonCode } from '../../../src/upkeep/why/reason.ts';
import { jobOf, settingsOf } from '../../store/rig.ts';

export const berlin = namedZone('Europe/Berlin');
export const installedAt = Date.parse('2026-01-01T00:00Z');
/** 13:00 in Berlin, on a Tuesday. */
export const noon = Date.parse('2026-11-24T12:00Z');

/** A job of Berlin, at 02:30 there, as it was installed at the beginning of the year. */
export function version(changes: Partial<Job> = {}, about: Partial<Version> = {}): Version {
  const job = jobOf('night', { ...usualSettings, schedule: ['30 2 * * *'], timezone: 'Europe/Berlin', ...changes });
  const since = { revision: 1, at: installedAt, by: 'ann' };
  return { job, since, until: undefined, lines: undefined, settings: settingsOf(), ...about };
}

/** What is known where nothing is: the job is installed, ticks come, and nothing else. */
export function evidenceOf(changes: Partial<Evidence> = {}): Evidence {
  const versions = changes.versions ?? [version()];
  return {
    job: version().job.id,
    now: noon,
    zone: berlin,
    host: berlin,
    versions,
    runs: [],
    owed: [],
    gaps: [],
    silentSince: undefined,
    lastTick: noon,
    pauses: [],
    spooled: [],
    obstacles: [],
    trouble: undefined,
    ...changes,
  };
}

/** A run that succeeded in a second. */
export function runOf(slot: number | null, changes: Partial<Run> = {}): Run {
  const startedAt = changes.startedAt ?? (slot ?? noon) + 1_000;
  return {
    run: 'first',
    job: version().job.id,
    revision: 1,
    slot,
    trigger: slot === null ? 'manual' : 'schedule',
    state: 'succeeded',
    attempts: 1,
    startedAt,
    endedAt: startedAt + 1_000,
    exitCode: 0,
    signal: null,
    reason: null,
    cpuMs: 1,
    peakMemory: 1,
    stdoutBytes: 0,
    stderrBytes: 0,
    cancelBy: null,
    retryAt: null,
    retryAttempt: null,
    continues: null,
    progress: null,
    firstSlot: null,
    slots: 1,
    ...changes,
  };
}

/** What is answered to a question as a person types it; none for how things stand. */
export function answerTo(evidence: Evidence, text?: string): Answer {
  const asked: Asked = text === undefined ? { kind: 'now' } : readAsked(text, evidence.zone, evidence.now);
  return judge(evidence, asked);
}

export function codesOf({ reasons }: Answer): readonly ReasonCode[] {
  return reasons.map(({ code }) => code);
}
