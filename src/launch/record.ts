import { Capture } from '../run/capture.ts';
import type { Observer } from '../run/observer.ts';
import { sentence, stateOf } from '../run/outcome.ts';
import { updateOutput } from '../store/output.ts';
import { closeAttempt, openAttempt } from '../store/runs.ts';
import type { Store } from '../store/store.ts';

/** How often output goes to the store while the task runs, in milliseconds: `logs --follow` sees it within a second. */
const flushEvery = 400;
/** A store that is busy is tried again at the next flush rather than waited for: the task's pipes must not fill. */
const flushPatience = 50;
const lastPatience = 10_000;

/** An attempt as the report of a failure tells it. */
export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sentence: string;
}

/** Writes down what happens to a run while it happens. */
export interface Recorder {
  readonly observer: Observer;
  readonly attempts: readonly AttemptRecord[];
  readonly capture: Capture;
  /** Brings the stored output up to date for good. */
  finish(): void;
}

/**
 * Mirrors a run into the store.
 * @param trouble is told of what could not be written; the task goes on.
 */
export function recordRun(store: Store, run: string, trouble: (error: unknown) => void): Recorder {
  const capture = new Capture();
  const attempts: AttemptRecord[] = [];
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let unsaved = { add: capture.changes().add, drop: [] as readonly number[] };

  const flush = (patience: number): void => {
    timer = undefined;
    unsaved = merge(unsaved, capture.changes());
    updateOutput(store, { run, ...unsaved, totals: capture.totals() }, patience);
    unsaved = { add: [], drop: [] };
  };
  const flushLater = (): void => {
    timer ??= setTimeout(() => {
      try {
        flush(flushPatience);
      } catch {
        flushLater();
      }
    }, flushEvery);
  };
  const write = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      trouble(error);
    }
  };

  const observer: Observer = {
    attemptStarted({ number, at }) {
      startedAt = at;
      write(() => openAttempt(store, run, number, at));
    },
    output({ stream, attempt, bytes, at }) {
      capture.push(stream, attempt, bytes, at);
      flushLater();
    },
    attemptEnded({ number, at, end }) {
      const words = stateOf(end) === 'succeeded' ? 'succeeded' : sentence(end);
      attempts.push({ number, startedAt, endedAt: at, sentence: words });
      write(() => closeAttempt(store, run, { number, at, end: words }));
    },
    waiting() {
      flushLater();
    },
  };
  const finish = (): void => {
    clearTimeout(timer);
    if (capture.totals().stdout.bytes + capture.totals().stderr.bytes > 0) write(() => flush(lastPatience));
  };
  return { observer, attempts, capture, finish };
}

type Changes = ReturnType<Capture['changes']>;

/** Two updates as one: what the second drops of the first's pieces never reaches the store. */
function merge(first: Changes, second: Changes): Changes {
  if (first.add.length === 0) return { add: second.add, drop: [...first.drop, ...second.drop] };
  const gone = new Set(second.drop);
  const unseen = new Set(first.add.map((piece) => piece.seq).filter((seq) => gone.has(seq)));
  return {
    add: [...first.add.filter((piece) => !unseen.has(piece.seq)), ...second.add],
    drop: [...first.drop, ...second.drop.filter((seq) => !unseen.has(seq))],
  };
}
