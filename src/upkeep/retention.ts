import type { StoredWorld } from '../launch/world.ts';
import { forgetGaps, gapsBetween } from '../store/gaps.ts';
import { forgetTold } from '../store/marks.ts';
import { forgetVersions } from '../store/old-versions.ts';
import { forgetPauses } from '../store/pauses.ts';
import { forgetRuns } from '../store/prune.ts';
import type { Store } from '../store/store.ts';

/** Runs are remembered for ninety days, and the latest of each job for ever. */
export const remembered = 90 * 86_400_000;
/** A tick forgets no more, which a job of every minute takes hours to fill up again. */
const mostAtOnce = 500;

const minute = 60_000;
const day = 86_400_000;
/** Revisions are looked through once an hour, in this minute: most jobs start in others. */
const minuteForRevisions = 17;

/** Keeps the store from growing without end. */
export function forgetOldRuns({ store, clock }: StoredWorld): void {
  const now = clock.now();
  if (isPerhapsWrong(store, now)) return;
  const before = now - remembered;
  forgetRuns(store, before, mostAtOnce);
  forgetTold(store, before);
  forgetGaps(store, before);
  forgetPauses(store, before);
  if (Math.floor(now / minute) % 60 === minuteForRevisions) forgetVersions(store, before);
}

/** Whether the clock was lately set forward by more than a day: perhaps by mistake, and what is forgotten does not come back. */
function isPerhapsWrong(store: Store, now: number): boolean {
  return gapsBetween(store, now - day, now).some(({ cause, from, until }) => {
    return cause === 'clock-forward' && until - from > day;
  });
}
