// No execa here: it would add 25 ms to every start, and cron starts this for every job every minute.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Account } from '../job/account.ts';
import type { Command, Stdin } from '../job/job.ts';
import { argvOf } from './argv.ts';
import { type Becoming, becoming, type ShimReport } from './become.ts';
import { type Channel, channels, closeWriteEnds, type Pipes } from './channel.ts';
import { closeInherited } from './descriptors.ts';
import { closeInput, type Input, inputOf } from './input.ts';
import { notStarted } from './not-started.ts';
import type { NotStarted, ProcessEnd } from './outcome.ts';
import { makePipes } from './pipe.ts';
import { withAttributes } from './process-attributes.ts';
import { readPipe, readSocket, type Take, whenClosed } from './reader.ts';
import { type Stream, streams } from './stream.ts';

/** Takes what a task writes, as it comes. The bytes are lent: after the call the same memory holds the next ones. */
export interface Sinks {
  output(stream: Stream, bytes: Uint8Array): void;
  /** What came through CRONWRIGHT_EVENTS. */
  events(bytes: Uint8Array): void;
}

/** What a process is started from. */
export interface ProcessPlan {
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  /** The whole environment; nothing is inherited, and only CRONWRIGHT_EVENTS is added to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The account to become, which takes the rights of root; undefined for that of the wrapper. */
  readonly identity: Account | undefined;
  /** The file mode creation mask; null for the inherited one. */
  readonly umask: number | null;
  /** Added to the niceness that the wrapper was started with; 0 changes nothing. */
  readonly nice: number;
  readonly stdin: Stdin;
  /** CRONWRIGHT_PIPES of the wrapper's own environment, see handed-pipes.ts; without it every start makes its pipes. */
  readonly handed?: string | undefined;
  readonly clock: Clock;
  /** Once it is aborted, a start for which there were no resources is not tried again. */
  readonly cancel: AbortSignal;
}

/** A task's direct child, the leader of a session and a process group of its own. */
export interface TaskProcess {
  /** Also the id of its process group. */
  readonly pid: number;
  /**
   * Resolves when the direct child has ended; never rejects. Other processes may still hold its pipes. The child of a
   * plan with an identity may have ended before it became the task: then there was no start.
   */
  readonly ended: Promise<ProcessEnd | NotStarted>;
  /** Resolves when nobody holds the writing ends of its two streams and everything in them was read; never rejects. */
  readonly drained: Promise<void>;
  /** Closes our ends of its pipes and waits for nothing more. */
  release(): void;
}

/** Milliseconds between two tries of a start for which the system had no resources, which may be over in a moment. */
const pauses = [50, 200, 500, 1_000, 2_000] as const;

/**
 * The one place that starts a task: with a session of its own, the standard input of the plan, pipes for its output and
 * its events, exactly the environment given and no other descriptor.
 *
 * Node reports a death by a real-time signal (34 and above) as an exit with status 0, and offers no way to tell.
 */
export async function startProcess(plan: ProcessPlan, sinks: Sinks): Promise<TaskProcess | NotStarted> {
  closeInherited();
  for (const pause of pauses) {
    const started = await tryToStart(plan, sinks);
    if ('pid' in started || started.cause !== 'no-resources') return started;
    await plan.clock.sleep(pause, plan.cancel).catch(() => undefined);
    if (plan.cancel.aborted) return started;
  }
  return await tryToStart(plan, sinks);
}

async function tryToStart(plan: ProcessPlan, sinks: Sinks): Promise<TaskProcess | NotStarted> {
  const taken: Taken = {};
  let readers: readonly Readable[] = [];
  try {
    const start = startOf(plan);
    const take = takers(sinks, start.report);
    taken.input = inputOf(plan);
    const pipes = makePipes(plan.handed);
    taken.pipes = pipes;
    // Before the start, so that nothing can fail any more once there is a process.
    if (pipes) readers = channels.map((channel) => readPipe(pipes[channel].read, take[channel]));
    const child = await spawnTask(plan, start, taken);
    if (!pipes) readers = channels.map((channel, index) => readSocket(child.stdio[index + 1], take[channel]));
    return watch(child, readers, (end) => start.report?.judge(end, plan) ?? end);
  } catch (error) {
    for (const reader of readers) reader.destroy();
    const [file] = argvOf(plan.command);
    return notStarted(error, { file, cwd: plan.cwd, env: plan.env });
  } finally {
    closeWriteEnds(taken.pipes);
    closeInput(taken.input);
  }
}

/** What a start has taken from the system. */
interface Taken {
  input?: Input;
  pipes?: Pipes | undefined;
}

/** A program to start; `report` where it has to become another account before it is the task. */
type Start = Omit<Becoming, 'report'> & { readonly report?: ShimReport };

function startOf(plan: ProcessPlan): Start {
  if (plan.identity !== undefined) return becoming(plan.identity, plan);
  const [file, ...args] = argvOf(plan.command);
  return { file, args, cwd: plan.cwd };
}

function takers(sinks: Sinks, report: ShimReport | undefined): Readonly<Record<Channel, Take>> {
  const events: Take = (bytes) => sinks.events(bytes);
  return {
    stdout: (bytes) => sinks.output('stdout', bytes),
    stderr: (bytes) => sinks.output('stderr', bytes),
    events: report === undefined ? events : (bytes) => report.take(bytes, events),
  };
}

type Child = ChildProcess & { readonly pid: number };

/** @throws the system's error where there is no process. Some of them Node throws, others it emits. */
async function spawnTask(plan: ProcessPlan, { file, args, cwd }: Start, { input, pipes }: Taken): Promise<Child> {
  const stdio = [input?.stdio ?? 'ignore', ...channels.map((channel) => pipes?.[channel].write ?? 'pipe')] as const;
  // A socket cannot be opened by name, so nobody is told of it.
  const env = pipes === undefined ? plan.env : { ...plan.env, CRONWRIGHT_EVENTS: '/dev/fd/3' };
  const child = withAttributes(plan, () => spawn(file, args, { cwd, env, detached: true, stdio: [...stdio] }));
  if (child.pid === undefined) throw (await once(child, 'error'))[0];
  // A task need not read what it is given.
  child.stdin?.on('error', () => undefined).end(input?.text);
  return child as Child;
}

function watch(
  child: Child,
  readers: readonly Readable[],
  judge: (end: ProcessEnd) => ProcessEnd | NotStarted,
): TaskProcess {
  const closed = readers.map(whenClosed);
  return {
    pid: child.pid,
    // libuv looks at signals last, so all that the child wrote was read when its end is told.
    ended: new Promise((resolve) => {
      child.once('exit', (status, signal) =>
        resolve(judge(signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'signalled', signal })),
      );
    }),
    drained: Promise.all(closed.slice(0, streams.length)).then(() => undefined),
    release() {
      for (const reader of readers) reader.destroy();
      child.stdin?.destroy();
      child.unref();
    },
  };
}
