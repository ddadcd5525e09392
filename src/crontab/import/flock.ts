import { gnuDuration } from './gnu-duration.ts';
import type { OfferedSettings } from './imported.ts';
import type { ShellWord } from './shell-words.ts';
import { readCall, type WrapperFound } from './wrapper-call.ts';

const options = {
  nonblock: { type: 'boolean', short: 'n' },
  nb: { type: 'boolean' },
  wait: { type: 'string', short: 'w' },
  timeout: { type: 'string' },
  exclusive: { type: 'boolean', short: 'x' },
  'exclusive-too': { type: 'boolean', short: 'e' },
  close: { type: 'boolean', short: 'o' },
  'no-fork': { type: 'boolean', short: 'F' },
  verbose: { type: 'boolean' },
} as const;

/** The longest wait that a jobs file can say. Without `-w`, flock(1) waits for ever. */
const longestWait = '366d';

/** Reads `flock [options] FILE command…` and `flock [options] FILE -c 'command'`: flock(1), with a lock of one job alone. */
export function readFlock(words: readonly ShellWord[]): WrapperFound | undefined {
  const call = readCall('flock', words, options);
  const [lock, next, inner] = call?.rest ?? [];
  // A number is a descriptor of the shell around it.
  if (call === undefined || lock === undefined || /^\d+$/.test(lock.value) || next === undefined) return undefined;
  const settings = settingsOf(call.options);
  if (settings === undefined) return undefined;
  const found = { wrapper: 'flock', settings, lock: lock.value } as const;
  if (!next.value.startsWith('-')) return { ...found, end: next.start, inner: undefined };
  const told = /^(?:-c|--command)$/.test(next.value) && inner !== undefined;
  return told ? { ...found, end: inner.end, inner } : undefined;
}

function settingsOf({ nonblock, nb, wait, timeout }: Readonly<Record<string, unknown>>): OfferedSettings | undefined {
  if (nonblock === true || nb === true) return { overlap: 'skip' };
  const told = wait ?? timeout;
  if (told === undefined) return { overlap: 'wait', 'wait-up-to': longestWait };
  const time = gnuDuration(String(told));
  if (time === undefined) return undefined;
  return time === 0 ? { overlap: 'skip' } : { overlap: 'wait', 'wait-up-to': time };
}
