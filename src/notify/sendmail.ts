// No execa here: a mail program is one process that reads a message, and this may run every minute.
import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode, errorMessage, unreachable } from '../errors.ts';
import { durationWords } from '../job/duration.ts';
import { printableLine } from './printable.ts';
import { shorten } from './wrap.ts';

/** How a mail program ended. */
type ProgramEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'late' }
  | { readonly kind: 'not-started'; readonly error: unknown };

/** Why a program did not take a message. */
export interface ProgramRefusal {
  /** False where the program would refuse the same message again. */
  readonly retry: boolean;
  readonly reason: string;
}

/**
 * Hands a message to a mail program on its standard input. A program without arguments gets `-i -t`, which tells every
 * sendmail to read the recipients from the message and not to stop at a line with a single dot.
 * @param timeout milliseconds until the program, with all that it started, is killed.
 * @returns undefined when the program took the message.
 */
export async function handToProgram(
  argv: readonly [string, ...string[]],
  message: Uint8Array,
  timeout: number,
): Promise<ProgramRefusal | undefined> {
  const [file, ...given] = argv;
  const { end, complaint } = await runProgram(file, given.length > 0 ? given : ['-i', '-t'], message, timeout);
  if (end.kind === 'exited' && end.status === 0) return undefined;
  const retry = end.kind !== 'exited' || !permanent.includes(end.status);
  const said = complaint === '' ? '' : `: ${complaint}`;
  return { retry, reason: `${file} ${sentence(end, timeout)}${said}` };
}

function sentence(end: ProgramEnd, timeout: number): string {
  switch (end.kind) {
    case 'exited':
      return `exited with status ${end.status}`;
    case 'signalled':
      return `was ended by ${end.signal}`;
    case 'late':
      return `took longer than ${durationWords(timeout)} and was ended`;
    case 'not-started':
      return `could not be started: ${startProblem(end.error)}`;
    default:
      return unreachable(end);
  }
}

/** EX_DATAERR and EX_NOUSER of sysexits.h: the message or its recipient is at fault. People mend all the others. */
const permanent: readonly number[] = [65, 67];

const longestComplaint = 4 * 1024;
const shownComplaint = 400;
/** Milliseconds for what is still in the pipe: a background process may hold it for ever. */
const drainLimit = 500;

async function runProgram(
  file: string,
  args: readonly string[],
  message: Uint8Array,
  timeout: number,
): Promise<{ readonly end: ProgramEnd; readonly complaint: string }> {
  let child: ChildProcess;
  try {
    // A group of its own, so that a kill reaches what the program has started.
    child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'], cwd: '/', detached: true });
  } catch (error) {
    return { end: { kind: 'not-started', error }, complaint: '' };
  }
  const complaint = collect(child);
  // A program that does not read to the end says with its exit status whether it minds.
  child.stdin?.on('error', () => undefined).end(message);
  const end = await endOf(child, timeout);
  await drained(child);
  return { end, complaint: shorten(printableLine(complaint()), shownComplaint) };
}

function collect({ stderr }: ChildProcess): () => string {
  let bytes = Buffer.alloc(0);
  stderr?.on('data', (more: Buffer) => {
    if (bytes.length < longestComplaint) bytes = Buffer.concat([bytes, more.subarray(0, longestComplaint)]);
  });
  return () => bytes.toString();
}

function endOf(child: ChildProcess, timeout: number): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ kind: 'late' });
      killGroup(child);
    }, timeout);
    const settle = (end: ProgramEnd) => {
      clearTimeout(timer);
      resolve(end);
    };
    child.once('error', (error) => settle({ kind: 'not-started', error }));
    child.once('exit', (status, signal) =>
      settle(signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'signalled', signal }),
    );
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended in this very moment.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function drained({ pid, stderr, stdin }: ChildProcess): Promise<void> {
  stdin?.destroy();
  if (pid === undefined || stderr === null || stderr.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => stderr.destroy(), drainLimit);
    stderr.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Cron's PATH is short, and sendmail is in /usr/sbin. */
function startProblem(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return 'it was not found; name it with its full path, such as /usr/sbin/sendmail';
    case 'EACCES':
      return 'it may not be executed';
    case 'ERR_INVALID_ARG_VALUE':
      return 'there is a NUL byte in its name or its arguments';
    default:
      return errorMessage(error);
  }
}
