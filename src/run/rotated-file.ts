import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';
import type { OutputPolicy } from '../job/job.ts';
import { distrustOf } from '../job/trusted-directory.ts';
import { lock, shift } from './rotation.ts';

/** Never through a link, never waiting for a reader of a named pipe, readable by the account alone. */
const flags =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  constants.O_NONBLOCK |
  constants.O_NOCTTY;
const mode = 0o600;

/** A rotation that is not possible now is tried again when the file has grown by this part of its size. */
const partBeforeNextTry = 1 / 16;

/** What became of bytes that were to be written: undefined when all is well. */
export type Trouble =
  /** Nothing was written, or not all of it, and the file is closed. */
  | { readonly kind: 'stopped'; readonly why: string }
  /** All was written, to a file that should have made way for a new one. */
  | { readonly kind: 'unrotated'; readonly why: string };

/** The file that stands at a path, while it is open. */
interface Open {
  readonly descriptor: number;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * A file that is appended to and makes way for a new one when it is full: `file` becomes `file.1`, that `file.2`, and so
 * on. Several processes may write to it at once: what one writes at a time stays together (on a local file system, where
 * an append is atomic), whoever finds it full first rotates it for all, and the others follow to the new one.
 *
 * It is opened with the rights of this process, so a file that somebody else could have put there, or put in its place,
 * is refused: a symbolic link always, and for root whatever another account may write.
 */
export class RotatedFile {
  readonly #path: string;
  readonly #rotate: OutputPolicy['rotate'];
  #open: Open | undefined;
  #rotateAt: number;

  constructor({ file, rotate }: Pick<OutputPolicy, 'file' | 'rotate'>) {
    this.#path = file;
    this.#rotate = rotate;
    this.#rotateAt = rotate.size;
  }

  /** Appends all of it to one file. */
  write(bytes: Uint8Array): Trouble | undefined {
    try {
      const unrotated = this.#makeWay(bytes.length);
      const opened = this.#follow();
      if (typeof opened === 'string') return { kind: 'stopped', why: opened };
      for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(opened.descriptor, rest));
      return unrotated;
    } catch (error) {
      this.close();
      return { kind: 'stopped', why: words(error) };
    }
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.descriptor);
    this.#open = undefined;
  }

  /** Rotates the file where it has no room for `length` bytes more. */
  #makeWay(length: number): Trouble | undefined {
    const opened = this.#follow();
    if (typeof opened === 'string') return undefined;
    const { size } = fstatSync(opened.descriptor);
    if (size === 0 || size + length <= this.#rotateAt) return undefined;
    this.#rotateAt = size + this.#rotate.size * partBeforeNextTry;
    return lock(opened.descriptor) ? this.#shift(opened) : undefined;
  }

  #shift(locked: Open): Trouble | undefined {
    try {
      // Before the lock was ours another process may have rotated the file.
      const found = this.#found();
      if (found !== undefined && isSame(found, locked)) shift(this.#path, this.#rotate.keep);
      return undefined;
    } catch (error) {
      return { kind: 'unrotated', why: words(error) };
    }
  }

  /** What stands at the path now, opened if need be; or why it must not be. */
  #follow(): Open | string {
    const found = this.#found();
    if (found !== undefined && this.#open !== undefined && isSame(found, this.#open)) return this.#open;
    this.close();
    const refused = refusalOfPlace(this.#path) ?? (found && refusalOfFile(found));
    return refused ?? this.#openFile();
  }

  #openFile(): Open | string {
    const descriptor = openSync(this.#path, flags, mode);
    const stat = fstatSync(descriptor, { bigint: true });
    this.#open = { descriptor, dev: stat.dev, ino: stat.ino };
    const refused = refusalOfFile(stat);
    if (refused !== undefined) this.close();
    return refused ?? this.#open;
  }

  #found(): BigIntStats | undefined {
    return lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
  }
}

function isSame(found: BigIntStats, open: Open): boolean {
  return found.ino === open.ino && found.dev === open.dev;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function refusalOfPlace(path: string): string | undefined {
  return isRoot() ? distrustOf(dirname(path), 0) : undefined;
}

function refusalOfFile(stat: BigIntStats): string | undefined {
  if (stat.isSymbolicLink()) return symbolicLink;
  if (!stat.isFile()) return 'it is not a regular file';
  if (!isRoot()) return undefined;
  if (stat.uid !== 0n) return `it belongs to another account (uid ${stat.uid})`;
  if ((stat.mode & 0o022n) !== 0n)
    return `others may write to it (mode ${(stat.mode & 0o7777n).toString(8).padStart(4, '0')})`;
  return stat.nlink === 1n ? undefined : 'it has another name elsewhere (a hard link)';
}

const symbolicLink = 'it is a symbolic link';

const errors: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is none',
  ELOOP: symbolicLink,
  ENXIO: 'it is not a regular file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it may not become larger',
};

function words(error: unknown): string {
  return errors[errorCode(error) ?? ''] ?? errorMessage(error);
}
