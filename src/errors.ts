/**
 * What the program's exit status means. `run` adds the task's own status, and 128 + n for a task ended by signal n.
 * The same table stands in every help page.
 */
export const exitStatus = {
  /** Done, or clean. */
  done: 0,
  /** The answer is no: the file is invalid, the plan has changes, something is unhealthy. */
  no: 1,
  /** It could not be done: usage, an unreadable file, a crontab program that refused. */
  failed: 2,
  /** Not allowed. */
  denied: 3,
  /** The task was ended at its timeout; the number is that of timeout(1). */
  timedOut: 124,
  /** The wrapper itself could not do its work; the number is that of timeout(1). */
  wrapper: 125,
} as const;

/** Something a person can mend. It is shown as message and hint, without a stack; any other error is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What mends it: a command to type or a thing to change. */
  readonly hint: string | undefined;
  readonly exit: number;

  constructor(message: string, hint?: string, exit: number = exitStatus.failed, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.hint = hint;
    this.exit = exit;
  }
}

/** Marks the place that no value reaches, so that the compiler names the case a switch forgot. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** The error code of a failed system call, such as `ENOENT`; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** An error's own sentence, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
