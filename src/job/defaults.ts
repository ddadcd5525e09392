import type { Defaults, JobEntry } from './shape.ts';

/** What the second says, and the first where the second is silent; the mappings among it key by key. */
export function mergeDefaults(first: Defaults, second: Defaults | JobEntry): Defaults {
  return {
    ...first,
    ...second,
    retry: both(first.retry, second.retry),
    notify: both(first.notify, second.notify),
    dst: both(first.dst, second.dst),
    'fail-when': both(first['fail-when'], second['fail-when']),
    output: both(first.output, second.output) && {
      ...both(first.output, second.output),
      rotate: both(first.output?.rotate, second.output?.rotate),
    },
  };
}

function both<T extends object>(first: T | undefined, second: T | undefined): T | undefined {
  return first && second ? { ...first, ...second } : (second ?? first);
}
