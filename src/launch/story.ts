import type { Job } from '../job/job.ts';
import { Capture, limitsOf } from '../run/capture.ts';
import type { Observer } from '../run/observer.ts';
import { sentence, stateOf } from '../run/outcome.ts';
import type { TaskEvent } from '../run/task-events.ts';
import type { LeftProcess } from '../run/tree.ts';
import type { RunEvent } from '../store/events.ts';

/** An attempt as it is told. Times are UTC milliseconds. */
export interface AttemptRecord {
  /** Counts from 1. */
  readonly number: number;
  readonly startedAt: number;
  /** The direct child; undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly endedAt: number | null;
  /** How it ended, to follow the job's name; null while it goes on. */
  readonly end: string | null;
}

/** When the next attempt is due, and its number. */
export interface NextAttempt {
  readonly at: number;
  readonly attempt: number;
}

/** What is known of a run while it goes on and at its end, bounded, whatever its task does. */
export class Story {
  readonly capture: Capture;
  readonly attempts: AttemptRecord[] = [];
  readonly events: RunEvent[] = [];
  /** What the task said of itself: a share of the work from 0 to 1, and a JSON text. */
  progress: number | undefined;
  result: string | undefined;
  /** Set while the run is put off: until when, and why in words. */
  putOff: { readonly until: number; readonly reason: string } | undefined;
  /** Set while the run waits for another attempt. */
  next: NextAttempt | undefined;

  constructor(keep: Job['output']['keep']) {
    this.capture = new Capture(limitsOf(keep));
  }

  /** Takes what happens; `told` hears of it at once. */
  observer(told: (urgent: boolean) => void): Observer {
    return {
      attemptStarted: ({ number, at, pid }) => {
        const wasAwaited = this.next !== undefined;
        this.next = undefined;
        this.#begin({ number, startedAt: at, pid, endedAt: null, end: null });
        told(wasAwaited);
      },
      output: ({ stream, attempt, bytes, at }) => {
        this.capture.push(stream, attempt, bytes, at);
        told(false);
      },
      reported: ({ at, event }) => {
        this.#report(at, event);
        told(false);
      },
      attemptEnded: ({ at, end, left }) => {
        const words = stateOf(end) === 'succeeded' ? 'succeeded' : sentence(end);
        const attempt = this.attempts.pop();
        if (attempt) this.attempts.push({ ...attempt, endedAt: at, end: words });
        if (left.length > 0) this.events.push({ at, level: 'info', message: leftWords(left) });
        told(false);
      },
      waiting: ({ until, next }) => {
        this.next = { at: until, attempt: next };
        told(true);
      },
      resuming: ({ number, at }) => {
        this.next = undefined;
        this.#begin({ number, startedAt: at, pid: undefined, endedAt: null, end: null });
        // Whoever finds this run dead must not think that the attempt is still to come.
        told(true);
      },
    };
  }

  /** An attempt that was about to be started is the one that has started. */
  #begin(attempt: AttemptRecord): void {
    if (this.attempts.at(-1)?.number === attempt.number) this.attempts.pop();
    this.attempts.push(attempt);
  }

  #report(at: number, event: TaskEvent): void {
    if (event.kind === 'progress') this.progress = event.value;
    else if (event.kind === 'result') this.result = event.value;
    else this.events.push({ at, level: event.level, message: event.message });
  }
}

/** More are counted. */
const mostNamed = 20;

function leftWords(left: readonly LeftProcess[]): string {
  const named = left.slice(0, mostNamed).map(({ pid, name }) => `${pid} (${name})`);
  const more = left.length > mostNamed ? ` and ${left.length - mostNamed} more` : '';
  const what = left.length === 1 ? 'process' : 'processes';
  return `left running at its end: ${what} ${named.join(', ')}${more}`;
}
