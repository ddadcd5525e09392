import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/**
 * Locks an open file for as long as its descriptor is open; false where somebody else has it, or nothing can be started.
 *
 * Node cannot lock, but the lock of flock(2) belongs to the open file, which flock(1) shares with us: it stays when that
 * program ends, and goes with this process however it dies. Where there is no flock(1), as on macOS, there is no lock:
 * two wrappers that find the same file full in the same instant may then keep an old file more than they should.
 */
export function lock(descriptor: number): boolean {
  const stdio = [descriptor, 'ignore', 'ignore'] as const;
  const done = spawnSync('flock', ['-n', '0'], { stdio: [...stdio], env: { PATH: '/usr/bin:/bin' } });
  return done.status === 0 || errorCode(done.error) === 'ENOENT';
}

/**
 * Gives a full file the name `path.1` and each older one the next number; the last is overwritten once there are `keep`.
 * The newest moves last: as long as `path` is the file that was locked, nobody else moves any.
 * @throws the system's error where one cannot be renamed.
 */
export function shift(path: string, keep: number): void {
  const old = Array.from({ length: keep }, (_, index) => `${path}.${index + 1}`);
  // A gap, which a killed process leaves, takes up what would otherwise push out the oldest.
  const gap = old.findIndex((name) => !existsSync(name));
  const moving = [path, ...old.slice(0, gap === -1 ? keep : gap + 1)];
  for (let last = moving.length - 1; last > 0; last--) renameSync(moving[last - 1] ?? path, moving[last] ?? path);
}
