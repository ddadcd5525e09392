import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stream, streams } from './stream.ts';

/** The two ends of one pipe, as descriptors that no other process has yet. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** One pipe for each stream of a task. */
export type Pipes = Readonly<Record<Stream, Pipe>>;

/** In memory where there is such a place: a full disk must not change how a task runs. */
const places = ['/dev/shm', tmpdir()];

/**
 * Two pipes of the kernel; undefined where none can be made.
 *
 * Node offers only socket pairs, and a socket cannot be opened by name: a task that writes to /dev/stderr would fail
 * with ENXIO here though it works under cron. Nor can Node read its own pairs into one buffer, which is what keeps a
 * gigabyte of output from costing 80 MiB of memory. A named pipe that loses its name at once is a plain pipe.
 */
export function makePipes(): Pipes | undefined {
  for (const place of places) {
    const pipes = makePipesIn(place);
    if (pipes !== undefined) return pipes;
  }
  return undefined;
}

function makePipesIn(place: string): Pipes | undefined {
  let directory: string | undefined;
  const opened: number[] = [];
  try {
    directory = mkdtempSync(join(place, 'cronwright-'));
    const stdout = join(directory, 'stdout');
    const stderr = join(directory, 'stderr');
    makeNamedPipes([stdout, stderr]);
    return { stdout: openPipe(stdout, opened), stderr: openPipe(stderr, opened) };
  } catch {
    for (const descriptor of opened) closeSync(descriptor);
    return undefined;
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** Closes the ends that the task writes to: it has its own of them, and only then does its end close the pipe. */
export function closeWriteEnds(pipes: Pipes | undefined): void {
  if (pipes === undefined) return;
  for (const stream of streams) closeSync(pipes[stream].write);
}

/** Mode 0666, because a task that runs as another user opens /dev/stderr with that user's rights. The directory is 0700. */
function makeNamedPipes(paths: readonly string[]): void {
  const made = spawnSync('mkfifo', ['-m', '0666', ...paths], { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } });
  if (made.status !== 0) throw made.error ?? new Error(`mkfifo exited with status ${made.status}`);
}

/** The reading end goes first and does not block; with a reader there, the writing end opens at once. */
function openPipe(path: string, opened: number[]): Pipe {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  opened.push(read);
  const write = openSync(path, constants.O_WRONLY);
  opened.push(write);
  return { read, write };
}
