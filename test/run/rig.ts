import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../src/clock.ts';
import { endTree } from '../../src/run/kill.ts';
import type { Observer } from '../../src/run/observer.ts';
import type { Outcome } from '../../src/run/outcome.ts';
import { type Stream, streams } from '../../src/run/stream.ts';
import { runTask, type Task } from '../../src/run/task.ts';
import type { TaskEvent } from '../../src/run/task-events.ts';

/** The path of one of the tiny programs that tests run. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tasks/${name}`, import.meta.url));
}

/** The reason to skip a test whose program this machine lacks; in CI the test runs, and fails. */
export function lacking(program: string): string | false {
  const there = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((place) => isExecutable(`${place}/${program}`));
  return there || process.env.CI !== undefined ? false : `${program} is not installed`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Far more milliseconds than the slowest machine needs; only a test that fails waits so long. */
const deadline = 20_000;

/** Looks until `condition` holds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + deadline;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Whether a process lives; a zombie does not, where /proc tells. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync('/proc/self/stat') || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}

/** The system's clock, which a test can push forward: who sleeps until then wakes at once. */
export class PushedClock implements Clock {
  #ahead = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper = { until: this.now() + ms, wake: () => finish(resolve) };
      const timer = setTimeout(sleeper.wake, ms);
      const abort = () => finish(() => reject(signal?.reason));
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      signal?.addEventListener('abort', abort);
      this.#sleepers.add(sleeper);
    });
  }

  push(ms: number): void {
    this.#ahead += ms;
    for (const sleeper of this.#sleepers) if (sleeper.until <= this.now()) sleeper.wake();
  }
}

/** A task with nothing but its defaults, tried once. */
const plain = {
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  identity: undefined,
  umask: null,
  nice: 0,
  stdin: { kind: 'empty' },
  timeout: 0,
  grace: 60_000,
  retry: { attempts: 1, delay: 0, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' },
  verdict: { success: [0], stderr: false, pattern: undefined },
  output: { keep: 128 * 1024, file: '', rotate: { size: 10 * 1024 * 1024, keep: 5 } },
  firstAttempt: 1,
} as const satisfies Partial<Task>;

/** A task that runs the named fixture with these arguments. */
export function task(name: string, args: readonly (string | number)[] = [], changes: Partial<Task> = {}): Task {
  const command = { kind: 'program', argv: [fixture(name), ...args.map(String)] } as const;
  return { ...plain, run: randomUUID(), command, ...changes };
}

/** Hears of nothing. */
export const silent: Observer = {
  attemptStarted: () => undefined,
  output: () => undefined,
  reported: () => undefined,
  attemptEnded: () => undefined,
  waiting: () => undefined,
};

type AttemptEnded = Parameters<Observer['attemptEnded']>[0];

/** A task in progress, and all that its observer was told. */
export class Running implements Observer {
  readonly clock = new PushedClock();
  readonly started: { readonly number: number; readonly pid: number | undefined }[] = [];
  readonly ended: Omit<AttemptEnded, 'at'>[] = [];
  readonly waits: { readonly until: number; readonly next: number }[] = [];
  readonly reports: { readonly attempt: number; readonly event: TaskEvent }[] = [];
  readonly #output: Record<Stream, Buffer[]> = { stdout: [], stderr: [] };
  readonly #cancel: AbortController;
  readonly outcome: Promise<Outcome>;

  constructor(context: TestContext, task: Task, observer?: Observer, cancel = new AbortController()) {
    this.#cancel = cancel;
    context.after(() => sweep(task.run));
    const { clock } = this;
    this.outcome = runTask(task, { observer: observer ?? this, clock, cancel: cancel.signal, random: () => 0 });
  }

  cancel(signal: NodeJS.Signals): void {
    this.#cancel.abort(signal);
  }

  /** What a stream has brought so far. */
  text(stream: Stream): string {
    return this.bytes(stream).toString();
  }

  bytes(stream: Stream): Buffer {
    return Buffer.concat(this.#output[stream]);
  }

  /** Waits for `word` in the task's output. */
  async says(word: string): Promise<void> {
    await until(`the task says ${word}`, () => streams.some((stream) => this.text(stream).includes(word)));
  }

  /** The process id that the task prints after `word`. */
  async pidAfter(word: string): Promise<number> {
    const pattern = new RegExp(`${word} (\\d+)\\n`);
    await until(`the task says ${word} and a process id`, () => pattern.test(this.text('stdout')));
    return Number(pattern.exec(this.text('stdout'))?.[1]);
  }

  attemptStarted(event: { readonly number: number; readonly pid: number | undefined }): void {
    this.started.push(event);
  }

  output({ stream, bytes }: { readonly stream: Stream; readonly bytes: Uint8Array }): void {
    this.#output[stream].push(Buffer.from(bytes));
  }

  reported({ attempt, event }: { readonly attempt: number; readonly event: TaskEvent }): void {
    this.reports.push({ attempt, event });
  }

  attemptEnded({ number, end, cost, left }: AttemptEnded): void {
    this.ended.push({ number, end, cost, left });
  }

  waiting({ until: at, next }: { readonly until: number; readonly next: number }): void {
    this.waits.push({ until: at, next });
  }
}

/** Ends what a failed test may have left: every process that carries the run. */
export async function sweep(run: string): Promise<void> {
  await endTree({ run, leader: undefined }, 0, systemClock);
}
