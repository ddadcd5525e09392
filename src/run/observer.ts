import type { Cost } from './cost.ts';
import type { AttemptEnd } from './outcome.ts';
import type { Stream } from './stream.ts';
import type { TaskEvent } from './task-events.ts';
import type { LeftProcess } from './tree.ts';

/** Who is kept informed while a task runs. Times are milliseconds since 1970; attempts count from 1. */
export interface Observer {
  /** The process id is undefined when the attempt could not be started; its end follows at once. */
  attemptStarted(event: { readonly number: number; readonly at: number; readonly pid: number | undefined }): void;
  /** The bytes are lent: whoever keeps them beyond the call copies them. */
  output(event: {
    readonly attempt: number;
    readonly stream: Stream;
    readonly at: number;
    readonly bytes: Uint8Array;
  }): void;
  /** What the task says of itself, and what there is to say about its run beside the output. */
  reported(event: { readonly attempt: number; readonly at: number; readonly event: TaskEvent }): void;
  attemptEnded(event: {
    readonly number: number;
    readonly at: number;
    readonly end: AttemptEnd;
    readonly cost: Cost;
    /** What was still running after a normal end, and was left alone. */
    readonly left: readonly LeftProcess[];
  }): void;
  /** Attempt number `next` follows at that time. */
  waiting(event: { readonly until: number; readonly next: number }): void;
  /** The wait is over, and the attempt is about to be started: said before there is a process of it. */
  resuming?(event: { readonly number: number; readonly at: number }): void;
}

/**
 * The same observer, unable to harm the task: what it throws, or rejects with, is dropped. The task comes before its
 * record, and an observer that wants its own failures known sees to that itself.
 */
export function harmless(observer: Observer): Observer {
  return {
    attemptStarted: (event) => attempt(() => observer.attemptStarted(event)),
    output: (event) => attempt(() => observer.output(event)),
    reported: (event) => attempt(() => observer.reported(event)),
    attemptEnded: (event) => attempt(() => observer.attemptEnded(event)),
    waiting: (event) => attempt(() => observer.waiting(event)),
    resuming: (event) => attempt(() => observer.resuming?.(event)),
  };
}

function attempt(tell: () => unknown): void {
  try {
    const answer = tell();
    // An async function passes for one that returns nothing.
    if (answer instanceof Promise) answer.catch(() => undefined);
  } catch {
    // Dropped, as said above.
  }
}
