import type { Column } from '../expression/expression.ts';

/** Five fields with others in some of their places, as they are written in a hint. */
export function rewritten(columns: readonly Column[], others: Readonly<Record<number, string>>): string {
  return `"${columns.map(({ text }, index) => others[index] ?? text).join(' ')}"`;
}
