import { lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** In memory where there is such a place: a full disk must not change how a task runs. */
const places = ['/dev/shm', tmpdir()];

const prefix = 'cronwright-run-';
const named = /^cronwright-run-[A-Za-z0-9]{6}$/;
/** A directory is there for a few milliseconds; one that is older than this has lost its process. */
const staleAfter = 60_000;

/** The path for one of the names. */
export type PathOf<Name extends string> = (name: Name) => string;

/**
 * What `use` returns, given paths in a new directory that nobody else can enter. The directory and what has one of the
 * names in it are removed at once; what was opened stays usable. Undefined where no place would do.
 */
export function inPrivateDirectory<Name extends string, T>(
  names: readonly Name[],
  use: (path: PathOf<Name>) => T,
): T | undefined {
  for (const place of places) {
    const made = tryIn(place, names, use);
    if (made !== undefined) return made;
  }
  return undefined;
}

function tryIn<Name extends string, T>(place: string, names: readonly Name[], use: (path: PathOf<Name>) => T) {
  let directory: string | undefined;
  try {
    const made = mkdtempSync(`${place}/${prefix}`);
    directory = made;
    return use((name) => `${made}/${name}`);
  } catch {
    return undefined;
  } finally {
    if (directory !== undefined) remove(directory, names);
  }
}

/** Name by name: to list a directory takes a descriptor, and there may be none left. */
function remove(directory: string, names: readonly string[]): void {
  for (const name of names) attempt(() => unlinkSync(`${directory}/${name}`));
  attempt(() => rmdirSync(directory));
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // It was not made.
  }
}

/** Removes the directories that killed processes of this account have left behind. */
export function removeStaleDirectories(now: number): void {
  for (const place of places) {
    attempt(() => {
      for (const name of readdirSync(place))
        if (named.test(name)) attempt(() => removeIfStale(`${place}/${name}`, now));
    });
  }
}

function removeIfStale(path: string, now: number): void {
  const { uid, mtimeMs } = lstatSync(path);
  if (uid === process.geteuid?.() && now - mtimeMs > staleAfter) rmSync(path, { recursive: true });
}
