import type { Pattern } from '../job/pattern.ts';
import type { Exited, FailureSign, ProcessEnd, ShowedFailure, Signalled } from './outcome.ts';
import { PatternWatch } from './pattern-watch.ts';
import type { Stream } from './stream.ts';

/** By what a job's attempt counts as failed: its `success-exit` and its `fail-when`. */
export interface Verdict {
  /** The exit statuses that are fine, each 0 to 255. */
  readonly success: readonly number[];
  /** Whether a single byte on standard error is a sign of failure. */
  readonly stderr: boolean;
  /** A line that matches is a sign of failure, on either stream; undefined where none is. */
  readonly pattern: Pattern | undefined;
}

/** Looks for the signs of failure in the output of one attempt. */
export class SignWatch {
  readonly #stderrCounts: boolean;
  readonly #lines: PatternWatch | undefined;
  #sawStderr = false;

  constructor({ stderr, pattern }: Verdict) {
    this.#stderrCounts = stderr;
    this.#lines = pattern && new PatternWatch(pattern);
  }

  /** Takes what a stream wrote; the bytes may be reused after the call. */
  push(stream: Stream, bytes: Uint8Array): void {
    if (this.#stderrCounts && stream === 'stderr' && bytes.length > 0) this.#sawStderr = true;
    if (!this.#sawStderr) this.#lines?.push(stream, bytes);
  }

  /** The sign that was found, once all the output came. Standard error is named before the pattern. */
  end(): FailureSign | undefined {
    if (this.#sawStderr) return 'stderr';
    return this.#lines?.end() ? 'pattern' : undefined;
  }
}

/** How a process ended, in the eyes of its job. A status that is not fine says more than a sign and needs none. */
export function judge(
  end: ProcessEnd,
  { success }: Verdict,
  sign: FailureSign | undefined,
): Exited | ShowedFailure | Signalled {
  if (end.kind === 'signalled') return end;
  const { status } = end;
  const ok = success.includes(status);
  return ok && sign !== undefined ? { kind: 'showed-failure', status, sign } : { kind: 'exited', status, ok };
}
