import type { StoredWorld } from '../launch/world.ts';
import { forgetRuns } from '../store/prune.ts';

/** Runs are remembered for ninety days, and the latest of each job for ever. */
export const remembered = 90 * 86_400_000;
/** A tick forgets no more, which a job of every minute takes hours to fill up again. */
const mostAtOnce = 500;

/** Keeps the store from growing without end. */
export function forgetOldRuns({ store, clock }: StoredWorld): void {
  forgetRuns(store, clock.now() - remembered, mostAtOnce);
}
