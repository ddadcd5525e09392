import type { Observer } from '../run/observer.ts';
import type { Book } from './book.ts';
import type { Story } from './story.ts';

/** How often news goes to the store while the task runs, in milliseconds: `logs --follow` sees it within a second. */
const writeEvery = 400;
/** A store that is busy is tried again rather than waited for: the task's pipes must not fill. */
const patience = 50;

/** Writes a run down while it goes on. What cannot be written now is written with what follows it. */
export interface Recorder {
  readonly observer: Observer;
  /** Writes nothing more by itself. */
  stop(): void;
}

export function record(book: Book, story: Story): Recorder {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    try {
      book.write(story, patience);
    } catch {
      // The end is written in any case, or complained about.
      writeLater();
    }
  };
  const writeLater = (): void => {
    timer ??= setTimeout(write, writeEvery);
  };
  return {
    observer: story.observer((urgent) => (urgent ? write() : writeLater())),
    stop: () => clearTimeout(timer),
  };
}
