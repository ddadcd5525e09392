import type { RetryPolicy } from '../../job/job.ts';
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
