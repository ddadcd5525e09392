import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { modeText } from './mode-text.ts';

const othersMayWrite = 0o022;
const sticky = 0o1000;

/**
 * Why an account cannot be sure that what it writes in a directory stays there as its own: on the way there, through
 * every symbolic link, others may change what lies in some directory; undefined where all is well. The rule is that of
 * safe_path in OpenSSH's misc.c, except that directories on the way may be sticky, as /tmp is: nobody can swap there what
 * belongs to the account.
 * @param path Absolute.
 * @throws the system's error where the way cannot be followed to its end.
 */
export function distrustOf(path: string, uid: number): string | undefined {
  // Follows the way to its end, so that it has one.
  const { mode } = statSync(path);
  for (const step of stepsTo(path)) {
    const distrust = distrustOfStep(step, uid);
    if (distrust !== undefined) return distrust;
  }
  return (mode & othersMayWrite) === 0 ? undefined : writable(path, mode);
}

/** Whether {@link distrustOf} finds nothing. What cannot be looked at is not trusted. */
export function isTrusted(path: string, uid: number): boolean {
  try {
    return distrustOf(path, uid) === undefined;
  } catch {
    return false;
  }
}

/** A directory or a symbolic link on the way to another. */
interface Step {
  readonly path: string;
  readonly stat: Stats;
}

function* stepsTo(path: string): Generator<Step> {
  const way = names(path);
  for (let at: string | undefined = '/'; at !== undefined; ) {
    const stat = lstatSync(at);
    yield { path: at, stat };
    const target = stat.isSymbolicLink() ? readlinkSync(at) : '';
    way.unshift(...names(target));
    at = nextStep(at, target, way);
  }
}

/** Behind a link the way goes on from the root, or from the directory that the link stands in. */
function nextStep(at: string, target: string, way: string[]): string | undefined {
  if (target !== '') return target.startsWith('/') ? '/' : dirname(at);
  const name = way.shift();
  if (name === '..') return dirname(at);
  // Without join: a run takes this way, and node:path asks about each character of it.
  return name && `${at === '/' ? '' : at}/${name}`;
}

function names(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function distrustOfStep({ path, stat }: Step, uid: number): string | undefined {
  if (stat.uid !== 0 && stat.uid !== uid) return `${path} belongs to another account (uid ${stat.uid})`;
  if (stat.isSymbolicLink() || (stat.mode & sticky) !== 0) return undefined;
  return (stat.mode & othersMayWrite) === 0 ? undefined : writable(path, stat.mode);
}

function writable(path: string, mode: number): string {
  return `others may write to ${path} (mode ${modeText(mode)})`;
}
