import { resolve } from 'node:path';
import { type Settings, usualSettings } from './completed.ts';
import { milliseconds } from './duration.ts';
import type { DateSpan, JobName, OutputPolicy, Stdin } from './job.ts';
import type { Defaults, JobEntry } from './shape.ts';
import { parseSize } from './size.ts';
import { resolveTimes } from './times.ts';

/**
 * The settings of a job, from all that is said of it.
 * @param folder that of the file in which the job stands; its paths begin there.
 * @param except the dates that `except:` means, from files too.
 */
export function resolveSettings(
  said: Defaults,
  input: JobEntry['stdin'],
  folder: string,
  except: readonly DateSpan[],
): Settings {
  const usual = usualSettings;
  return {
    user: said.user ?? usual.user,
    umask: said.umask === undefined ? usual.umask : Number.parseInt(said.umask, 8),
    nice: said.nice ?? usual.nice,
    stdin: stdin(input, folder),
    overlap: said.overlap ?? usual.overlap,
    waitUpTo: milliseconds(said['wait-up-to'], usual.waitUpTo),
    successExit: said['success-exit'] ?? usual.successExit,
    failWhen: {
      stderr: said['fail-when']?.stderr ?? usual.failWhen.stderr,
      outputMatches: said['fail-when']?.['output-matches'] ?? usual.failWhen.outputMatches,
    },
    output: outputPolicy(said.output, folder),
    labels: (said.labels ?? usual.labels) as readonly JobName[],
    ...resolveTimes(said, except),
  };
}

function bytes(size: string | undefined, otherwise: number): number {
  return size === undefined ? otherwise : (parseSize(size) ?? otherwise);
}

function stdin(entry: JobEntry['stdin'], folder: string): Stdin {
  if (entry === undefined || entry === '') return usualSettings.stdin;
  return typeof entry === 'string'
    ? { kind: 'text', text: entry }
    : { kind: 'file', path: resolve(folder, entry.file) };
}

function outputPolicy(entry: Defaults['output'], folder: string): OutputPolicy {
  const { keep, file, rotate } = usualSettings.output;
  return {
    keep: bytes(entry?.keep, keep),
    file: entry?.file ? resolve(folder, entry.file) : file,
    rotate: { size: bytes(entry?.rotate?.size, rotate.size), keep: entry?.rotate?.keep ?? rotate.keep },
  };
}
