import type { AttemptEnd } from './outcome.ts';
import type { Stream } from './stream.ts';

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
  attemptEnded(event: { readonly number: number; readonly at: number; readonly end: AttemptEnd }): void;
  /** Another attempt follows at that time. */
  waiting(event: { readonly until: number }): void;
}

/**
 * The same observer, unable to harm the task: what it throws, or rejects with, is dropped. The task comes before its
 * record, and an observer that wants its own failures known sees to that itself.
 */
export function harmless(observer: Observer): Observer {
  return {
    attemptStarted: (event) => attempt(() => observer.attemptStarted(event)),
    output: (event) => attempt(() => observer.output(event)),
    attemptEnded: (event) => attempt(() => observer.attemptEnded(event)),
    waiting: (event) => attempt(() => observer.waiting(event)),
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
