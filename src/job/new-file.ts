import { closeSync, fchmodSync, fchownSync, fstatSync, fsyncSync, openSync, type Stats, writeFileSync } from 'node:fs';

/** Whose a file is to be, and who may do what with it. */
export type Standing = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/**
 * Writes a file that is not there yet and sees that it is on the disk. Until it is as it is to stand nobody else can open it.
 * @param standing the caller's own with this mode, as far as the umask lets it, or all of it.
 * @throws the system's error; what there is of the file is for the caller to remove.
 */
export function writeNewFile(path: string, content: Buffer | string, standing: Standing | Pick<Stats, 'mode'>): void {
  const isGiven = 'uid' in standing;
  const file = openSync(path, 'wx', isGiven ? 0o600 : standing.mode);
  try {
    if (isGiven) give(file, standing);
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function give(file: number, { uid, gid, mode }: Standing): void {
  const own = fstatSync(file);
  if (own.uid !== uid || own.gid !== gid) fchownSync(file, uid, gid);
  fchmodSync(file, mode & 0o7777);
}
