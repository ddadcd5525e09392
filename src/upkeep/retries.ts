import type { StoredWorld } from '../launch/world.ts';
import { installedJob } from '../store/registry.ts';
import { dueRetries, takeRetry } from '../store/retries.ts';

/** One tick starts no more; the next goes on. */
const mostAtOnce = 20;

/**
 * Starts the attempts that interrupted runs still owe, each in a wrapper of its own: a tick does not wait for tasks. Who
 * of several takes it is decided by the wrapper's permit.
 */
export async function startDueRetries({ store, clock, launcher, state, complain }: StoredWorld): Promise<void> {
  const due = dueRetries(store, clock.now()).slice(0, mostAtOnce);
  if (due.length === 0) return;
  // Loaded by need: most ticks start nothing.
  const { spawn } = await import('node:child_process');
  for (const { run, job } of due) {
    if (installedJob(store, job) === undefined) takeRetry(store, run);
    else {
      const child = spawn(launcher, ['--state', state, 'run', '--retry', run], {
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      child.once('error', (error) => complain(`cronwright: run ${run} could not be tried again: ${error.message}\n`));
      child.unref();
    }
  }
}
