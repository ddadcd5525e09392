import type { Clock } from '../clock.ts';
import { awaitNextSecond } from './next-second.ts';
import { checkWrite, type WriteOptions } from './table.ts';

/** What a table is now. */
export interface Stored {
  readonly bytes: Buffer;
  /** Times of change, as far as they can be seen, by which a cron sees that it is another: UTC milliseconds. */
  readonly changed: readonly number[];
}

/** How a kind of table is read and replaced. */
export interface Storage<Found extends Stored> {
  readonly label: string;
  readonly clock: Clock;
  read(): Promise<Found>;
  /** @param current What it takes the place of. */
  replace(next: Buffer, current: Found): Promise<void>;
}

/** Replaces a table where the new one differs, with the checks that every kind has in common. */
export async function replaceTable<Found extends Stored>(
  { label, clock, read, replace }: Storage<Found>,
  next: Buffer,
  options: WriteOptions,
): Promise<void> {
  const checked = async (): Promise<Found> => {
    const current = await read();
    checkWrite(label, current.bytes, next, options);
    return current;
  };
  const current = await checked();
  if (next.equals(current.bytes)) return;
  const hasWaited = await awaitNextSecond([...current.changed, options.lastWrite], clock);
  await replace(next, hasWaited ? await checked() : current);
}
