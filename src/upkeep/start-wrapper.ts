import { spawn } from 'node:child_process';
import type { StoredWorld } from '../launch/world.ts';

/** Starts a wrapper that makes the attempt which a run still owes, and does not wait for it. */
export function startRetry({ launcher, state, complain }: StoredWorld, run: string): void {
  const words = ['--state', state, 'run', '--retry', run];
  const child = spawn(launcher, words, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  child.once('error', (error) => complain(`cronwright: run ${run} could not be tried again: ${error.message}\n`));
  child.unref();
}
