import { joined } from '../words/lists.ts';

const most = 3;

/** A list that nobody tires of: `a, b and c`, `a, b, c and 7 more`. */
export function few(words: readonly string[]): string {
  if (words.length <= most + 1) return joined(words);
  return joined([...words.slice(0, most), `${words.length - most} more`]);
}
