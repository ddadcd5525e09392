import { lastBeat } from '../../store/beats.ts';
import type { Store } from '../../store/store.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

const minute = 60_000;

/** Minutes. A tick waits for the full minute, and a busy machine starts it late. */
const latestTick = 3;

/**
 * Whether something starts the tick each minute, which shows that cron works from end to end.
 * @param since when the tick was installed, UTC milliseconds.
 */
export function recentTick(store: Store, now: number, since: number): HealthFinding {
  const last = lastBeat(store, 'tick');
  const minutes = Math.floor((now - (last ?? since)) / minute);
  if (minutes < latestTick) {
    if (last !== undefined) return fine('tick', `cron started the tick within the last ${latestTick} minutes`);
    return doubtful('tick', 'no tick has come yet; the first is due within a minute of sync', 'look again in a minute');
  }
  const remedy = 'see whether cron runs, and what it writes to the system log';
  if (last === undefined) return bad('tick', `no tick has come since sync, ${minutes} minutes ago`, remedy);
  return bad('tick', `the last tick was ${minutes} minutes ago, so cron did not start it since`, remedy);
}
