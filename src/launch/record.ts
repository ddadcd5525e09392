import { Capture, type CaptureChanges } from '../run/capture.ts';
import type { Observer } from '../run/observer.ts';
import { sentence, stateOf } from '../run/outcome.ts';
import { updateOutput } from '../store/output.ts';
import { closeAttempt, openAttempt } from '../store/runs.ts';
import { type Store, together } from '../store/store.ts';

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
  /**
   * Brings the store up to date for good.
   * @throws when it cannot be written.
   */
  finish(): void;
}

/** Mirrors a run into the store. What cannot be written now is written with what follows it. */
export function recordRun(store: Store, run: string): Recorder {
  const capture = new Capture();
  const attempts: AttemptRecord[] = [];
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let steps: readonly (() => void)[] = [];
  let unsaved: CaptureChanges = { add: [], drop: [] };

  const flush = (patience: number): void => {
    clearTimeout(timer);
    timer = undefined;
    unsaved = merge(unsaved, capture.changes());
    const work = (): void => {
      for (const step of steps) step();
      updateOutput(store, { run, ...unsaved, totals: capture.totals() });
    };
    together(store, work, { durability: 'normal', patience });
    steps = [];
    unsaved = { add: [], drop: [] };
  };
  const tryToFlush = (): void => {
    try {
      flush(flushPatience);
    } catch {
      flushLater();
    }
  };
  const flushLater = (): void => {
    timer ??= setTimeout(tryToFlush, flushEvery);
  };

  const observer: Observer = {
    attemptStarted({ number, at }) {
      startedAt = at;
      steps = [...steps, () => openAttempt(store, run, number, at)];
      tryToFlush();
    },
    output({ stream, attempt, bytes, at }) {
      capture.push(stream, attempt, bytes, at);
      flushLater();
    },
    attemptEnded({ number, at, end }) {
      const words = stateOf(end) === 'succeeded' ? 'succeeded' : sentence(end);
      attempts.push({ number, startedAt, endedAt: at, sentence: words });
      steps = [...steps, () => closeAttempt(store, run, { number, at, end: words })];
      flushLater();
    },
    waiting: () => undefined,
  };
  const finish = (): void => {
    // A run without an attempt left nothing to write.
    if (attempts.length > 0) flush(lastPatience);
  };
  return { observer, attempts, capture, finish };
}

/** Two updates as one: what the second drops of the first's pieces never reaches the store. */
function merge(first: CaptureChanges, second: CaptureChanges): CaptureChanges {
  const gone = new Set(second.drop);
  const unseen = new Set(first.add.map((piece) => piece.seq).filter((seq) => gone.has(seq)));
  return {
    add: [...first.add.filter((piece) => !unseen.has(piece.seq)), ...second.add],
    drop: [...first.drop, ...second.drop.filter((seq) => !unseen.has(seq))],
  };
}
