import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import { checkWrite, type Table } from './table.ts';

/** A table in a file of its own, in the form of a user's crontab. It is never followed elsewhere and never half written. */
export function fileTable(path: string): Table {
  const label = `file:${path}`;
  return {
    label,
    read: async () => (await readFile(path))?.bytes ?? Buffer.alloc(0),
    async write(next, options) {
      const current = await readFile(path);
      const bytes = current?.bytes ?? Buffer.alloc(0);
      checkWrite(label, bytes, next, options);
      if (!next.equals(bytes)) await replace(path, next, current?.stats);
    },
  };
}

interface Content {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** Undefined where there is no file; its directory must be there, so that a slip in the path is no empty table. */
async function readFile(path: string): Promise<Content | undefined> {
  try {
    // Without waiting for the other end of a pipe, which is refused below.
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw new UserError(`cannot use ${path} as a table: it is not a regular file`);
    return { bytes: await file.readFile(), stats };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) === 'ENOENT' && (await isDirectory(dirname(path)))) return undefined;
    if (errorCode(error) !== 'ELOOP') throw new UserError(`cannot read the table: ${errorMessage(error)}`);
    throw new UserError(`cannot use ${path} as a table: it is a symbolic link`, 'name the file that it leads to');
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** The new file takes the old one's place at once and is on the disk before; a crash leaves the one or the other. */
async function replace(path: string, bytes: Buffer, old: Stats | undefined): Promise<void> {
  // Cron does not read a file whose name begins with a dot, should this be its spool.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await using file = await open(temporary, 'wx', 0o600);
    await fill(file, bytes, old);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError(`cannot write the table: ${errorMessage(error)}`, 'the table is as it was');
  }
  await syncDirectory(dirname(path));
}

async function fill(file: FileHandle, bytes: Buffer, old: Stats | undefined): Promise<void> {
  if (old !== undefined) {
    const { uid, gid } = await file.stat();
    if (uid !== old.uid || gid !== old.gid) await file.chown(old.uid, old.gid);
    await file.chmod(old.mode & 0o7777);
  }
  await file.writeFile(bytes);
  await file.sync();
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY);
  await directory.sync();
}
