import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/*
 * What V8 compiled is kept from one start for the next. It decides what runs, so it lies only where nobody else can
 * write, and is taken only for the very text that it was made from.
 */

/** Where compiled code may lie: in a state directory that is there, one's own and closed to others; else undefined. */
export function privatePlace(state: string): string | undefined {
  const found = ifPossible(() => statSync(state));
  const isOurs = found !== undefined && found.uid === process.geteuid?.() && (found.mode & 0o077) === 0;
  return isOurs ? `${state}/compiled` : undefined;
}

/** Has Node keep what V8 compiles of each module before it runs it. */
export function keepModules(place: string | undefined): void {
  // Node would make a state directory anew that is gone, open to all.
  if (place !== undefined && existsSync(dirname(place))) enableCompileCache(place);
}

/** What a script is given to be called with: neither has another way into it. */
export interface Given {
  /** Gives Node's own modules. */
  readonly require: (name: string) => object | undefined;
  /** Takes what the script exports. */
  readonly module: { exports: object };
  /** Absolute path of the folder that the script is in. */
  readonly programFolder: string;
  /** Does what `import` does. */
  readonly load: (name: string) => Promise<object>;
}

/** A script that build.ts made of modules. */
export interface KeptScript<Exports> {
  run(load: Given['load']): Exports;
  /** Keeps what V8 compiled up to now, where nothing was kept before that fits. Where it cannot, nothing happens. */
  keep(): void;
}

/** A slash, a slash, and a hash of what follows. */
const stampLength = 66;

/**
 * Reads a script, and what an earlier start kept of it in the file `kept`: all that was compiled while it ran. Node's own
 * cache has what V8 compiles before a module runs, which is a third of what a run needs.
 * @returns undefined where there is no such script.
 */
export function readScript<Exports>(filename: string, kept: string | undefined): KeptScript<Exports> | undefined {
  const source = read(filename)?.toString('latin1');
  if (source === undefined) return undefined;
  const stamp = source.slice(0, stampLength);
  const cachedData = kept === undefined ? undefined : codeOf(stamp, kept);
  const script = new Script(source, cachedData === undefined ? { filename } : { filename, cachedData });
  return {
    run(load) {
      const module = { exports: {} };
      const programFolder = filename.slice(0, filename.lastIndexOf('/'));
      script.runInThisContext()({ require: process.getBuiltinModule, module, programFolder, load });
      return module.exports as Exports;
    },
    keep() {
      if (kept === undefined || (cachedData !== undefined && script.cachedDataRejected === false)) return;
      replace(kept, Buffer.concat([Buffer.from(stamp), script.createCachedData()]));
    },
  };
}

/** V8 itself refuses code of another version or length of text; that the text is another one it would not see. */
function codeOf(stamp: string, kept: string): Buffer | undefined {
  const bytes = read(kept);
  return bytes?.toString('latin1', 0, stampLength) === stamp ? bytes.subarray(stampLength) : undefined;
}

/** As a whole, and on the disk before it has its name: V8 does not look into what it is given. */
function replace(path: string, bytes: Buffer): void {
  const draft = `${path}.${process.pid}`;
  const kept = ifPossible(() => {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(draft, bytes, { mode: 0o600, flush: true });
    renameSync(draft, path);
    return true;
  });
  if (kept !== true) ifPossible(() => rmSync(draft, { force: true }));
}

const read = (path: string) => ifPossible(() => readFileSync(path));

/** Whatever is not possible here costs time and nothing else. */
function ifPossible<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
