import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock.ts';
import type { NotStarted } from '../../src/run/outcome.ts';
import { type ProcessPlan, type Sinks, startProcess } from '../../src/run/process.ts';

/** What every plan of these tests has unless it says otherwise. */
const plain = {
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  identity: undefined,
  umask: null,
  nice: 0,
  stdin: { kind: 'empty' },
  clock: systemClock,
  cancel: new AbortController().signal,
} as const;

export function program(...argv: readonly [string, ...string[]]): ProcessPlan {
  return { ...plain, command: { kind: 'program', argv } };
}

export function shell(line: string): ProcessPlan {
  return { ...plain, command: { kind: 'shell', line } };
}

/** What a task wrote, and its exit status unless a signal ended it. */
export interface Finished {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: string;
  readonly pid: number;
}

/** Starts a task that can be started, and waits for its end. */
export async function finish(plan: ProcessPlan): Promise<Finished> {
  const { heard, sinks } = listen();
  const started = await startProcess(plan, sinks);
  assert.ok('pid' in started, JSON.stringify(started));
  const end = await started.ended;
  assert.ok(end.kind !== 'not-started', JSON.stringify(end));
  await started.drained;
  started.release();
  return { ...heard, status: end.kind === 'exited' ? end.status : undefined, pid: started.pid };
}

/** Starts a task that cannot be started, whether that shows at once or once its process has tried. */
export async function refused(plan: ProcessPlan): Promise<NotStarted> {
  const started = await startProcess(plan, listen().sinks);
  if (!('pid' in started)) return started;
  const end = await started.ended;
  await started.drained;
  started.release();
  assert.ok(end.kind === 'not-started', JSON.stringify(end));
  return end;
}

function listen() {
  const heard = { stdout: '', stderr: '', events: '' };
  const sinks: Sinks = {
    output(stream, bytes) {
      heard[stream] += Buffer.from(bytes).toString();
    },
    events(bytes) {
      heard.events += Buffer.from(bytes).toString();
    },
  };
  return { heard, sinks };
}

/** A task that starter.ts is to start. */
export interface Wish {
  readonly argv: readonly [string, ...string[]];
  /** The account to become. */
  readonly user?: string;
  readonly nice?: number;
  /** How often it is started; 1, if not given. */
  readonly attempts?: number;
  readonly isRefused?: boolean;
  /** Opens all the descriptors there are, and closes them when the start pauses for this many times. */
  readonly fullUntilPause?: number;
}

/** What became of it at last. */
export interface Started {
  readonly finished?: Finished;
  readonly refused?: NotStarted;
  /** The milliseconds of each pause that the start made. */
  readonly pauses: readonly number[];
}

/** How a process is prepared in which a task starts. */
export interface Preparation {
  /** A program and its first arguments, which becomes Node.js in the end. */
  readonly through?: readonly string[];
  /** A descriptor of ours, and the number that it is to have there. */
  readonly inherits?: { readonly descriptor: number; readonly as: number };
}

/** Starts a task in a process of its own. */
export async function startElsewhere(wish: Wish, { through = [], inherits }: Preparation): Promise<Started> {
  const starter = fileURLToPath(new URL('./starter.ts', import.meta.url));
  const [file = '', ...args] = [...through, process.execPath, starter, JSON.stringify(wish)];
  const stdio: ('ignore' | 'pipe' | 'inherit' | number)[] = ['ignore', 'pipe', 'inherit'];
  if (inherits !== undefined) {
    while (stdio.length < inherits.as) stdio.push('ignore');
    stdio.push(inherits.descriptor);
  }
  const child = spawn(file, args, { stdio });
  assert.ok(child.stdout);
  return JSON.parse(await text(child.stdout));
}
