import { type Clock, systemClock } from '../clock.ts';
import { replaceTable, type Stored } from './replacement.ts';
import type { Table } from './table.ts';
import { readWhole, replaceWhole, type WholeFile } from './whole-file.ts';

/** A table in a file of its own, in the form of a user's crontab. It is never followed elsewhere and never half written. */
export function fileTable(path: string, { clock = systemClock }: { readonly clock?: Clock } = {}): Table {
  const label = `file:${path}`;
  const read = async (): Promise<StoredFile> => storedFile(readWhole(path));
  return {
    label,
    system: false,
    read: async () => (await read()).bytes,
    write: (next, options) =>
      replaceTable(
        { label, clock, read, replace: async (bytes, { file }) => replaceWhole(path, bytes, file?.stats) },
        next,
        options,
      ),
  };
}

/** A table that is a file, or is to become one. */
export interface StoredFile extends Stored {
  /** Undefined where there is none. */
  readonly file: WholeFile | undefined;
}

/** A file as it was read; without one the table is empty, and nothing tells when it was changed. */
export function storedFile(file: WholeFile | undefined): StoredFile {
  return { file, bytes: file?.bytes ?? Buffer.alloc(0), changed: file ? [file.stats.mtimeMs] : [] };
}
