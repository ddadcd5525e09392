import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { type StoredFile, storedFile } from './file-table.ts';
import { replaceTable } from './replacement.ts';
import { ownRights, type Rights } from './rights.ts';
import { checkFolder, checkRootly } from './rootly.ts';
import type { Table } from './table.ts';
import { isSystemTable, systemFolder } from './target.ts';
import { readWhole, removeWhole, replaceWhole } from './whole-file.ts';

/** How a table of the system is reached. */
export interface SystemTableOptions {
  /** With which rights its file is read and written. */
  readonly rights?: Rights;
  readonly clock?: Clock;
}

/** What crons want of a file in /etc/cron.d, and what lets every user read what runs as root. */
const standing = { uid: 0, gid: 0, mode: 0o644 };

/**
 * A table in a file of cronwright's own in /etc/cron.d, root's and with mode 0644. Without a byte to hold the file is gone.
 * It is neither read nor written where anybody but root could change it or put another in its place.
 * @param options.folder Where the file lies; /etc/cron.d if not given.
 */
export function systemTable(
  name: string,
  { folder = systemFolder, ...options }: SystemTableOptions & { readonly folder?: string } = {},
): Table {
  const path = join(folder, name);
  return rootsTable({ label: `cron.d:${name}`, path, system: true, ...options }, (bytes) =>
    bytes.length === 0 ? removeWhole(path) : replaceWhole(path, bytes, standing),
  );
}

/**
 * A table of others, such as /etc/crontab, out of which lines are to be taken: its file stays, even without a byte, with the
 * owner and the mode that it has. As with {@link systemTable}, it has to be root's alone.
 */
export function entryTable(path: string, options: SystemTableOptions = {}): Table {
  return rootsTable({ label: path, path, system: isSystemTable(path), ...options }, (bytes, { file }) =>
    replaceWhole(path, bytes, file?.stats),
  );
}

interface RootsFile extends SystemTableOptions {
  readonly label: string;
  readonly path: string;
  readonly system: boolean;
}

function rootsTable(
  { label, path, system, rights = ownRights, clock = systemClock }: RootsFile,
  put: (bytes: Buffer, current: StoredFile) => void,
): Table {
  const read = async (): Promise<StoredFile> => rights(() => readRootly(path));
  const replace = async (next: Buffer, current: StoredFile): Promise<void> => rights(() => put(next, current));
  return {
    label,
    system,
    read: async () => (await read()).bytes,
    write: (next, options) => replaceTable({ label, clock, read, replace }, next, options),
  };
}

/** A cron looks at the time of the folder first, and reads no file where that is as it was. */
function readRootly(path: string): StoredFile {
  const folder = dirname(path);
  checkFolder(folder);
  const file = readWhole(path);
  checkRootly(path, file);
  const { changed, ...stored } = storedFile(file);
  return { ...stored, changed: [...changed, statSync(folder).mtimeMs] };
}
