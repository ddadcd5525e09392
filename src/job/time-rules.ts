import type { Breach } from './breach.ts';
import type { Finding } from './problem.ts';
import { type Rule, sayings } from './rule.ts';

/** Two dates of `except:` stand in their order. */
const exceptInOrder: Rule = (file) =>
  sayings(file).flatMap(({ path, said: { except } }) => {
    const entries = Array.isArray(except) ? except : [except];
    return entries.flatMap((entry, index): readonly Breach[] => {
      const finding = typeof entry === 'string' ? orderFinding(entry) : undefined;
      const within = Array.isArray(except) ? ['except', index] : ['except'];
      return finding === undefined ? [] : [{ path: [...path, ...within], part: 'value', finding }];
    });
  });

function orderFinding(days: string): Finding | undefined {
  const [from = '', to = from] = days.split(' to ');
  if (from <= to) return undefined;
  const message = `found ${days}, expected the earlier date first`;
  return { severity: 'error', code: 'except-order', message, hint: `write ${to} to ${from}` };
}

export const timeRules: readonly Rule[] = [exceptInOrder];
