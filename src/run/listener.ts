import type { Clock } from '../clock.ts';
import type { OutputPolicy } from '../job/job.ts';
import type { Observer } from './observer.ts';
import type { FailureSign } from './outcome.ts';
import { OutputFile } from './output-file.ts';
import { PatternWatch } from './pattern-watch.ts';
import type { Sinks } from './process.ts';
import { type TaskEvent, TaskEvents } from './task-events.ts';
import type { Verdict } from './verdict.ts';

/** What listening takes. */
export interface Listening {
  readonly verdict: Verdict;
  readonly output: OutputPolicy;
  readonly observer: Observer;
  readonly clock: Clock;
}

/** Takes what one attempt writes. */
export interface AttemptListener extends Sinks {
  /** Nothing follows: the sign of a failure that was seen, if any. */
  end(): FailureSign | undefined;
}

/** Hears what the task of a run writes, and passes it on: to the observer, to the output file, to who looks for signs. */
export class Listener {
  readonly #listening: Listening;
  readonly #events = new TaskEvents();
  readonly #file: OutputFile | undefined;
  #attempt = 0;

  constructor(listening: Listening) {
    this.#listening = listening;
    const { output, clock } = listening;
    const tell = (message: string) => this.#report([{ kind: 'message', level: 'warning', message }]);
    this.#file = output.file === '' ? undefined : new OutputFile(output, clock, tell);
  }

  /** Listens to attempt number `number`, and to no other any more. */
  attempt(number: number): AttemptListener {
    this.#attempt = number;
    const { verdict, observer, clock } = this.#listening;
    const pattern = verdict.pattern && new PatternWatch(verdict.pattern);
    let wroteErrors = false;
    return {
      output: (stream, bytes) => {
        observer.output({ attempt: number, stream, at: clock.now(), bytes });
        this.#file?.append(bytes);
        pattern?.push(stream, bytes);
        wroteErrors ||= stream === 'stderr';
      },
      events: (bytes) => this.#report(this.#events.push(bytes)),
      end: () => {
        this.#report(this.#events.endAttempt());
        if (verdict.stderr && wroteErrors) return 'stderr';
        return pattern?.end() ? 'pattern' : undefined;
      },
    };
  }

  /** There is no further attempt. */
  end(): void {
    this.#report(this.#events.end());
    this.#file?.close();
  }

  #report(events: readonly TaskEvent[]): void {
    const { observer, clock } = this.#listening;
    for (const event of events) observer.reported({ attempt: this.#attempt, at: clock.now(), event });
  }
}
