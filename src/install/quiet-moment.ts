import type { Clock } from '../clock.ts';

const minute = 60_000;
/** Milliseconds within a minute: crons read their tables at its beginning, and two writes have to be done before the next. */
const earliest = 3_000;
const latest = 50_000;

/** Waits until two tables can be written one after the other without any cron reading between the two. */
export async function quietMoment(clock: Clock): Promise<void> {
  const second = clock.now() % minute;
  if (second >= earliest && second <= latest) return;
  await clock.sleep(second < earliest ? earliest - second : minute - second + earliest);
}
