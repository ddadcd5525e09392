import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';
import type { NotStarted, StartFailure } from './outcome.ts';

/** A program as it was to be started: a name to look for on PATH, or a path. */
export interface Program {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Why the system refused to start a program. It reports a missing directory and a missing program alike, as ENOENT. */
export function notStarted(error: unknown, program: Program): NotStarted {
  const short = shortage(error);
  if (short !== undefined) return failure('no-resources', short);
  const directory = directoryProblem(program.cwd);
  if (directory !== undefined) return failure('bad-cwd', `its directory ${program.cwd} ${directory}`);
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure('not-found', missing(program));
    case 'EACCES':
    case 'EPERM':
    case 'EISDIR':
    case 'ENOEXEC':
      return failure('not-executable', `${found(program) ?? program.file} may not be executed`);
    case 'ERR_INVALID_ARG_VALUE':
      // Node's own message repeats the value, which may be a password.
      return failure('other', 'there is a NUL byte in its command, its directory or its environment');
    default:
      return failure('other', errorMessage(error));
  }
}

export function failure(cause: StartFailure, message: string): NotStarted {
  return { kind: 'not-started', cause, message };
}

/** What may be there again in a moment, by the names of fork(2), pipe(2) and open(2). */
const shortages: ReadonlyMap<string | undefined, string> = new Map([
  ['EAGAIN', 'the system allows no more processes (EAGAIN)'],
  ['ENOMEM', 'there was not enough memory for another process (ENOMEM)'],
  ['EMFILE', 'cronwright may open no more files (EMFILE)'],
  ['ENFILE', 'the system can open no more files (ENFILE)'],
]);

function shortage(error: unknown): string | undefined {
  return shortages.get(errorCode(error));
}

/** Whether the system lacked something that it may have again in a moment. */
export function isShortage(error: unknown): boolean {
  return shortage(error) !== undefined;
}

export function directoryProblem(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return 'is not a directory';
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be entered (${errorCode(error) ?? 'unknown'})`;
  }
}

/** Why a path is no standard input, as far as can be seen from outside: a file or a device such as /dev/null is one. */
export function inputProblem(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return 'is a directory';
    return stats.isFile() || stats.isCharacterDevice() ? undefined : 'is not a file';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${errorCode(error) ?? 'unknown'})`;
  }
}

export function inputSentence(path: string, problem: string): string {
  return `its standard input ${path} ${problem}`;
}

/** A script whose `#!` line names a program that is not there is ENOENT too, although the script itself is there. */
export function missing(program: Program): string {
  const file = found(program);
  if (file !== undefined) return `the program that the first line of ${file} names was not found`;
  if (program.file.includes('/')) return `${program.file} was not found`;
  return `${program.file} was not found on PATH (${program.env.PATH ?? 'not set'})`;
}

/** The file that the name stands for, found as execvp(3) does. */
export function found({ file, cwd, env }: Program): string | undefined {
  const places = file.includes('/') ? [''] : (env.PATH ?? '/bin:/usr/bin').split(delimiter);
  return places.map((place) => resolve(cwd, join(place, file))).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
