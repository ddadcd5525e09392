import { spawn } from 'node:child_process';
import type { StoredWorld } from '../launch/world.ts';

/**
 * Starts a wrapper and does not wait for it.
 * @param complaint what it means that it cannot be started, to be followed by the reason.
 */
export function startWrapper(world: StoredWorld, words: readonly string[], complaint: string): void {
  const { launcher, state, complain } = world;
  const child = spawn(launcher, ['--state', state, ...words], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.once('error', (error) => complain(`cronwright: ${complaint}: ${error.message}\n`));
  child.unref();
}
