import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, errorMessage, UserError } from '../../errors.ts';
import { writeNewFile } from '../new-file.ts';

/** A change of a jobs file. */
export interface FileEdit {
  /** What it was made from; undefined for a file that is not there. */
  readonly before: string | undefined;
  readonly after: string;
  /** Looks at the new file, which stands beside the old one under another name, before it takes its place. */
  check(draft: string): void;
}

/**
 * Puts a new text in the place of a jobs file, with the mode and the owner of the old one; where the path is a link, in the
 * place of the file it leads to. A crash leaves the one or the other.
 * @throws UserError where it cannot be written or has changed meanwhile, and what `check` throws; the file is as it was then.
 */
export function editFile(file: string, { before, after, check }: FileEdit): void {
  const path = realPath(file);
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    if (before === undefined) mkdirSync(dirname(path), { recursive: true });
    writeNewFile(draft, after, statOf(path) ?? { mode: 0o644 });
    check(draft);
    checkUnchanged(path, file, before);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${file}: ${errorMessage(error)}`, 'the file is as it was');
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return resolve(file);
    throw new UserError(`cannot write ${file}: ${errorMessage(error)}`);
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function checkUnchanged(path: string, file: string, before: string | undefined): void {
  const now = statOf(path) === undefined ? undefined : readFileSync(path, 'utf8');
  if (now === before) return;
  throw new UserError(`${file} has changed since it was read; nothing was written`, 'try again');
}
