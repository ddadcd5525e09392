import type { Clock } from '../clock.ts';

/** Milliseconds by which the time that a file gets may lie behind the clock: Linux stamps files with the last tick's. */
const stampLag = 20;

/**
 * Waits for the next second where one of the times is in this one. Crons compare times of change in whole seconds, so that a
 * second change within a second of one that was read is never seen.
 * @param times UTC milliseconds.
 * @returns whether it waited, and things may be different now.
 */
export async function awaitNextSecond(times: readonly (number | undefined)[], clock: Clock): Promise<boolean> {
  const now = clock.now();
  if (!times.some((time) => time !== undefined && secondOf(time) === secondOf(now))) return false;
  await clock.sleep((secondOf(now) + 1) * 1_000 - now + stampLag);
  return true;
}

function secondOf(time: number): number {
  return Math.floor(time / 1_000);
}
