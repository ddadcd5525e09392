import { errorCode, errorMessage, UserError } from '../errors.ts';

/**
 * The database cannot be used: it is gone, locked for too long, damaged, read-only, without room, no database of ours or
 * that of a newer version. Thrown for nothing else, so that whoever must go on without the record knows that it may.
 */
export class StoreTrouble extends UserError {}

/** Codes of SQLite that tell of the machine. Any other, such as a constraint that fails, is a bug. */
const ofTheMachine =
  /^SQLITE_(?:BUSY|LOCKED|FULL|CORRUPT|NOTADB|IOERR|READONLY|CANTOPEN|PERM|AUTH|NOMEM|NOLFS|PROTOCOL)/;
/** Codes of system calls, such as ENOSPC; those of Node.js itself begin with ERR_. */
const ofTheSystem = /^E(?!RR_)[A-Z0-9]+$/;

/** What to throw in place of an error met while using a database: a trouble, or the error itself where it is a bug. */
export function asTrouble(error: unknown, path: string): unknown {
  const code = errorCode(error) ?? '';
  if (!ofTheMachine.test(code) && !ofTheSystem.test(code) && !isMissingDirectory(error)) return error;
  const message = `cannot use the database ${path}: ${errorMessage(error)}`;
  return new StoreTrouble(message, remedy(code, path), undefined, error);
}

/** Runs `work`, with what can be mended worded for people. */
export function troubled<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asTrouble(error, path);
  }
}

export function isBusy(error: unknown): boolean {
  return /^SQLITE_BUSY/.test(errorCode(error) ?? '');
}

/** The driver looks for the directory itself, and throws this without a code. */
function isMissingDirectory(error: unknown): boolean {
  return error instanceof TypeError && error.message.endsWith('directory does not exist');
}

function remedy(code: string, path: string): string {
  if (/CORRUPT|NOTADB/.test(code)) {
    return `the file is damaged; move it aside (mv ${path} ${path}.damaged) and run cronwright sync`;
  }
  if (/BUSY|LOCKED/.test(code)) return `another process writes to it for long; fuser ${path} shows its process id`;
  return /FULL|ENOSPC|EDQUOT/.test(code)
    ? 'make room on the disk'
    : 'see whether the disk is sound and the file is yours to write';
}
