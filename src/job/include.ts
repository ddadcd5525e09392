import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { errorMessage } from '../errors.ts';
import type { Source } from './document.ts';
import type { Problem } from './problem.ts';

/** The files that a jobs file includes, in order and each once, and what is wrong with the wish. */
export interface Included {
  readonly paths: readonly string[];
  /** Absolute paths of the folders in which files were looked for by a pattern. */
  readonly folders: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads `include:` of a file, as far as it is well-formed; the shape tells of the rest. */
export function includedPaths(source: Source, file: string): Included {
  const wish = (source.value as { readonly include?: unknown } | null)?.include;
  const patterns = (Array.isArray(wish) ? wish : [wish]).filter((one) => typeof one === 'string' && one !== '');
  const paths = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, named] of patterns.entries()) {
    const pattern = resolve(dirname(file), named);
    const found = matches(pattern);
    for (const path of found.paths) if (path !== file) paths.add(besideOrAbsolute(path));
    if (found.paths.length > 0) continue;
    const place = source.place(Array.isArray(wish) ? ['include', index] : ['include'], 'value');
    const hint = 'paths are relative to this file; * stands for any characters of a file name';
    problems.push({ ...place, severity: 'error', code: 'include', message: `cannot include: ${found.why}`, hint });
  }
  return { paths: [...paths], folders: foldersOf(patterns, file), problems };
}

function foldersOf(patterns: readonly string[], file: string): readonly string[] {
  const absolute = patterns.filter(isPattern).map((pattern) => resolve(dirname(file), pattern));
  return [...new Set(absolute.map(dirname))];
}

function isPattern(path: string): boolean {
  return basename(path).includes('*');
}

function matches(pattern: string): { readonly paths: readonly string[]; readonly why: string } {
  const folder = dirname(pattern);
  try {
    if (!isPattern(pattern)) {
      return statSync(pattern).isFile()
        ? { paths: [pattern], why: '' }
        : { paths: [], why: `${pattern} is not a file` };
    }
    const parts = basename(pattern).split('*').map(literally);
    const fits = new RegExp(`^${parts.join('.*')}$`, 's');
    const names = readdirSync(folder).filter((name) => fits.test(name) && !name.startsWith('.'));
    return { paths: names.sort().map((name) => join(folder, name)), why: `no file matches ${pattern}` };
  } catch (error) {
    return { paths: [], why: errorMessage(error) };
  }
}

/** A path as a person reads it from here: relative where that is shorter and stays below. */
function besideOrAbsolute(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') || near.length >= path.length ? path : near;
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
