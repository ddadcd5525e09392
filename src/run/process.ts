// No execa here: it would add 25 ms to every start, and cron starts this for every job every minute.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Command } from '../job/job.ts';
import { notStarted } from './not-started.ts';
import type { Exited, NotStarted, Signalled } from './outcome.ts';
import { closeWriteEnds, makePipes, type Pipes } from './pipe.ts';
import { type Stream, streams } from './stream.ts';

/** Takes output as it comes. The bytes are lent: after the call the same memory holds the next ones. */
export type OutputSink = (stream: Stream, bytes: Uint8Array) => void;

/** What a process is started from. */
export interface ProcessPlan {
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

/** A task's direct child, the leader of a session and a process group of its own. */
export interface TaskProcess {
  /** Also the id of its process group. */
  readonly pid: number;
  /** Resolves when the direct child has ended; never rejects. Other processes may still hold its pipes. */
  readonly ended: Promise<Exited | Signalled>;
  /** Resolves when nobody holds the writing ends of its pipes and everything in them was read; never rejects. */
  readonly drained: Promise<void>;
  /** Closes our ends of its pipes and waits for nothing more. */
  release(): void;
}

/**
 * The one place that starts a task: with a session of its own, an empty standard input, pipes for its output, and
 * exactly the environment given. Node opens everything close-on-exec, so the task gets no descriptor of ours.
 *
 * Node reports a death by a real-time signal (34 and above) as an exit with status 0, and offers no way to tell.
 */
export async function startProcess(plan: ProcessPlan, sink: OutputSink): Promise<TaskProcess | NotStarted> {
  const pipes = makePipes();
  // Before the start, so that nothing can fail any more once there is a process.
  const readers = pipes && streams.map((stream) => readPipe(pipes[stream].read, (bytes) => sink(stream, bytes)));
  try {
    const child = await spawnTask(plan, pipes);
    return watch(child, readers ?? streams.map((stream) => readSocket(child[stream], (bytes) => sink(stream, bytes))));
  } catch (error) {
    for (const reader of readers ?? []) reader.destroy();
    const [file] = programOf(plan.command);
    return notStarted(error, { file, cwd: plan.cwd, env: plan.env });
  } finally {
    closeWriteEnds(pipes);
  }
}

type Child = ChildProcess & { readonly pid: number };

/** @throws the system's error where there is no process. Some of them Node throws, others it emits. */
async function spawnTask({ command, cwd, env }: ProcessPlan, pipes: Pipes | undefined): Promise<Child> {
  const [file, args] = programOf(command);
  const stdio = ['ignore', pipes?.stdout.write ?? 'pipe', pipes?.stderr.write ?? 'pipe'] as const;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: [...stdio] });
  if (child.pid === undefined) throw (await once(child, 'error'))[0];
  return child as Child;
}

function programOf(command: Command): readonly [string, readonly string[]] {
  if (command.kind === 'shell') return ['/bin/sh', ['-c', command.line]];
  const [file, ...args] = command.argv;
  return [file, args];
}

function watch(child: Child, readers: readonly Readable[]): TaskProcess {
  return {
    pid: child.pid,
    ended: new Promise((resolve) => {
      child.once('exit', (status, signal) =>
        resolve(signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'signalled', signal }),
      );
    }),
    drained: Promise.all(readers.map(closed)).then(() => undefined),
    release() {
      for (const reader of readers) reader.destroy();
      child.unref();
    },
  };
}

function closed(reader: Readable): Promise<void> {
  return new Promise((resolve) => {
    // A pipe that cannot be read any more is closed as well, and the task goes on without it.
    reader.on('error', () => undefined);
    reader.once('close', resolve);
  });
}

const readSize = 64 * 1024;

/** Reads a pipe of ours, always into the same memory. */
function readPipe(fd: number, take: (bytes: Uint8Array) => void): Readable {
  const buffer = Buffer.allocUnsafeSlow(readSize);
  const callback = (length: number) => {
    take(buffer.subarray(0, length));
    return true;
  };
  return new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
}

/** Reads the socket pair that Node makes where we could make no pipes. */
function readSocket(socket: Readable | null, take: (bytes: Uint8Array) => void): Readable {
  if (socket === null) throw new Error('the task has neither a pipe nor a socket');
  return socket.on('data', take);
}
