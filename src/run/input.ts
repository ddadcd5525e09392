import { closeSync, constants, fchmodSync, openSync, writeFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Account } from '../job/account.ts';
import type { Stdin } from '../job/job.ts';
import { inputProblem, inputSentence, isShortage } from './not-started.ts';
import { inPrivateDirectory } from './private-directory.ts';

/** What a process is started with as its standard input. */
export interface Input {
  /** `ignore` is /dev/null. */
  readonly stdio: number | 'ignore' | 'pipe';
  /** What goes into the pipe. */
  readonly text?: string;
}

export interface InputPlan {
  readonly stdin: Stdin;
  /** The account that the task runs under, where it is not that of the wrapper. */
  readonly identity: Account | undefined;
}

const empty: Input = { stdio: 'ignore' };

/**
 * What stands open for a task before it starts. A file for another account is not among it: it is opened under that
 * account, see become.ts.
 * @throws Error with a sentence for a file that cannot be read, and the system's error where it lacks resources.
 */
export function inputOf({ stdin, identity }: InputPlan): Input {
  switch (stdin.kind) {
    case 'empty':
      return empty;
    case 'text':
      return textInput(stdin.text);
    case 'file':
      return identity === undefined ? { stdio: openFile(stdin.path) } : empty;
  }
}

export function closeInput(input: Input | undefined): void {
  if (typeof input?.stdio === 'number') closeSync(input.stdio);
}

/**
 * A file without a name: the task may read it or not, read it by name as /dev/stdin, and nobody waits for it. A pipe
 * serves where no file can be written.
 */
function textInput(text: string): Input {
  const stdio = inPrivateDirectory(['stdin'], (path) => {
    writeFileSync(path('stdin'), text);
    const descriptor = openSync(path('stdin'), constants.O_RDONLY);
    // A task that runs as another user opens /dev/stdin with that user's rights. The directory was closed to all.
    fchmodSync(descriptor, 0o444);
    return descriptor;
  });
  return stdio === undefined ? { stdio: 'pipe', text } : { stdio };
}

/** Only what ends: to open a named pipe would hold the wrapper until somebody writes to it. */
function openFile(path: string): number {
  const problem = inputProblem(path);
  if (problem !== undefined) throw new Error(inputSentence(path, problem));
  try {
    // What was a file a moment ago may be a pipe now.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isShortage(error)) throw error;
    throw new Error(inputSentence(path, `cannot be read (${errorCode(error)})`), { cause: error });
  }
}
