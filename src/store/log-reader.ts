import type { Piece } from '../run/capture.ts';
import { eventsOf, type RunEvent } from './events.ts';
import { outputOf } from './output.ts';
import { type Run, runById } from './runs.ts';
import type { Store } from './store.ts';

/** What is new of a run since it was read before. */
export interface News {
  readonly run: Run;
  readonly pieces: readonly Piece[];
  readonly events: readonly RunEvent[];
}

/** Reads a run that may still go on: at first all that is kept of it, then what has come since. */
export class LogReader {
  readonly #store: Store;
  #run: Run;
  #seq = 0;
  #events = 0;
  #bytes = 0;

  constructor(store: Store, run: Run) {
    this.#store = store;
    this.#run = run;
  }

  read(): News {
    // The run comes first: what was written before it ended is there once it has ended.
    this.#run = runById(this.#store, this.#run.run) ?? this.#run;
    const pieces = outputOf(this.#store, this.#run.run, this.#seq);
    const events = eventsOf(this.#store, this.#run.run).slice(this.#events);
    this.#seq = pieces.at(-1)?.seq ?? this.#seq;
    this.#events += events.length;
    this.#bytes += pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return { run: this.#run, pieces, events };
  }

  /** Bytes that the task wrote and no reading had: they were not kept, or were dropped between two readings. */
  get omitted(): number {
    const { stdoutBytes, stderrBytes } = this.#run;
    return Math.max(0, stdoutBytes + stderrBytes - this.#bytes);
  }
}
