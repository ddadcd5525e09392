import type { CaptureChanges } from '../run/capture.ts';
import { startTime } from '../run/tree.ts';
import { addEvent } from '../store/events.ts';
import { noteProgress, noteResult, noteTask } from '../store/notes.ts';
import { type NewEntry, putInOutbox } from '../store/outbox.ts';
import { updateOutput } from '../store/output.ts';
import { noteRetry } from '../store/retries.ts';
import { type Closing, closeAttempt, closeRun, openAttempt } from '../store/runs.ts';
import { type Store, together } from '../store/store.ts';
import type { AttemptRecord, Story } from './story.ts';

/** How a run ended, with the mails that tell of it. */
export interface Conclusion extends Omit<Closing, 'run'> {
  readonly mails: readonly NewEntry[];
}

/** Where a run is written down: the database, or a file of the spool where that cannot be used. */
export interface Book {
  /**
   * Brings what is written up to date.
   * @param patience milliseconds to wait for another writer.
   * @throws StoreTrouble when it cannot be written; nothing is lost then, and the next call writes it.
   */
  write(story: Story, patience: number): void;
  /**
   * Writes the rest, the end and the mails at once: all of it or nothing.
   * @throws StoreTrouble when it cannot be written.
   */
  close(story: Story, conclusion: Conclusion): void;
}

/** Milliseconds to wait for another writer at a run's end. */
const lastPatience = 10_000;

/** How far a story is written. */
interface Mark {
  readonly attempts: readonly AttemptRecord[];
  readonly events: number;
  readonly progress: number | undefined;
  readonly result: string | undefined;
  readonly next: Story['next'];
}

/** A run's row in the database, and all that belongs to it. */
export class DatabaseBook implements Book {
  readonly #store: Store;
  readonly #run: string;
  #written: Mark = { attempts: [], events: 0, progress: undefined, result: undefined, next: undefined };
  #unsaved: CaptureChanges = { add: [], drop: [] };

  constructor(store: Store, run: string) {
    this.#store = store;
    this.#run = run;
  }

  write(story: Story, patience: number): void {
    this.#save(story, () => undefined, { durability: 'normal', patience });
  }

  close(story: Story, { mails, ...closing }: Conclusion): void {
    const end = (): void => {
      // Somebody may have given the run up meanwhile: what was told then stands.
      if (!closeRun(this.#store, { run: this.#run, ...closing })) return;
      for (const mail of mails) putInOutbox(this.#store, mail);
    };
    this.#save(story, end, { durability: 'full', patience: lastPatience });
  }

  #save(story: Story, end: () => void, options: Parameters<typeof together>[2]): void {
    this.#unsaved = merge(this.#unsaved, story.capture.changes());
    const mark = markOf(story);
    const work = (): void => {
      this.#writeSteps(story);
      if (story.attempts.length > 0) updateOutput(this.#store, this.#output(story));
      end();
    };
    together(this.#store, work, options);
    this.#written = mark;
    this.#unsaved = { add: [], drop: [] };
  }

  #output({ capture }: Story) {
    return { run: this.#run, ...this.#unsaved, totals: capture.totals() };
  }

  #writeSteps({ attempts, events, progress, result, next }: Story): void {
    const written = this.#written;
    for (const [index, attempt] of attempts.entries()) this.#writeAttempt(written.attempts[index], attempt);
    for (const event of events.slice(written.events)) addEvent(this.#store, this.#run, event);
    if (progress !== undefined && progress !== written.progress) noteProgress(this.#store, this.#run, progress);
    if (result !== undefined && result !== written.result) noteResult(this.#store, this.#run, result);
    if (next !== written.next) noteRetry(this.#store, this.#run, next);
  }

  #writeAttempt(before: AttemptRecord | undefined, { number, startedAt, pid, endedAt, end }: AttemptRecord): void {
    if (before === undefined) openAttempt(this.#store, this.#run, number, startedAt);
    if (pid !== undefined && pid !== before?.pid && endedAt === null) {
      const born = startTime(pid);
      if (born !== undefined) noteTask(this.#store, this.#run, { pid, born });
    }
    if (endedAt === null || end === null || before?.endedAt === endedAt) return;
    closeAttempt(this.#store, this.#run, { number, at: endedAt, end });
  }
}

function markOf({ attempts, events, progress, result, next }: Story): Mark {
  return { attempts: [...attempts], events: events.length, progress, result, next };
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
