import { existsSync } from 'node:fs';
import { runProgram } from '../../crontab/program.ts';
import { durationWords } from '../../job/duration.ts';
import { lastBeat } from '../../store/beats.ts';
import { latestRevisions } from '../../store/registry.ts';
import { history } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

/** This program is younger, and nobody runs it for so long. */
const earliest = Date.UTC(2025, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** Milliseconds: less is what a clock is put right by in passing. */
const tolerance = 120_000;

const remedy = 'put the clock right: see date, timedatectl, and whether ntpd, chronyd or systemd-timesyncd runs';

/**
 * Whether the clock shows a time that can be.
 * @param newest the latest time that was noted, UTC milliseconds; undefined for none.
 */
export function saneClock(now: number, newest: number | undefined): HealthFinding {
  const shown = new Date(now).toISOString().replace(/\.\d+/, '');
  if (now < earliest || now >= latest) return bad('clock', `the clock says ${shown}, which cannot be`, remedy);
  const ahead = newest === undefined ? 0 : newest - now;
  if (ahead <= tolerance) return fine('clock', `the clock says ${shown}, and nothing was noted at a later time`);
  const message = `the clock was set back: the newest record is ${durationWords(ahead)} ahead of it, and what was due in that time is not started again`;
  return bad('clock', message, remedy);
}

/** The latest time at which a tick, a run or a sync was noted, UTC milliseconds. */
export function newestRecord(store: Store): number | undefined {
  const times = [
    lastBeat(store, 'tick'),
    history(store, { limit: 1 })[0]?.startedAt,
    ...latestRevisions(store).map(({ createdAt }) => createdAt),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** How systemd is asked, and how it is known that it runs (sd_booted(3)). */
export interface TimeService {
  readonly program: string;
  readonly booted: string;
}

const systemd: TimeService = { program: 'timedatectl', booted: '/run/systemd/system' };

/** Whether the clock is kept by others; undefined where nothing tells. */
export async function keptClock({ program, booted }: TimeService = systemd): Promise<HealthFinding | undefined> {
  if (!existsSync(booted)) return undefined;
  const words = [program, 'show', '--property=NTPSynchronized', '--value'] as const;
  const result = await runProgram(words, { timeout: 5_000, env: { LC_ALL: 'C' } });
  const answer = result.kind === 'exited' && result.status === 0 ? result.stdout.toString('latin1').trim() : '';
  if (answer === 'yes') return fine('clock', 'the clock is synchronised with a time server');
  if (answer !== 'no') return undefined;
  const message = 'the clock is not synchronised with a time server, so it drifts, and jobs start when it says so';
  return doubtful('clock', message, 'timedatectl set-ntp true');
}
