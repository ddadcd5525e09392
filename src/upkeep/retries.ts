import type { StoredWorld } from '../launch/world.ts';
import { installedJob } from '../store/registry.ts';
import { dueRetries, takeRetry } from '../store/retries.ts';

/** One tick starts no more; the next goes on. */
const mostAtOnce = 20;

/**
 * Starts the attempts that interrupted runs still owe, each in a wrapper of its own: a tick does not wait for tasks. Who
 * of several takes it is decided by the wrapper's permit.
 */
export async function startDueRetries(world: StoredWorld): Promise<void> {
  const { store, clock } = world;
  for (const { run, job } of dueRetries(store, clock.now()).slice(0, mostAtOnce)) {
    if (installedJob(store, job) === undefined) takeRetry(store, run);
    // Loaded by need: most ticks start nothing.
    else (await import('./start-wrapper.ts')).startRetry(world, run);
  }
}
