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
    else {
      // Loaded by need: most ticks start nothing.
      const { startWrapper } = await import('./start-wrapper.ts');
      startWrapper(world, ['run', '--retry', run], `run ${run} could not be tried again`);
    }
  }
}
