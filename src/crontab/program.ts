import type { constants } from 'node:os';
import { execa } from 'execa';
import { errorCode } from '../errors.ts';
import { withInputFile } from './input-file.ts';

/** How a system program is started. */
export interface ProgramOptions {
  /** What it reads on standard input; nothing if not given. */
  readonly input?: Buffer;
  /** Milliseconds until it is killed with everything that it started. */
  readonly timeout: number;
  /** Variables beside those of this process, or in their place. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of this process are left out. */
  readonly bare?: boolean;
  readonly cwd?: string;
}

interface Output {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** How a system program ended, whatever happened: a failure is a value. */
export type ProgramResult = Output &
  (
    | { readonly kind: 'exited'; readonly status: number }
    | { readonly kind: 'killed'; readonly signal: string }
    | { readonly kind: 'timed-out'; readonly timeout: number }
    /** It wrote more than 16 MiB, and what is here is not all. */
    | { readonly kind: 'overflowed' }
    /** `code` is that of the system call, such as `ENOENT`. */
    | { readonly kind: 'not-started'; readonly code: string }
  );

const graceMs = 500;
const mostOutput = 16 * 1024 * 1024;

/** Runs a system program to its end, without a shell. */
export async function runProgram(
  argv: readonly [string, ...string[]],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { input, timeout } = options;
  if (input === undefined) return ended(started(argv, options), timeout);
  let program: Started;
  try {
    program = withInputFile(input, (file) => started(argv, options, file));
  } catch (error) {
    return {
      kind: 'not-started',
      code: errorCode(error) ?? 'unknown',
      stdout: Buffer.alloc(0),
      stderr: Buffer.alloc(0),
    };
  }
  return ended(program, timeout);
}

type Started = ReturnType<typeof started>;

/** @param stdin the descriptor of what it reads; nothing if not given. */
function started(
  [file, ...args]: readonly [string, ...string[]],
  { env = {}, bare = false, cwd = '/' }: ProgramOptions,
  stdin?: number,
) {
  return execa(file, args, {
    cwd,
    env,
    extendEnv: !bare,
    // A group of its own, so that a kill reaches what a script has started; and no terminal to ask questions on.
    detached: true,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: mostOutput,
    // The types of execa know the small descriptors alone.
    stdin: stdin === undefined ? 'ignore' : (stdin as 3),
  });
}

async function ended(program: Started, timeout: number): Promise<ProgramResult> {
  let late = false;
  const killing = setTimeout(() => {
    late = true;
    killGroup(program.pid, 'SIGTERM');
  }, timeout);
  const abandoning = setTimeout(() => {
    killGroup(program.pid, 'SIGKILL');
    // A grandchild in another group may still hold the pipes.
    program.stdout.destroy();
    program.stderr.destroy();
  }, timeout + graceMs);
  const result = await program;
  clearTimeout(killing);
  clearTimeout(abandoning);
  const output = { stdout: Buffer.from(result.stdout ?? []), stderr: Buffer.from(result.stderr ?? []) };
  if (late) return { ...output, kind: 'timed-out', timeout };
  if (result.isMaxBuffer) return { ...output, kind: 'overflowed' };
  if (result.exitCode !== undefined) return { ...output, kind: 'exited', status: result.exitCode };
  if (result.signal !== undefined) return { ...output, kind: 'killed', signal: result.signal };
  return { ...output, kind: 'not-started', code: errorCode(result.cause) ?? result.code ?? 'unknown' };
}

function killGroup(pid: number | undefined, signal: keyof typeof constants.signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** What went wrong, as the end of a sentence that begins with the program's name; undefined for status 0. */
export function programFailure(result: ProgramResult): string | undefined {
  switch (result.kind) {
    case 'exited':
      return result.status === 0 ? undefined : `ended with status ${result.status}${said(result)}`;
    case 'killed':
      return `was killed by ${result.signal}${said(result)}`;
    case 'timed-out':
      return `did not end within ${result.timeout / 1_000} s and was killed${said(result)}`;
    case 'overflowed':
      return `wrote more than ${mostOutput / 1024 / 1024} MiB`;
    case 'not-started':
      return result.code === 'ENOENT' ? 'was not found' : `could not be started (${result.code})`;
  }
}

/** The end of a program's standard error, which names the cause more often than its beginning. */
function said({ stderr }: Output): string {
  const text = stderr.toString().trim();
  if (text === '') return ' and said nothing';
  return `: ${text.length > 1_000 ? `…${text.slice(-1_000)}` : text}`;
}
