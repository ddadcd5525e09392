import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { type Channel, channels, openPipes, type Pipes } from './channel.ts';
import { takeHandedPipes } from './handed-pipes.ts';
import { inPrivateDirectory, type PathOf } from './private-directory.ts';

/**
 * Pipes of the kernel, those that the launcher handed over or new ones; undefined where none can be made.
 *
 * Node offers only socket pairs, and a socket cannot be opened by name: a task that writes to /dev/stderr would fail
 * with ENXIO here though it works under cron. Nor can Node read its own pairs into one buffer, which is what keeps a
 * gigabyte of output from costing 80 MiB of memory. A named pipe that loses its name at once is a plain pipe.
 */
export function makePipes(handed: string | undefined): Pipes | undefined {
  return takeHandedPipes(handed) ?? inPrivateDirectory(channels, makePipesAt);
}

function makePipesAt(path: PathOf<Channel>): Pipes {
  makeNamedPipes(channels.map(path));
  return openPipes((channel, note) => {
    // The reading end goes first and does not block; with a reader there, the writing end opens at once.
    const read = note(openSync(path(channel), constants.O_RDONLY | constants.O_NONBLOCK));
    const write = note(openSync(path(channel), constants.O_WRONLY));
    return { read, write };
  });
}

/** Mode 0666, because a task that runs as another user opens /dev/stderr with that user's rights. The directory is 0700. */
function makeNamedPipes(paths: readonly string[]): void {
  const made = spawnSync('mkfifo', ['-m', '0666', ...paths], { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } });
  if (made.status !== 0) throw made.error ?? new Error(`mkfifo exited with status ${made.status}`);
}
