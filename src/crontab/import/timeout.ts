import { gnuDuration } from './gnu-duration.ts';
import type { ShellWord } from './shell-words.ts';
import { readCall, type WrapperFound } from './wrapper-call.ts';

const options = {
  'kill-after': { type: 'string', short: 'k' },
  signal: { type: 'string', short: 's' },
  foreground: { type: 'boolean' },
  'preserve-status': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

/** Reads `timeout [options] DURATION command…`: timeout(1), with TERM, or KILL at once. */
export function readTimeout(words: readonly ShellWord[]): WrapperFound | undefined {
  const call = readCall('timeout', words, options);
  const [duration, command] = call?.rest ?? [];
  if (call === undefined || duration === undefined || command === undefined) return undefined;
  const timeout = gnuDuration(duration.value);
  const grace = graceOf(call.options);
  if (timeout === undefined || timeout === 0 || grace === undefined) return undefined;
  const settings = grace === 'default' ? { timeout } : { timeout, grace };
  return { wrapper: 'timeout', settings, lock: undefined, end: command.start, inner: undefined };
}

/** Undefined for a signal that a job cannot be told to use. */
function graceOf(options: Readonly<Record<string, unknown>>): string | 0 | 'default' | undefined {
  const signal = String(options.signal ?? 'TERM')
    .replace(/^SIG/i, '')
    .toUpperCase();
  if (signal === 'KILL' || signal === '9') return 0;
  if (signal !== 'TERM' && signal !== '15') return undefined;
  const after = options['kill-after'];
  return after === undefined ? 'default' : gnuDuration(String(after));
}
