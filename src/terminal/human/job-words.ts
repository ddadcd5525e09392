import type { FailWhen, OutputPolicy, Overlap, RetryPolicy, Stdin } from '../../job/job.ts';
import { bytesText } from '../bytes.ts';
import { count } from '../page.ts';
import { span } from '../when.ts';

/** A retry policy as a person would say it. */
export function retryWords({ attempts, delay, backoff, maxDelay, jitter, on }: RetryPolicy): string {
  if (attempts === 1) return 'none';
  const growth = backoff === 'fixed' ? '' : `, doubling up to ${span(maxDelay)}`;
  const random = jitter === 0 ? '' : `, each up to ${Math.round(jitter * 100)}% longer`;
  const reason = on === 'any' ? 'any failure' : `exit status ${on.join(', ')}`;
  return `up to ${count(attempts, 'attempt')}, ${span(delay)} apart${growth}${random}, on ${reason}`;
}

/** Who hears of what. */
export function notifyWords({ on, to }: { readonly on: readonly string[]; readonly to: readonly string[] }): string {
  if (on.length === 0) return 'nobody';
  return `on ${on.join(', ')}${to.length === 0 ? '' : ` to ${to.join(', ')}`}`;
}

/** Variables with their values as written. */
export function envWords(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${/^[\w./:@%+,-]*$/.test(value) ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** What a task reads: a text as it is, so that it can be told from another. */
export function stdinWords(stdin: Stdin): string {
  switch (stdin.kind) {
    case 'empty':
      return 'nothing';
    case 'text':
      return `the text ${JSON.stringify(stdin.text)}`;
    case 'file':
      return `the file ${stdin.path}`;
  }
}

/** What happens to a start while another run goes on. */
export function overlapWords(overlap: Overlap, waitUpTo: number): string {
  return overlap === 'wait' ? `wait, up to ${span(waitUpTo)}` : overlap;
}

export function failWhenWords({ stderr, outputMatches }: FailWhen): string {
  const signs = [
    ...(stderr ? ['there is anything on standard error'] : []),
    ...(outputMatches === '' ? [] : [`a line of output matches ${outputMatches}`]),
  ];
  return signs.join(', or ') || 'none';
}

/** What is recorded, and where all of it goes. */
export function outputWords({ keep, file, rotate }: OutputPolicy): string {
  const recorded = `${bytesText(keep)} of each stream recorded`;
  if (file === '') return recorded;
  return `${recorded}, all of it in ${file}, rotated at ${bytesText(rotate.size)}, ${count(rotate.keep, 'old file')} kept`;
}
