import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { type TaskEvent, TaskEvents } from '../../src/run/task-events.ts';
import { root } from './page.ts';

export const examples = join(root, 'docs/examples');

export function exampleText(name: string): string {
  return readFileSync(join(examples, name), 'utf8');
}

/** What a task reported, a line each. */
export interface Report {
  readonly level?: string;
  readonly message?: string;
  readonly progress?: number;
  readonly result?: unknown;
}

/** A task that has ended. */
export interface EndedTask {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly reports: readonly Report[];
  /** What cronwright would say of lines that it did not understand. */
  readonly complaints: readonly TaskEvent[];
}

/** A task that runs. */
export interface RunningTask {
  readonly process: ChildProcess;
  /** Resolves when it has reported something. */
  readonly reported: Promise<unknown>;
  /** Closes our end of the events, as the death of a wrapper does. */
  leave(): void;
  readonly ended: Promise<EndedTask>;
}

export interface TaskOptions {
  /** The directory of the examples if not given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Who is at the other end of the events: a reader, or one that has gone already. Without cronwright the variable is not
   * set, and descriptor 3 is closed, or foreign: something that is none of the task's business.
   */
  readonly events?: 'read' | 'gone' | 'closed' | 'foreign';
}

/** The ways in which nobody reads what a task reports, which must not hurt it. */
export const withoutReader = [
  ['closed', 'without cronwright'],
  ['foreign', 'without cronwright, where descriptor 3 is something else'],
  ['gone', 'when cronwright was killed'],
] as const;

/** Starts a task as cronwright does: with cron's environment, a session of its own, and a pipe as descriptor 3. */
export function startTask(t: TestContext, [file, ...args]: readonly string[], options: TaskOptions = {}): RunningTask {
  const { cwd = examples, env = {}, events = 'read' } = options;
  const pipe = newPipe();
  const told = events === 'read' || events === 'gone' ? { CRONWRIGHT_EVENTS: '/dev/fd/3' } : {};
  if (events === 'gone') pipe.reader.destroy();
  const child = spawn(file ?? '', args, {
    cwd,
    env: { PATH: '/usr/bin:/bin', HOME: tmpdir(), SHELL: '/bin/sh', ...told, ...env },
    stdio: ['ignore', 'pipe', 'pipe', events === 'closed' ? 'ignore' : pipe.write],
    detached: true,
  });
  closeSync(pipe.write);
  t.after(() => endGroup(child));
  const reported = once(pipe.reader, 'data');
  // Whoever does not wait for a report does not mind that none came.
  reported.catch(() => undefined);
  return { process: child, reported, leave: () => pipe.reader.destroy(), ended: endOf(child, pipe) };
}

/** Runs a task to its end. */
export function runTask(t: TestContext, words: readonly string[], options?: TaskOptions): Promise<EndedTask> {
  return startTask(t, words, options).ended;
}

interface Pipe {
  readonly reader: Socket;
  readonly write: number;
  readonly chunks: readonly Buffer[];
}

/** A pipe of the kernel, because the socket pair that Node offers cannot be opened as /dev/fd/3. */
function newPipe(): Pipe {
  const directory = mkdtempSync(join(tmpdir(), 'cronwright-docs-'));
  const path = join(directory, 'events');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const reader = new Socket({ fd, readable: true, writable: false });
  const write = openSync(path, constants.O_WRONLY);
  rmSync(directory, { recursive: true });
  const chunks: Buffer[] = [];
  reader.on('data', (chunk) => chunks.push(chunk));
  return { reader, write, chunks };
}

async function endOf(child: ChildProcess, { reader, chunks }: Pipe): Promise<EndedTask> {
  if (child.stdout === null || child.stderr === null) throw new Error('the task has no pipes');
  const closed = reader.destroyed ? undefined : once(reader, 'close');
  const [out, err, [status]] = await Promise.all([buffer(child.stdout), buffer(child.stderr), once(child, 'close')]);
  await closed;
  const told = Buffer.concat(chunks);
  return { status, out: out.toString(), err: err.toString(), reports: reportsIn(told), complaints: complaintsOf(told) };
}

function reportsIn(told: Buffer): readonly Report[] {
  const lines = told.toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

function complaintsOf(told: Buffer): readonly TaskEvent[] {
  const events = new TaskEvents();
  events.push(told);
  events.endAttempt();
  return events.end();
}

/** What a failed test may have left. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
