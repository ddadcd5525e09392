import type { StoreTrouble } from '../store/trouble.ts';
import type { Book } from './book.ts';
import type { Story } from './story.ts';
import type { Start } from './world.ts';

/** A run whose task may now begin, and where it is written down. */
export interface Permit {
  readonly run: string;
  /** The scheduled instant that the task serves. */
  readonly slot: number | undefined;
  /** Milliseconds that its start was put off on purpose; as long as the job's jitter allows if not given. */
  readonly delay?: number | undefined;
  readonly book: Book;
  readonly story: Story;
  /** What keeps the run from being written into the database. */
  readonly trouble: StoreTrouble | undefined;
}

/**
 * What became of asking for a permit. `not-due`: there is nothing to do, as the slot has its run or this minute is none
 * of the job's. `skipped`: the start is recorded, and does not run for this reason.
 */
export type Admission =
  | { readonly kind: 'granted'; readonly permit: Permit }
  | { readonly kind: 'not-due' }
  | { readonly kind: 'skipped'; readonly run: string; readonly reason: string };

/** A start with what it is for: the slot that it claims, and the one that the task is told, which a retry inherits. */
export interface Wanted {
  readonly start: Start;
  readonly slot: number | undefined;
  readonly taskSlot: number | undefined;
}
